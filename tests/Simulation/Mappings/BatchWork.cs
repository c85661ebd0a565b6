using System.Text.Json.Nodes;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Queues;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Environments;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Mappings;

/// <summary>
/// The function behind a mapping, and what is known of its messages: each batch is handled, in part, not at all, too
/// slowly, or is the end of the environment. A message goes away only after a call that handled it.
/// </summary>
internal sealed class BatchWork : ISimulatedWork
{
    public const int TimeoutSeconds = 5;

    private readonly World world;
    private readonly PlantedBug bug;
    private readonly Func<MappingParts?> server;
    private readonly QueueId queue;
    private readonly Random chance;
    private readonly double failureRate;
    private readonly HashSet<string> handled = new(StringComparer.Ordinal);
    private readonly HashSet<string> accepted = new(StringComparer.Ordinal);
    private readonly HashSet<string> ended = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> running = new(StringComparer.Ordinal);

    public BatchWork(World world, PlantedBug bug, QueueId queue, Func<MappingParts?> server)
    {
        (this.world, this.bug, this.queue, this.server) = (world, bug, queue, server);
        chance = world.Stream("batches");
        failureRate = chance.NextDouble() * 0.5;
        Ledger = new MessageLedger
        {
            Added = (body, _, _) =>
            {
                accepted.Add(body);
                world.Note($"+ {body}");
            },
            Gone = (body, receives) =>
            {
                world.Note($"- {body} after {receives} receives");
                Require(handled.Contains(body), $"{body} was deleted, and no call handled it");
                Require(ended.Add(body), $"{body} ended twice");
            },
            Moved = (body, receives, _) =>
            {
                world.Note($"{body} is a dead letter after {receives} receives");
                Require(ended.Add(body), $"{body} became a dead letter after its end");
            },
        };
    }

    public MessageLedger Ledger { get; }

    public long SourceLane { get; set; }

    public int? ConcurrencyMax { get; set; }

    public bool ReportsItemFailures { get; set; }

    public int LiveCount => Ledger.CountIn(lane => lane == SourceLane);

    public void CheckEnd()
    {
        Require(LiveCount == 0, $"{LiveCount} messages have no end");
        Require(accepted.SetEquals(ended), $"{accepted.Except(ended).FirstOrDefault()} was accepted and is lost");
    }

    public void Ended(LifeSupport support) => running[support.Actor.Name]--;

    public async Task<InvocationOutcome?> RunAsync(
        LifeSupport support, Invocation invocation, Func<bool> isAlive)
    {
        var records = JsonNode.Parse(invocation.Payload.Span)!["Records"]!.AsArray();
        var bodies = records.Select(record => (string)record!["body"]!).ToList();
        var ids = records.Select(record => (string)record!["messageId"]!).ToList();
        Begin(support, bodies);
        if (bug == PlantedBug.DeleteBeforeSuccess && server() is { } parts)
        {
            string[] handles = [.. records.Select(record => (string)record!["receiptHandle"]!)];
            await parts.Queues.Settler.DeleteAsync(queue, handles, CancellationToken.None);
        }

        var isFaulty = world.Faults.IsActive;
        var seconds = isFaulty && chance.Next(12) == 0 ? TimeoutSeconds * 2 : chance.NextDouble() * 2;
        await Task.Delay(TimeSpan.FromSeconds(seconds), support.Time, CancellationToken.None);
        if (!isAlive())
        {
            return null;
        }

        if (isFaulty && chance.NextDouble() < failureRate)
        {
            switch (chance.Next(3))
            {
                case 0:
                    return null;
                case 1:
                    return InvocationOutcome.Owned(OutcomeKind.HandlerError, "{}"u8.ToArray());
                default:
                    return Partly(bodies, ids);
            }
        }

        handled.UnionWith(bodies);
        return InvocationOutcome.Owned(OutcomeKind.Success, "{}"u8.ToArray());
    }

    /// <summary>Where the mapping does not ask which failed, all that a success says is that all are handled.</summary>
    private InvocationOutcome Partly(List<string> bodies, List<string> ids)
    {
        if (!ReportsItemFailures)
        {
            return InvocationOutcome.Owned(OutcomeKind.HandlerError, "{}"u8.ToArray());
        }

        var failures = new JsonArray();
        for (var index = 0; index < bodies.Count; index++)
        {
            if (chance.Next(2) == 0)
            {
                failures.Add(new JsonObject { ["itemIdentifier"] = ids[index] });
            }
            else
            {
                handled.Add(bodies[index]);
            }
        }

        var answer = bug == PlantedBug.IgnoredItemFailures ? "{}" : new JsonObject
        {
            ["batchItemFailures"] = failures,
        }.ToJsonString();
        return InvocationOutcome.Owned(OutcomeKind.Success, System.Text.Encoding.UTF8.GetBytes(answer));
    }

    private void Begin(LifeSupport support, List<string> bodies)
    {
        world.Note($"{support.Actor.Name} calls with {string.Join(' ', bodies)}");
        var now = running[support.Actor.Name] = running.GetValueOrDefault(support.Actor.Name) + 1;
        Require(now <= (ConcurrencyMax ?? int.MaxValue), $"{now} batches at a time, at most {ConcurrencyMax}");
        foreach (var body in queue.IsFifo ? bodies : [])
        {
            var first = Ledger.GroupOf(body) is { } group ? Ledger.FirstOf(group, lane => lane == SourceLane) : null;
            Require(first is null || bodies.Contains(first), $"{body} overtook {first} of its group");
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Break(otherwise);
        }
    }
}
