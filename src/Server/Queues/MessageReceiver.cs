using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Queues;

/// <summary>
/// Hands out messages. A receive is durable before its answer: after a crash what was handed out stays hidden until its
/// visibility timeout, and then comes again.
/// </summary>
internal sealed class MessageReceiver(
    IStore store, QueueSignals signals, string region, TimeProvider time, CancellationToken stopping)
{
    /// <summary>Messages that may expire or move in one receive, so that no transaction becomes long.</summary>
    private const int SetAsideMax = 100;

    /// <summary>When messages are there and cannot be taken, as above the limit in flight.</summary>
    private static readonly TimeSpan PauseWhenBlocked = TimeSpan.FromSeconds(1);

    /// <summary>
    /// No less than what is in flight: deletes are not subtracted. Counted anew when it reaches the limit.
    /// </summary>
    private readonly ConcurrentDictionary<QueueLane, long> inFlightAtMost = new();

    /// <summary>Queues whose last receive got all it wanted: the next one takes without looking first.</summary>
    private readonly ConcurrentDictionary<QueueId, bool> plentiful = new();

    /// <summary>Messages of a queue in flight at a time; tests have a smaller one.</summary>
    public int InFlightMax { get; init; } = Limits.MessagesInFlightMax;

    /// <summary>
    /// Messages that are visible, or that become so while the receive may wait; none when there are none.
    /// </summary>
    /// <param name="id">The queue.</param>
    /// <param name="request">How many, for how long, and how long to wait.</param>
    /// <param name="gone">The caller is gone: nothing more is taken for it.</param>
    public Task<Result<IReadOnlyList<ReceivedMessage>>> ReceiveAsync(
        QueueId id, ReceiveRequest request, CancellationToken gone) => ReceiveAsync(id, request, [], gone);

    /// <summary>
    /// Deletes what its caller received before and is done with, and receives, in one write: whoever works through a
    /// queue needs no other.
    /// </summary>
    /// <param name="handled">Receipt handles; they are deleted even when the caller is gone.</param>
    /// <inheritdoc cref="ReceiveAsync(QueueId, ReceiveRequest, CancellationToken)"/>
    public async Task<Result<IReadOnlyList<ReceivedMessage>>> ReceiveAsync(
        QueueId id, ReceiveRequest request, IReadOnlyList<string> handled, CancellationToken gone)
    {
        var received = await WaitAsync(id, request, handled, gone);
        if (received.IsSuccess)
        {
            signals.Meter?.Received(id, received.Value.Count);
        }

        return received;
    }

    /// <summary>Forgets what is known of a lane that is no more.</summary>
    public void Forget(QueueLane lane) => inFlightAtMost.TryRemove(lane, out _);

    private async Task<Result<IReadOnlyList<ReceivedMessage>>> WaitAsync(
        QueueId id, ReceiveRequest request, IReadOnlyList<string> handled, CancellationToken gone)
    {
        var started = time.GetUtcNow();
        while (true)
        {
            if (handled.Count > 0 || plentiful.ContainsKey(id))
            {
                var more = await TakeAsync(id, request, handled, handled.Count > 0 ? CancellationToken.None : gone);
                handled = [];
                if (more.IsSuccess && more.Value.Count > 0)
                {
                    return more;
                }
            }

            using var waiter = signals.Register(id);
            var now = time.GetUtcNow();
            if (store.Read(transaction => Look(transaction, id, now)).Failed(out var view, out var missing))
            {
                return missing;
            }

            if (view.HasMessages)
            {
                var taken = await TakeAsync(id, request, handled, gone);
                if (!taken.IsSuccess || taken.Value.Count > 0)
                {
                    return taken;
                }
            }

            var left = started + TimeSpan.FromSeconds(request.WaitSeconds ?? view.WaitSeconds) - time.GetUtcNow();
            if (left <= TimeSpan.Zero || stopping.IsCancellationRequested)
            {
                // Whoever waits longer may have relied on this one to look at the right time.
                signals.Signal(id, 1);
                return Array.Empty<ReceivedMessage>();
            }

            var until = view.Next is { } next && next - now < left ? next - now : left;
            until = view.HasMessages && PauseWhenBlocked < until ? PauseWhenBlocked : until;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
            try
            {
                await waiter.WaitAsync(until, time, either.Token);
                waiter.Followed = true;
            }
            catch (OperationCanceledException) when (!gone.IsCancellationRequested)
            {
                return Array.Empty<ReceivedMessage>();
            }
        }
    }

    private static Result<View> Look(ITransaction transaction, QueueId id, DateTimeOffset now)
    {
        if (transaction.Queues.Get(id) is not { } queue)
        {
            return QueueErrors.NotFound;
        }

        var messages = transaction.Messages;
        var hasMessages = queue.IsFifo
            ? messages.AvailableGroups(queue.Lane, now, 1).Count > 0
            : messages.Visible(queue.Lane, now, 1).Count > 0;
        var next = queue.IsFifo ? messages.NextGroup(queue.Lane, now) : messages.NextVisible(queue.Lane, now);
        return new View(hasMessages, next, queue.Settings.ReceiveWaitSeconds);
    }

    private async Task<Result<IReadOnlyList<ReceivedMessage>>> TakeAsync(
        QueueId id, ReceiveRequest request, IReadOnlyList<string> handled, CancellationToken gone)
    {
        var deleted = 0;
        var taken = await store.WriteAsync<Round>(
            transaction =>
            {
                deleted = 0;
                if (transaction.Queues.Get(id) is not { } queue)
                {
                    return QueueErrors.NotFound;
                }

                var round = new Round(transaction, queue, request, region, time.GetUtcNow());
                foreach (var handle in handled)
                {
                    deleted += MessageSettler.Delete(transaction, queue, handle, round.Now) is null ? 1 : 0;
                }

                round.Room = RoomOf(round);
                if (round.Room == 0)
                {
                    var waits = (request.WaitSeconds ?? queue.Settings.ReceiveWaitSeconds) > 0;
                    return handled.Count > 0 || queue.IsFifo || waits
                        ? round
                        : new Error(
                            ErrorCode.QueueOverLimit,
                            $"The queue has {InFlightMax} messages in flight. Delete some of them.");
                }

                if (queue.IsFifo)
                {
                    TakeInOrder(round);
                }
                else
                {
                    TakeAny(round);
                }

                inFlightAtMost.AddOrUpdate(
                    queue.Lane, round.Taken.Count, (_, known) => known + round.Taken.Count);
                return round;
            },
            gone);
        if (taken.Failed(out var done, out var failure))
        {
            plentiful.TryRemove(id, out _);
            return failure;
        }

        Remember(id, done);
        if (deleted > 0)
        {
            signals.Meter?.Deleted(id, deleted);
            signals.Signal(id, deleted);
        }

        if (done.DeadLetterQueue is { } target)
        {
            signals.Meter?.DeadLettered(id, done.SetAside);
            signals.Meter?.Sent(target, done.SetAside);
            signals.Signal(target, done.SetAside);
        }

        return done.Taken;
    }

    /// <summary>Which queues have many messages, so that no look is needed to know that there are some.</summary>
    private void Remember(QueueId id, Round done)
    {
        if (done.Wanted > 0)
        {
            plentiful.TryRemove(id, out _);
        }
        else if (!plentiful.ContainsKey(id))
        {
            plentiful.TryAdd(id, true);
        }
    }

    /// <summary>Messages that may be handed out before the limit of those in flight is reached.</summary>
    private int RoomOf(Round round)
    {
        var lane = round.Queue.Lane;
        if (inFlightAtMost.TryGetValue(lane, out var known) && known + round.Wanted <= InFlightMax)
        {
            return round.Wanted;
        }

        var counted = round.Transaction.Messages.CountInFlight(lane, round.Now);
        inFlightAtMost[lane] = counted;
        return (int)Math.Clamp(InFlightMax - counted, 0, round.Wanted);
    }

    private static void TakeAny(Round round)
    {
        var messages = round.Transaction.Messages;
        while (round.Wanted > 0 && round.SetAside < SetAsideMax)
        {
            var visible = round.Queue.HasPriorities
                ? VisibleByPriority(round)
                : messages.Visible(round.Queue.Lane, round.Now, round.Wanted);
            if (visible.Count == 0)
            {
                return;
            }

            foreach (var state in visible)
            {
                // With a timeout of 0 a message stays visible: once in a receive is enough.
                if (!round.HasSeen(state))
                {
                    round.Settle(state);
                }
                else
                {
                    return;
                }
            }
        }
    }

    private static IReadOnlyList<MessageState> VisibleByPriority(Round round) => MessagePriority.First(
        Enumerable.Range(0, Limits.MessagePriorityMax + 1).SelectMany(priority =>
            round.Transaction.Messages.Visible(round.Queue.Lane, priority, round.Now, round.Wanted)),
        round.Wanted);

    /// <summary>From each free group its first messages in order, as many as are wanted.</summary>
    private static void TakeInOrder(Round round)
    {
        var messages = round.Transaction.Messages;
        foreach (var group in messages.AvailableGroups(round.Queue.Lane, round.Now, Limits.MessageBatchMax))
        {
            var first = messages.OfGroup(round.Queue.Lane, group, 2 * Limits.MessageBatchMax);
            foreach (var state in first.TakeWhile(state => state.IsVisible(round.Now)))
            {
                if (round.Wanted == 0 || round.SetAside >= SetAsideMax)
                {
                    break;
                }

                round.Settle(state);
            }

            MessageGroups.Refresh(round.Transaction, round.Queue.Lane, group);
        }
    }

    private readonly record struct View(bool HasMessages, DateTimeOffset? Next, int WaitSeconds);

    /// <summary>One receive inside its transaction.</summary>
    private sealed class Round(
        ITransaction transaction, Queue queue, ReceiveRequest request, string region, DateTimeOffset now)
    {
        private readonly TimeSpan visibility = TimeSpan.FromSeconds(
            request.VisibilitySeconds ?? queue.Settings.VisibilityTimeoutSeconds);

        private readonly Queue? deadLetterQueue = queue.Settings.Redrive is { } redrive
            ? transaction.Queues.Get(redrive.Target)
            : null;

        public ITransaction Transaction => transaction;

        public Queue Queue => queue;

        public DateTimeOffset Now => now;

        public List<ReceivedMessage> Taken { get; } = [];

        /// <summary>Messages that expired or moved.</summary>
        public int SetAside { get; private set; }

        public QueueId? DeadLetterQueue { get; private set; }

        /// <summary>How many may be handed out.</summary>
        public int Room { get; set; } = request.MessagesMax;

        public int Wanted => Math.Min(request.MessagesMax, Room) - Taken.Count;

        public bool HasSeen(MessageState state) => Taken.Exists(taken => taken.State.Sequence == state.Sequence);

        public void Settle(MessageState state)
        {
            switch (MessageLifeCycle.Decide(queue, state, now, deadLetterQueue is not null))
            {
                case ReceiveDecision.Deliver:
                    var received = MessageLifeCycle.Receive(state, now, visibility);
                    transaction.Messages.Change(queue.Lane, received);
                    Taken.Add(new ReceivedMessage(
                        transaction.Messages.Content(queue.Lane, state.Sequence),
                        received,
                        new ReceiptHandle(queue.LaneNumber, state.Sequence, received.ReceiveCount).ToString()));
                    break;
                case ReceiveDecision.Expire:
                    transaction.Messages.Delete(queue.Lane, state.Sequence);
                    SetAside++;
                    break;
                case ReceiveDecision.DeadLetter:
                    MoveAway(state, deadLetterQueue!);
                    SetAside++;
                    break;
            }
        }

        private void MoveAway(MessageState state, Queue target)
        {
            var content = transaction.Messages.Content(queue.Lane, state.Sequence);
            var sequence = transaction.Messages.TakeSequences(target.Lane, 1);
            MessageGroups.Move(
                transaction,
                queue.Lane,
                state.Sequence,
                target.Lane,
                MessageLifeCycle.MoveToDeadLetters(state, sequence, now) with
                {
                    Priority = MessagePriority.In(target, content.Attributes),
                },
                content with { DeadLetterSourceArn = queue.Id.Arn(region) });
            DeadLetterQueue = target.Id;
        }
    }
}
