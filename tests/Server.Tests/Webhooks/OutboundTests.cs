using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Tests.Memory;
using Lambent.Server.Webhooks;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Webhooks;

/// <summary>Calls of programs outside, over real connections.</summary>
public sealed class OutboundTests
{
    [Fact]
    public async Task Callback_is_signed_so_that_its_receiver_can_tell()
    {
        await using var bench = await WebhookBench.StartAsync();
        var secret = (await CreateAsync(bench, "/hook"))["secret"];

        var tested = await bench.SendAsync("POST", "/v1/webhooks/out/test");

        tested["delivered"].ShouldBe("true", tested.Text);
        tested["status"].ShouldBe("200");
        var call = bench.Calls.ShouldHaveSingleItem();
        call.Path.ShouldBe("/hook");
        call.Headers["webhook-id"].ToString().ShouldBe(tested["eventId"]);
        call.Headers["Content-Type"].ToString().ShouldBe("application/json");
        var source = new WebhookSource
        {
            Token = "t",
            Scheme = SignatureScheme.Standard,
            Target = new Kernel.Events.DeliveryTarget(
                AccountId.Root, Kernel.Events.DeliveryTargetKind.Function, "hello"),
        };
        InboundSignature.Verify(
                source,
                [new WebhookSecret(secret, default)],
                name => call.Headers[name],
                call.Body,
                bench.Time.GetUtcNow())
            .Error.ShouldBeNull();
        ((string?)JsonNode.Parse(call.Body)!["type"]).ShouldBe("webhook.test");
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(202, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    [InlineData(302, false)]
    [InlineData(307, false)]
    [InlineData(308, false)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(410, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task Answer_is_judged_by_its_status_and_a_redirect_is_not_followed(int status, bool delivered)
    {
        await using var bench = await WebhookBench.StartAsync();
        await CreateAsync(bench, "/hook");
        bench.Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = $"{bench.Outside}/elsewhere";
            return Task.CompletedTask;
        };

        var tested = await bench.SendAsync("POST", "/v1/webhooks/out/test");

        tested["delivered"].ShouldBe(delivered ? "true" : "false", tested.Text);
        tested["status"].ShouldBe($"{status}");
        bench.Calls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Answer_without_an_end_and_one_with_endless_heads_do_no_harm()
    {
        await using var bench = await WebhookBench.StartAsync();
        await CreateAsync(bench, "/hook");
        bench.Answer = async http =>
        {
            var chunk = new byte[64 * 1024];
            for (var sent = 0; sent < 1_000 && !http.RequestAborted.IsCancellationRequested; sent++)
            {
                await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
            }
        };
        (await bench.SendAsync("POST", "/v1/webhooks/out/test"))["delivered"].ShouldBe("true");

        bench.Answer = http =>
        {
            for (var header = 0; header < 100; header++)
            {
                http.Response.Headers[$"x-{header}"] = new string('a', 1_000);
            }

            return Task.CompletedTask;
        };
        (await bench.SendAsync("POST", "/v1/webhooks/out/test"))["delivered"].ShouldBe("false");
    }

    [Fact]
    public async Task Answer_that_does_not_come_is_waited_for_ten_seconds()
    {
        await using var bench = await WebhookBench.StartAsync();
        await CreateAsync(bench, "/hook");
        var webhook = bench.Directory.FindOutbound(new WebhookId(AccountId.Root, "out"))!;
        var asked = new TaskCompletionSource();
        bench.Answer = async http =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        var time = new VirtualTime();
        var guard = new OutboundGuard(
            [System.Net.IPNetwork.Parse("127.0.0.0/8")], () => null, OutboundGuard.ResolveByNameServiceAsync);
        using var sender = new CallbackSender(guard, time);

        var sending = sender.SendAsync(webhook, "id", "{}"u8.ToArray(), CancellationToken.None);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(9));
        sending.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(2));

        (await sending).Problem!.ShouldContain("10 s");
    }

    [Theory]
    [InlineData("http://rebind.test/latest/meta-data/", "169.254.169.254")]
    [InlineData("http://localhost:1/", "loopback")]
    public async Task Name_that_leads_inside_is_refused_when_it_is_called(string url, string reason)
    {
        await using var bench = await WebhookBench.StartAsync(allowsLoopback: false);
        await bench.CreateAsync($$"""{"name":"out","url":"{{url}}"}""");
        var tested = await bench.SendAsync("POST", "/v1/webhooks/out/test");
        tested["delivered"].ShouldBe("false");
        tested["problem"].ShouldContain(reason);
    }

    [Fact]
    public async Task Own_port_is_never_called()
    {
        await using var bench = await WebhookBench.StartAsync();
        var refused = await bench.SendAsync(
            "POST", "/v1/webhooks", $$"""{"name":"out","url":"{{bench.Address}}/v1/accounts"}""");
        refused.Status.ShouldBe(400);
        refused.Text.ShouldContain("own");
        await bench.CreateAsync(
            $$"""{"name":"named","url":"http://localhost:{{new Uri(bench.Address).Port}}/v1/accounts"}""");
        (await bench.SendAsync("POST", "/v1/webhooks/named/test"))["delivered"].ShouldBe("false");
    }

    [Fact]
    public async Task Closed_port_is_a_failure_that_says_so()
    {
        await using var bench = await WebhookBench.StartAsync();
        await bench.CreateAsync("""{"name":"out","url":"http://127.0.0.1:1/"}""");
        (await bench.SendAsync("POST", "/v1/webhooks/out/test"))["problem"].ShouldContain("ConnectionRefused");
    }

    [Fact]
    public async Task Event_that_fails_is_told_and_the_end_of_the_telling_is_not()
    {
        await using var bench = await WebhookBench.StartAsync();
        await CreateAsync(bench, "/hook", ""","types":["event.*"]""");
        var address = (await bench.CreateAsync("""{"name":"in","target":"hello","scheme":"none"}"""))["address"];
        await bench.DeliverAsync();

        var accepted = await WebhookBench.PostAsync(address, "{}");
        await WebhookBench.WhenAsync(() => !bench.Calls.IsEmpty);

        var told = JsonNode.Parse(bench.Calls.Single().Body)!;
        ((string?)told["type"]).ShouldBe("event.failed");
        ((string?)told["data"]!["eventId"]).ShouldBe(accepted["eventId"]);
        ((string?)told["data"]!["error"]).ShouldBe("Error: no");
        ((string?)told["data"]!["source"]).ShouldBe("webhook:in");

        // What is left is the event that failed, kept among the dead; the callback is gone, and made no other.
        await WebhookBench.WhenAsync(() => bench.Events.Count == 1);
        bench.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Function_that_changes_is_told_by_whoever_asked_for_it_alone()
    {
        await using var bench = await WebhookBench.StartAsync();
        await CreateAsync(bench, "/all", ""","types":["function.*"]""");
        await bench.CreateAsync(
            $$"""{"name":"other","url":"{{bench.Outside}}/other","types":["function.*"],"subject":"other"}""");
        await bench.DeliverAsync();
        var id = new FunctionId(AccountId.Root, "hello");

        await bench.Functions.ChangeAsync(id, (function, _) => function! with { ReservedConcurrency = 3 });
        await bench.Functions.DeleteAsync(id, _ => Kernel.Done.Value);
        await WebhookBench.WhenAsync(() => bench.Calls.Count == 2);

        bench.Calls.ShouldAllBe(call => call.Path == "/all");
        bench.Calls.Select(call => (string?)JsonNode.Parse(call.Body)!["type"])
            .ShouldBe(["function.updated", "function.deleted"], ignoreOrder: true);
    }

    [Fact]
    public async Task Answer_410_ends_the_callbacks_until_they_are_wanted_again()
    {
        await using var bench = await WebhookBench.StartAsync();
        await CreateAsync(bench, "/hook", ""","types":["function.*"]""");
        bench.Answer = http =>
        {
            http.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        await bench.DeliverAsync();
        var id = new FunctionId(AccountId.Root, "hello");
        await bench.Functions.ChangeAsync(id, (function, _) => function! with { ReservedConcurrency = 3 });
        var webhook = new WebhookId(AccountId.Root, "out");
        await WebhookBench.WhenAsync(() => bench.Directory.FindOutbound(webhook)!.Outbound!.DisabledReason is not null);

        (await bench.SendAsync("GET", "/v1/webhooks/out"))["disabledReason"].ShouldContain("410");
        await bench.Functions.ChangeAsync(id, (function, _) => function! with { ReservedConcurrency = 4 });
        bench.Calls.Count.ShouldBe(1);

        bench.Answer = _ => Task.CompletedTask;
        (await bench.SendAsync("POST", "/v1/webhooks/out/enable")).Json.ContainsKey("disabledReason").ShouldBeFalse();
        await bench.Functions.ChangeAsync(id, (function, _) => function! with { ReservedConcurrency = 5 });
        await WebhookBench.WhenAsync(() => bench.Calls.Count == 2);
    }

    private static Task<HookAnswer> CreateAsync(WebhookBench bench, string path, string more = "") =>
        bench.CreateAsync(
            $$"""{"name":"out","url":"{{bench.Outside}}{{path}}"{{more}}}""");
}
