using System.Runtime.InteropServices;
using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Queues;

/// <summary>
/// Knows every message from the committed writes and from what clients asked and were told, and breaks the world when
/// the two do not fit. A message is known by its body, which its sender made unique.
/// </summary>
internal sealed class MessageAuditor(World world)
{
    private readonly Dictionary<long, Lane> lanes = [];
    private readonly Dictionary<string, Token> tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<(long Queue, string Key), DateTimeOffset> sent = [];
    private readonly HashSet<QueueId> purgesAsked = [];

    /// <summary>Messages that are in some queue.</summary>
    public int LiveCount => lanes.Values.Where(lane => !lane.IsDiscarded).Sum(lane => lane.Messages.Count);

    public int TokenCount => tokens.Count;

    /// <summary>The tables to be watched, with something before them that changes calls, or nothing.</summary>
    public static IReadOnlyDictionary<string, ObserveTable> Observed(Func<IMessageTable, IMessageTable>? change) =>
        new Dictionary<string, ObserveTable>
        {
            ["get_Messages"] = (table, calls) =>
            {
                var watched = Watch((IMessageTable)table, calls, "Add", "Change", "Delete", "DeleteReceived");
                return change?.Invoke(watched) ?? watched;
            },
            ["get_Queues"] = (table, calls) => Watch((IQueueTable)table, calls, "Put", "Discard"),
        };

    // What clients asked and were told.

    public void SendAsked(string token) => Of(token);

    public void SendAcknowledged(string token, string id)
    {
        var known = Of(token);
        known.IsAcknowledged = true;
        Require(known.Ids.Contains(id), $"{token} was acknowledged as {id}, and is not on the disk");
    }

    public void Received(QueueId queue, ReceivedMessageView message)
    {
        var known = Of(message.Token);
        Require(
            known.Receives.Contains((message.Id, message.ReceiveCount)),
            $"{message.Token} came from {queue.Name} as receive {message.ReceiveCount} of {message.Id}, which the disk "
            + "does not have");
    }

    public void DeleteAsked(string token, string receipt)
    {
        Of(token).DeletesAsked.Add(Parse(receipt));
    }

    public void DeleteAcknowledged(string token, string receipt)
    {
        var handle = Parse(receipt);
        Require(
            Find(handle.LaneNumber, handle.Sequence) is not { } left || left.State.ReceiveCount > handle.ReceiveCount,
            $"{token} was deleted with the receipt of its last receive, and is there still");
    }

    public void PurgeAsked(QueueId queue) => purgesAsked.Add(queue);

    /// <summary>After everything came to its end.</summary>
    public void CheckEnd()
    {
        foreach (var (name, token) in tokens.Where(token => token.Value.IsAcknowledged))
        {
            Require(token.Live == 0, $"{name} was accepted and has not come to an end");
            Require(token.Ends > 0, $"{name} was accepted and is lost");
        }

        foreach (var (number, lane) in lanes.Where(lane => !lane.Value.IsDiscarded))
        {
            var left = world.Disk.Read(transaction =>
                transaction.Messages.Oldest(new QueueLane(QueueParts.Account, number), int.MaxValue).Count);
            Require(left == lane.Messages.Count, $"lane {number} has {left} messages, not {lane.Messages.Count}");
        }
    }

    // What was committed.

    public void Committed(Machine<QueueParts> machine, IReadOnlyList<TableCall> calls)
    {
        var now = machine.Clock.TimeOfDay;
        var added = calls.Where(call => call is { Table: nameof(IMessageTable), Method: "Add" })
            .ToDictionary(call => ((MessageContent)call.Arguments[2]!).Body);
        var deleted = new Dictionary<string, (Lane Lane, Copy Copy)>(StringComparer.Ordinal);
        var received = new HashSet<long>();
        foreach (var call in calls)
        {
            switch (call.Table, call.Method)
            {
                case (nameof(IQueueTable), "Put"):
                    var queue = (Queue)call.Arguments[0]!;
                    LaneOf(queue.LaneNumber).Queue = queue;
                    break;
                case (nameof(IQueueTable), "Discard"):
                    Discard(((QueueLane)call.Arguments[0]!).Number);
                    break;
                case (nameof(IMessageTable), "Change"):
                    Change(((QueueLane)call.Arguments[0]!).Number, (MessageState)call.Arguments[1]!, now, received);
                    break;
                case (nameof(IMessageTable), "Delete"):
                    Delete(((QueueLane)call.Arguments[0]!).Number, (long)call.Arguments[1]!, now, added, deleted);
                    break;
                case (nameof(IMessageTable), "DeleteReceived"):
                    var (from, sequence) = (((QueueLane)call.Arguments[0]!).Number, (long)call.Arguments[1]!);
                    if (Find(from, sequence)?.State.ReceiveCount == (int)call.Arguments[2]!)
                    {
                        Delete(from, sequence, now, added, deleted);
                    }

                    break;
                case (nameof(IMessageTable), "Add"):
                    var (lane, state) = ((QueueLane)call.Arguments[0]!, (MessageState)call.Arguments[1]!);
                    Add(lane.Number, state, (MessageContent)call.Arguments[2]!, now, deleted);
                    break;
            }
        }
    }

    private void Add(
        long laneNumber,
        MessageState state,
        MessageContent content,
        DateTimeOffset now,
        Dictionary<string, (Lane Lane, Copy Copy)> deleted)
    {
        var lane = LaneOf(laneNumber);
        var token = Of(content.Body);
        Require(state.Sequence > lane.HighestSequence, $"sequence {state.Sequence} was given twice");
        lane.HighestSequence = Math.Max(lane.HighestSequence, state.Sequence);
        // A FIFO queue takes a message again that is sent again after the deduplication window.
        Require(token.Live == 0 || lane.Queue!.IsFifo, $"{content.Body} is in two places");
        if (deleted.TryGetValue(content.Body, out var from))
        {
            CheckMove(from.Lane, from.Copy, lane, content);
        }
        else
        {
            Require(token.Ids.Count == 0 || lane.Queue!.IsFifo, $"{content.Body} was sent once and added twice");
            CheckDeduplication(lane.Queue!, content, now);
            token.Sends++;
        }

        token.Live++;
        token.Ids.Add(content.Id);
        lane.Messages[state.Sequence] = new Copy(state, content);
        world.Note($"+ {content.Body} in {laneNumber}:{state.Sequence} as {content.Id[..8]}");
    }

    /// <summary>To a dead-letter queue as the same message, back from it as a new one; nothing else moves.</summary>
    private void CheckMove(Lane source, Copy copy, Lane target, MessageContent content)
    {
        var (from, to, name) = (source.Queue!, target.Queue!, content.Body);
        if (from.Settings.Redrive is { } redrive && redrive.Target == to.Id)
        {
            Require(content.Id == copy.Content.Id, $"{name} became a dead letter under another id");
            Require(
                copy.State.ReceiveCount >= redrive.MaxReceiveCount,
                $"{name} became a dead letter after {copy.State.ReceiveCount} of {redrive.MaxReceiveCount} receives");
            return;
        }

        Require(
            copy.Content.DeadLetterSourceArn == to.Id.Arn(QueueParts.Region),
            $"{name} moved from {from.Id.Name} to {to.Id.Name}, where it did not come from");
        Require(!Of(name).Ids.Contains(content.Id), $"{name} was driven back under an id that it had before");
    }

    private void CheckDeduplication(Queue queue, MessageContent content, DateTimeOffset now)
    {
        if (content.DeduplicationId is not { } id)
        {
            return;
        }

        var key = (queue.Number, queue.Settings.DeduplicatesPerGroup ? $"{content.GroupId}\n{id}" : id);
        Require(
            !sent.TryGetValue(key, out var before) || now >= before + Limits.DeduplicationWindow,
            $"{content.Body} was accepted again inside the deduplication window");
        sent[key] = now;
    }

    private void Change(long laneNumber, MessageState state, DateTimeOffset now, HashSet<long> received)
    {
        if (Find(laneNumber, state.Sequence) is not { } copy)
        {
            world.Break($"message {laneNumber}:{state.Sequence} was changed and does not exist");
            return;
        }

        var name = copy.Content.Body;
        if (state.ReceiveCount == copy.State.ReceiveCount + 1)
        {
            CheckReceive(LaneOf(laneNumber), copy, state, now, received);
            received.Add(state.Sequence);
            Of(name).Receives.Add((copy.Content.Id, state.ReceiveCount));
            world.Note($"> {name} from {laneNumber}:{state.Sequence} receive {state.ReceiveCount}");
        }
        else
        {
            Require(
                state.ReceiveCount == copy.State.ReceiveCount, $"the receives of {name} went to {state.ReceiveCount}");
        }

        copy.State = state;
    }

    private void CheckReceive(
        Lane lane, Copy copy, MessageState state, DateTimeOffset now, HashSet<long> received)
    {
        var (name, queue) = (copy.Content.Body, lane.Queue!);
        Require(copy.State.VisibleAt <= now, $"{name} was delivered, and is hidden until {copy.State.VisibleAt:O}");
        Require(
            state.VisibleAt == now.AddSeconds(queue.Settings.VisibilityTimeoutSeconds),
            $"{name} is hidden until {state.VisibleAt:O}");
        Require(
            queue.Settings.Redrive is not { } redrive || copy.State.ReceiveCount < redrive.MaxReceiveCount,
            $"{name} was delivered {state.ReceiveCount} times");
        if (queue.IsFifo)
        {
            var earlier = lane.Messages
                .Where(other => other.Key < state.Sequence && other.Value.State.GroupId == state.GroupId)
                .FirstOrDefault(other => !received.Contains(other.Key)).Value;
            Require(earlier is null, $"{name} overtook {earlier?.Content.Body} of its group");
        }
    }

    private void Delete(
        long laneNumber,
        long sequence,
        DateTimeOffset now,
        Dictionary<string, TableCall> added,
        Dictionary<string, (Lane Lane, Copy Copy)> deleted)
    {
        var lane = LaneOf(laneNumber);
        if (!lane.Messages.Remove(sequence, out var copy))
        {
            Require(lane.IsDiscarded, $"message {laneNumber}:{sequence} was deleted and does not exist");
            return;
        }

        var name = copy.Content.Body;
        var token = Of(name);
        token.Live--;
        if (added.ContainsKey(name))
        {
            deleted[name] = (lane, copy);
            return;
        }

        var receipt = new ReceiptHandle(laneNumber, sequence, copy.State.ReceiveCount);
        var isExpired = copy.State.RetainedFrom + lane.Queue!.Settings.Retention <= now;
        Require(
            token.DeletesAsked.Contains(receipt) || isExpired,
            $"{name} was deleted after receive {copy.State.ReceiveCount}, and nobody asked for it");
        End(name, token, isExpired ? "expired" : "done");
    }

    private void Discard(long laneNumber)
    {
        var lane = LaneOf(laneNumber);
        Require(purgesAsked.Contains(lane.Queue!.Id), $"lane {laneNumber} was given up, and nobody asked for it");
        lane.IsDiscarded = true;
        foreach (var copy in lane.Messages.Values)
        {
            var token = Of(copy.Content.Body);
            token.Live--;
            End(copy.Content.Body, token, "purged");
        }

        lane.Messages.Clear();
    }

    private void End(string name, Token token, string how)
    {
        token.Ends++;
        Require(token.Ends <= token.Sends, $"{name} ended {token.Ends} times");
        world.Note($"- {name} {how}");
    }

    private Copy? Find(long lane, long sequence) => LaneOf(lane).Messages.GetValueOrDefault(sequence);

    private Lane LaneOf(long number) =>
        CollectionsMarshal.GetValueRefOrAddDefault(lanes, number, out _) ??= new Lane();

    private Token Of(string name) => CollectionsMarshal.GetValueRefOrAddDefault(tokens, name, out _) ??= new Token();

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Break(otherwise);
        }
    }

    private static ReceiptHandle Parse(string receipt) => ReceiptHandle.TryParse(receipt, out var handle)
        ? handle
        : throw new FormatException($"'{receipt}' is no receipt.");

    /// <summary>A table whose calls of some methods are written down.</summary>
    public static T Watch<T>(T table, List<TableCall> calls, params string[] methods)
        where T : class => TableProxy.Around(
            table,
            (method, arguments, proceed) =>
            {
                if (methods.Contains(method))
                {
                    calls.Add(new TableCall(typeof(T).Name, method, arguments));
                }

                return proceed();
            });

    private sealed class Lane
    {
        public Queue? Queue { get; set; }

        public SortedDictionary<long, Copy> Messages { get; } = [];

        public long HighestSequence { get; set; }

        public bool IsDiscarded { get; set; }
    }

    private sealed class Copy(MessageState state, MessageContent content)
    {
        public MessageState State { get; set; } = state;

        public MessageContent Content => content;
    }

    private sealed class Token
    {
        public bool IsAcknowledged { get; set; }

        /// <summary>Ids it had on the disk; a message that is driven back gets another.</summary>
        public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

        public HashSet<(string Id, int ReceiveCount)> Receives { get; } = [];

        public HashSet<ReceiptHandle> DeletesAsked { get; } = [];

        public int Live { get; set; }

        /// <summary>Times it was accepted as a new message.</summary>
        public int Sends { get; set; }

        public int Ends { get; set; }
    }
}

/// <summary>What a client sees of a message.</summary>
internal readonly record struct ReceivedMessageView(string Token, string Id, int ReceiveCount);
