using Lambent.Kernel.Queues;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Queues;

/// <summary>
/// Where each message is, from the committed writes. A message is known by its body, which its sender made unique. It
/// says what became of one that went away; whether that was right, whoever listens decides.
/// </summary>
internal sealed class MessageLedger
{
    private readonly Dictionary<(long Lane, long Sequence), Copy> copies = [];

    /// <summary>A message was taken away, with its receives.</summary>
    public required Action<string, int> Gone { get; init; }

    /// <summary>A message went from a lane to another one in one write, with its receives.</summary>
    public required Action<string, int, long> Moved { get; init; }

    /// <summary>A message was accepted: body, id and lane.</summary>
    public Action<string, string, long> Added { get; init; } = (_, _, _) => { };

    public static IReadOnlyDictionary<string, ObserveTable> Observed(
        Func<IMessageTable, IMessageTable>? change = null) =>
        new Dictionary<string, ObserveTable>
        {
            ["get_Messages"] = (table, calls) =>
            {
                var watched = MessageAuditor.Watch(
                    (IMessageTable)table, calls, "Add", "Change", "Delete", "DeleteReceived");
                return change?.Invoke(watched) ?? watched;
            },
        };

    public int CountIn(Func<long, bool> isLane) => copies.Count(copy => isLane(copy.Key.Lane));

    /// <summary>The message of a group that is first in its line, or null.</summary>
    public string? FirstOf(string groupId, Func<long, bool> isLane) => copies
        .Where(copy => isLane(copy.Key.Lane) && copy.Value.State.GroupId == groupId)
        .OrderBy(copy => copy.Key.Sequence)
        .Select(copy => copy.Value.Body)
        .FirstOrDefault();

    public string? GroupOf(string body) => copies.Values.FirstOrDefault(copy => copy.Body == body)?.State.GroupId;

    public bool IsIn(string body, Func<long, bool> isLane) =>
        copies.Any(copy => isLane(copy.Key.Lane) && copy.Value.Body == body);

    public void Committed(IReadOnlyList<TableCall> calls)
    {
        var added = calls.Where(call => call is { Table: nameof(IMessageTable), Method: "Add" })
            .ToDictionary(call => ((MessageContent)call.Arguments[2]!).Body, call => (QueueLane)call.Arguments[0]!);
        var moved = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in calls.Where(call => call.Table == nameof(IMessageTable)))
        {
            var lane = ((QueueLane)call.Arguments[0]!).Number;
            switch (call.Method)
            {
                case "Add":
                    Add(lane, (MessageState)call.Arguments[1]!, (MessageContent)call.Arguments[2]!, moved);
                    break;
                case "Change":
                    var state = (MessageState)call.Arguments[1]!;
                    if (copies.TryGetValue((lane, state.Sequence), out var copy))
                    {
                        copy.State = state;
                    }

                    break;
                case "Delete":
                    Remove((lane, (long)call.Arguments[1]!), added, moved);
                    break;
                case "DeleteReceived":
                    var key = (lane, (long)call.Arguments[1]!);
                    if (copies.TryGetValue(key, out var received)
                        && received.State.ReceiveCount == (int)call.Arguments[2]!)
                    {
                        Remove(key, added, moved);
                    }

                    break;
            }
        }
    }

    private void Add(long lane, MessageState state, MessageContent content, HashSet<string> moved)
    {
        copies[(lane, state.Sequence)] = new Copy(content.Body) { State = state };
        if (!moved.Contains(content.Body))
        {
            Added(content.Body, content.Id, lane);
        }
    }

    private void Remove((long, long) key, Dictionary<string, QueueLane> added, HashSet<string> moved)
    {
        if (!copies.Remove(key, out var gone))
        {
            return;
        }

        if (added.TryGetValue(gone.Body, out var target))
        {
            moved.Add(gone.Body);
            Moved(gone.Body, gone.State.ReceiveCount, target.Number);
        }
        else
        {
            Gone(gone.Body, gone.State.ReceiveCount);
        }
    }

    private sealed class Copy(string body)
    {
        public string Body => body;

        public required MessageState State { get; set; }
    }
}
