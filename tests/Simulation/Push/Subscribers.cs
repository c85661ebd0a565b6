using System.Collections.Immutable;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Server.Push;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Webhooks;

namespace Lambent.Simulation.Push;

/// <summary>
/// Who gets the messages of a push queue, and what is known of these: a message goes away only when all have taken it,
/// or one where one is enough, or into the error queue; it is posted under its id, and no more at a time than may be.
/// </summary>
internal sealed class Subscribers
{
    private readonly World world;
    private readonly PlantedBug bug;
    private readonly QueueId queue;
    private readonly Func<Machine<PushParts>> machine;
    private readonly Random chance;
    private readonly double refusalRate;
    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);
    private readonly HashSet<(string Body, string Subscriber)> taken = [];
    private readonly HashSet<string> ended = new(StringComparer.Ordinal);

    public Subscribers(World world, PlantedBug bug, QueueId queue, Func<Machine<PushParts>> machine)
    {
        (this.world, this.bug, this.queue, this.machine) = (world, bug, queue, machine);
        chance = world.Stream("subscribers");
        refusalRate = chance.NextDouble() * 0.7;
        Mode = chance.Next(2) == 0 ? PushMode.Multicast : PushMode.Unicast;
        ConcurrencyMax = 1 + chance.Next(6);
        All =
        [
            .. Enumerable.Range(0, 1 + chance.Next(3)).Select(number => new PushSubscriber(
                $"sub{number}", $"http://198.51.100.{number + 1}/sub{number}", PushSubscriber.NoHeaders)),
        ];
        Ledger = new MessageLedger
        {
            Added = (body, id, _) =>
            {
                ids[body] = id;
                world.Note($"+ {body}");
            },
            Gone = (body, _) =>
            {
                world.Note($"- {body}");
                Require(IsTaken(body), $"{body} was deleted, and was not taken by whom it is for");
                Require(ended.Add(body), $"{body} ended twice");
            },
            Moved = (body, _, _) =>
            {
                world.Note($"{body} goes to the error queue");
                Require(ended.Add(body), $"{body} went to the error queue after its end");
            },
        };
    }

    public MessageLedger Ledger { get; }

    public PushMode Mode { get; }

    public int ConcurrencyMax { get; }

    public ImmutableArray<PushSubscriber> All { get; }

    public long SourceLane { get; set; }

    public int LiveCount => Ledger.CountIn(lane => lane == SourceLane);

    public void CheckEnd()
    {
        Require(LiveCount == 0, $"{LiveCount} messages have no end");
        Require(ended.SetEquals(ids.Keys), $"{ids.Keys.Except(ended).FirstOrDefault()} was accepted and is lost");
    }

    public int Answer(LifeSupport support, OutsideRequest request)
    {
        var (body, name) = (request.Body, request.Header("Lambent-Subscriber"));
        world.Note($"{support.Actor.Name} posts {body} to {name}");
        Require(request.Id == ids.GetValueOrDefault(body), $"{body} was posted under the id {request.Id}");
        CheckOrder(body);
        if (world.Faults.Happens(refusalRate))
        {
            return chance.Next(3) == 0 ? 400 : 503;
        }

        if (chance.Next(5) == 0)
        {
            _ = AcknowledgeAsync(body, name, request.Header("Lambent-Acknowledge-Url"));
            return 202;
        }

        taken.Add((body, name));
        return 200;
    }

    /// <summary>Some who accepted a message never come back, and get it again.</summary>
    private async Task AcknowledgeAsync(string body, string name, string url)
    {
        await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 30));
        if (world.Faults.IsActive && chance.Next(3) == 0)
        {
            return;
        }

        var pushed = PushParts.Tokens.Read(url[(url.LastIndexOf('/') + 1)..]);
        if (pushed is not { } token)
        {
            world.Break($"the address to acknowledge {body} says nothing");
            return;
        }

        taken.Add((body, name));
        await machine().CallAsync(parts => parts.Service.AcknowledgeAsync(token, CancellationToken.None));
    }

    private void CheckOrder(string body)
    {
        if (queue.IsFifo && Ledger.GroupOf(body) is { } group && Ledger.IsIn(body, lane => lane == SourceLane))
        {
            var first = Ledger.FirstOf(group, lane => lane == SourceLane);
            Require(first == body, $"{body} overtook {first} of its group");
        }
    }

    private bool IsTaken(string body) => Mode == PushMode.Unicast
        ? All.Any(subscriber => taken.Contains((body, subscriber.Name)))
        : All.All(subscriber => taken.Contains((body, subscriber.Name)));

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Break(otherwise);
        }
    }
}
