using System.Collections.Concurrent;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Scaling;

namespace Lambent.Server.Queues;

/// <summary>What was seen of a queue since the start of the server, or since it was used last.</summary>
/// <param name="SentPerSecond">Over about the last minute, as the other rates.</param>
/// <param name="ReceivedPerSecond">Messages that were handed out.</param>
/// <param name="DeletedPerSecond">Messages that were worked off.</param>
/// <param name="Sent">Messages that came, moved ones included.</param>
/// <param name="Received">Messages that were handed out.</param>
/// <param name="Deleted">Messages that were worked off.</param>
/// <param name="EmptyReceives">Receives that found nothing.</param>
/// <param name="AskedAt">When somebody last asked for messages; null: not since then.</param>
internal sealed record QueueFigures(
    double SentPerSecond,
    double ReceivedPerSecond,
    double DeletedPerSecond,
    long Sent,
    long Received,
    long Deleted,
    long EmptyReceives,
    DateTimeOffset? AskedAt)
{
    public static readonly QueueFigures None = new(0, 0, 0, 0, 0, 0, 0, null);

    /// <summary>Messages that were given up and put into the dead-letter queue.</summary>
    public long DeadLettered { get; init; }
}

/// <summary>Counts what happens in each queue, in memory: nothing is written for it.</summary>
internal sealed class QueueMeter(TimeProvider time)
{
    private static readonly TimeSpan IdleMax = TimeSpan.FromHours(1);
    private const int QueuesMax = 10_000;

    private readonly ConcurrentDictionary<QueueId, Meter> queues = new();
    private long allSent;
    private long allReceived;
    private long allDeleted;
    private long allEmptyReceives;

    /// <summary>Of all queues together, without rates.</summary>
    public QueueFigures Totals => QueueFigures.None with
    {
        Sent = Interlocked.Read(ref allSent),
        Received = Interlocked.Read(ref allReceived),
        Deleted = Interlocked.Read(ref allDeleted),
        EmptyReceives = Interlocked.Read(ref allEmptyReceives),
    };

    public void Sent(QueueId queue, int messages)
    {
        Interlocked.Add(ref allSent, messages);
        Of(queue).CountSent(messages);
    }

    /// <param name="queue">The queue.</param>
    /// <param name="messages">How many were handed out; 0 for a receive that found nothing.</param>
    public void Received(QueueId queue, int messages)
    {
        Interlocked.Add(ref allReceived, messages);
        Interlocked.Add(ref allEmptyReceives, messages == 0 ? 1 : 0);
        Of(queue).CountReceived(messages);
    }

    public void Deleted(QueueId queue, int messages)
    {
        Interlocked.Add(ref allDeleted, messages);
        Of(queue).CountDeleted(messages);
    }

    /// <param name="queue">Where they were, not where they are now.</param>
    /// <param name="messages">How many were given up.</param>
    public void DeadLettered(QueueId queue, int messages) => Of(queue).CountDeadLettered(messages);

    /// <summary>Those of which anything is known.</summary>
    public IReadOnlyCollection<QueueId> Queues => (IReadOnlyCollection<QueueId>)queues.Keys;

    public QueueFigures Read(QueueId queue) =>
        queues.TryGetValue(queue, out var meter) ? meter.Read() : QueueFigures.None;

    private Meter Of(QueueId queue)
    {
        if (queues.TryGetValue(queue, out var meter))
        {
            return meter;
        }

        Sweep();
        return queues.GetOrAdd(queue, _ => new Meter(time));
    }

    /// <summary>Forgets queues for which nothing happened for a while, before there are too many.</summary>
    private void Sweep()
    {
        if (queues.Count < QueuesMax)
        {
            return;
        }

        foreach (var (queue, meter) in queues)
        {
            if (meter.Silence > IdleMax)
            {
                queues.TryRemove(queue, out _);
            }
        }
    }

    private sealed class Meter
    {
        private readonly TimeProvider time;
        private readonly long origin;
        private readonly Lock gate = new();
        private FadingRate sentRate;
        private FadingRate receivedRate;
        private FadingRate deletedRate;
        private long sent;
        private long received;
        private long deleted;
        private long emptyReceives;
        private long deadLettered;
        private long usedAt;
        private DateTimeOffset? askedAt;

        public Meter(TimeProvider time)
        {
            this.time = time;
            origin = usedAt = time.GetTimestamp();
            sentRate = receivedRate = deletedRate = FadingRate.Begin(0);
        }

        public TimeSpan Silence
        {
            get
            {
                lock (gate)
                {
                    return time.GetElapsedTime(usedAt);
                }
            }
        }

        public void CountSent(int messages)
        {
            lock (gate)
            {
                sent += messages;
                sentRate = sentRate.Count(messages, Now());
            }
        }

        public void CountReceived(int messages)
        {
            lock (gate)
            {
                received += messages;
                emptyReceives += messages == 0 ? 1 : 0;
                receivedRate = receivedRate.Count(messages, Now());
                askedAt = time.GetUtcNow();
            }
        }

        public void CountDeleted(int messages)
        {
            lock (gate)
            {
                deleted += messages;
                deletedRate = deletedRate.Count(messages, Now());
            }
        }

        public void CountDeadLettered(int messages)
        {
            lock (gate)
            {
                deadLettered += messages;
            }
        }

        public QueueFigures Read()
        {
            lock (gate)
            {
                var now = time.GetElapsedTime(origin).TotalSeconds;
                return new QueueFigures(
                    sentRate.PerSecond(now),
                    receivedRate.PerSecond(now),
                    deletedRate.PerSecond(now),
                    sent,
                    received,
                    deleted,
                    emptyReceives,
                    askedAt)
                {
                    DeadLettered = deadLettered,
                };
            }
        }

        /// <summary>Seconds since the beginning; it was used.</summary>
        private double Now()
        {
            usedAt = time.GetTimestamp();
            return time.GetElapsedTime(origin, usedAt).TotalSeconds;
        }
    }
}
