using System.Globalization;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Webhooks;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Events;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Microsoft.AspNetCore.Http;

namespace Lambent.Simulation.Webhooks;

/// <summary>
/// Programs outside that send signed requests, again while nobody answers, and one that wants to know what became of
/// their events, while everything goes wrong. Then each request that was accepted is one event, and the end of each was
/// told, under one id.
/// </summary>
internal sealed class WebhookStory
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromHours(30);
    private static readonly FunctionId Function = new(QueueParts.Account, "worker");
    private static readonly string Secret = StandardSignature.Secret(new byte[StandardSignature.SecretBytes]);

    private readonly World world;
    private readonly Random chance;
    private readonly WebhookAuditor auditor;
    private readonly Machine<WebhookParts> machine;
    private string token = "";
    private int deliveries;
    private bool isDraining;

    public WebhookStory(World world, PlantedBug bug)
    {
        this.world = world;
        chance = world.Stream("webhooks");
        auditor = new WebhookAuditor(world);
        var work = new FunctionWork(world);
        var network = new SimulatedNetwork(world, auditor.Called);
        machine = new Machine<WebhookParts>(
            world,
            "first",
            WebhookAuditor.Observed(bug),
            (_, calls) => auditor.Committed(calls),
            support => new WebhookParts(support, work.For(support), network, bug))
        {
            WrapStore = BuggyParts.Store(bug),
        };
    }

    public async Task TellAsync()
    {
        world.Faults.IsActive = false;
        machine.Start();
        await world.Wait(TimeSpan.FromSeconds(1));
        await PrepareAsync();
        world.Faults.IsActive = true;
        new Chaos<WebhookParts>(world, [machine]).Start();
        Task[] clients = [SendAsync(4 + chance.Next(12)), SendAsync(4 + chance.Next(12))];
        await world.Wait(TimeSpan.FromMinutes(1 + chance.Next(8)));

        world.Note("no more faults");
        world.Faults.IsActive = false;
        isDraining = true;
        machine.Start();
        await Task.WhenAll(clients);
        var deadline = world.Scheduler.Now + EndsWithin;
        while (auditor.LiveCount > 0 && world.Scheduler.Now < deadline)
        {
            await world.Wait(TimeSpan.FromSeconds(30));
        }

        auditor.CheckEnd();
        world.Note($"{deliveries} requests came to their end");
    }

    private async Task PrepareAsync()
    {
        await UntilDoneAsync(parts => parts.Support.Store.WriteAsync<Done>(transaction =>
        {
            transaction.Functions.Put(null, StoredFunction.Make(Function, world.Clock.TimeOfDay));
            return Done.Value;
        }));
        await UntilDoneAsync(parts => parts.Service.CreateAsync(
            new WebhookDraft
            {
                Id = new WebhookId(QueueParts.Account, "out"), Url = "http://198.51.100.9/told", Types = ["event.*"],
            },
            CancellationToken.None));
        var made = await UntilDoneAsync(parts => parts.Service.CreateAsync(
            new WebhookDraft
            {
                Id = new WebhookId(QueueParts.Account, "in"),
                Target = DeliveryTarget.OfFunction(Function),
                Scheme = SignatureScheme.Standard,
                Secret = Secret,
                Payload = WebhookPayload.Body,
                ToleranceSeconds = 3_600,
            },
            CancellationToken.None));
        token = made.Webhook.Inbound!.Token;
    }

    private async Task SendAsync(int count)
    {
        for (var number = 0; number < count && !isDraining; number++)
        {
            var delivery = $"d{++deliveries}";
            auditor.Asked(delivery);
            for (var attempt = 0; attempt < 5; attempt++)
            {
                var reply = await machine.CallAsync(parts => ReceiveAsync(parts, delivery));
                if (reply.Succeeded)
                {
                    auditor.Acknowledged(delivery, reply.Result.Value.EventId!);
                }

                // A sender that was answered sends again now and then all the same.
                if (reply.Succeeded && chance.Next(4) > 0)
                {
                    break;
                }

                await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 20));
            }

            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 10));
        }
    }

    private async Task<Result<WebhookReceipt>> ReceiveAsync(WebhookParts parts, string delivery)
    {
        if (parts.Receiver.Find(token) is not { } webhook)
        {
            return new Error(ErrorCode.ResourceNotFound, "There is no webhook.");
        }

        var body = Encoding.UTF8.GetBytes($$"""{"delivery":"{{delivery}}"}""");
        var now = parts.Support.Time.GetUtcNow();
        var request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.Headers[StandardSignature.IdHeader] = delivery;
        request.Headers[StandardSignature.TimestampHeader] = StandardSignature.Timestamp(now);
        request.Headers[StandardSignature.SignatureHeader] = StandardSignature.Sign(
            webhook.SecretsAt(now), delivery, now, body);
        return await parts.Receiver.ReceiveAsync(webhook, request, "/", body, CancellationToken.None);
    }

    private async Task<T> UntilDoneAsync<T>(Func<WebhookParts, Task<Result<T>>> call)
    {
        while (true)
        {
            var reply = await machine.CallAsync(call);
            if (reply.Succeeded)
            {
                return reply.Result.Value;
            }

            if (reply.IsAnswered)
            {
                world.Break(string.Create(
                    CultureInfo.InvariantCulture, $"the story could not be prepared: {reply.Result.Error}"));
            }

            await world.Wait(TimeSpan.FromSeconds(5));
        }
    }
}
