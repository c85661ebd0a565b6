using Lambent.Kernel;
using Lambent.Kernel.Metrics;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Server.Queues;

namespace Lambent.Server.Metrics;

/// <summary>What comes into queues and goes out, and once a minute how many messages are in them and how old.</summary>
internal sealed class QueueGauges(IStore store, QueueMeter meter) : IMetricSource
{
    private Dictionary<QueueId, QueueFigures> told = [];
    private DateTimeOffset countedAt;

    public void Collect(DateTimeOffset now, List<MetricEntry> entries)
    {
        var minute = MetricSpans.Floor(now, TimeSpan.FromMinutes(1));
        var cells = new Dictionary<QueueId, MetricCell>();
        var seen = new Dictionary<QueueId, QueueFigures>();
        foreach (var queue in meter.Queues)
        {
            seen[queue] = meter.Read(queue);
            CountChanges(cells, queue, told.GetValueOrDefault(queue, QueueFigures.None), seen[queue]);
        }

        told = seen;
        if (minute > countedAt)
        {
            // Counting reads each message once, and nothing changes for it: once a minute is enough.
            countedAt = minute;
            store.Read(transaction => Measure(transaction, now, cells));
        }

        entries.AddRange(cells.Select(cell => new MetricEntry(
            new MetricSeries(cell.Key.Account, MetricKind.Queue, cell.Key.Name), minute, cell.Value)));
    }

    private static void CountChanges(
        Dictionary<QueueId, MetricCell> cells, QueueId queue, QueueFigures before, QueueFigures now)
    {
        if (now.Sent < before.Sent || now.Received < before.Received)
        {
            // It was forgotten in between, and begins with nothing.
            before = QueueFigures.None;
        }

        if (now.Sent != before.Sent || now.Received != before.Received || now.Deleted != before.Deleted
            || now.EmptyReceives != before.EmptyReceives || now.DeadLettered != before.DeadLettered)
        {
            var cell = cells[queue] = new MetricCell();
            cell.Count(MetricCounter.MessagesSent, now.Sent - before.Sent);
            cell.Count(MetricCounter.MessagesReceived, now.Received - before.Received);
            cell.Count(MetricCounter.MessagesDeleted, now.Deleted - before.Deleted);
            cell.Count(MetricCounter.EmptyReceives, now.EmptyReceives - before.EmptyReceives);
            cell.Count(MetricCounter.DeadLetters, now.DeadLettered - before.DeadLettered);
        }
    }

    private static int Measure(ITransaction transaction, DateTimeOffset now, Dictionary<QueueId, MetricCell> cells)
    {
        var count = 0;
        foreach (var account in transaction.Accounts.List())
        {
            string? after = null;
            while (transaction.Queues.List(account.Id, "", after, Limits.QueueListMax) is { Count: > 0 } page)
            {
                foreach (var queue in page)
                {
                    count++;
                    Measure(transaction, queue, now, cells);
                }

                after = page[^1].Id.Name;
            }
        }

        return count;
    }

    private static void Measure(
        ITransaction transaction, Queue queue, DateTimeOffset now, Dictionary<QueueId, MetricCell> cells)
    {
        if (!cells.TryGetValue(queue.Id, out var cell))
        {
            cells[queue.Id] = cell = new MetricCell();
        }

        var counts = transaction.Messages.Count(queue.Lane, now, now - queue.Settings.Retention);
        var age = transaction.Messages.Oldest(queue.Lane, 1) is [var oldest] ? now - oldest.SentAt : TimeSpan.Zero;
        cell.Measure(MetricMeasure.MessagesVisible, counts.Visible);
        cell.Measure(MetricMeasure.MessagesInFlight, counts.InFlight);
        cell.Measure(MetricMeasure.MessagesDelayed, counts.Delayed);
        cell.Measure(MetricMeasure.OldestMessageAge, Math.Max(0, age.Ticks) / 10.0);
    }
}
