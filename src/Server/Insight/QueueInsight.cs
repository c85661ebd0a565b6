using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Storage;
using Lambent.Server.Functions;
using Lambent.Server.Mappings;
using Lambent.Server.Push;
using Lambent.Server.Queues;

namespace Lambent.Server.Insight;

/// <summary>A queue as it is now.</summary>
/// <param name="Queue">Its settings.</param>
/// <param name="Counts">Its messages by state.</param>
/// <param name="OldestAge">How long the oldest message has been there; null when there is none.</param>
/// <param name="DeadLetters">The queue for what is given up, and how many messages are in it; null without one.</param>
/// <param name="Figures">What happened since the server started.</param>
/// <param name="Consumers">What takes messages out of it by itself.</param>
/// <param name="Filtered">Messages that no filter of a mapping let pass, since the server started.</param>
/// <param name="Reasons">Why its messages are where they are, the most important first.</param>
internal sealed record QueueReport(
    Queue Queue,
    MessageCounts Counts,
    TimeSpan? OldestAge,
    (string Name, long Messages)? DeadLetters,
    QueueFigures Figures,
    IReadOnlyList<QueueConsumer> Consumers,
    long Filtered,
    IReadOnlyList<QueueReason> Reasons);

/// <summary>All queues together.</summary>
/// <param name="Queues">How many there are.</param>
/// <param name="Counts">Their messages by state.</param>
/// <param name="OldestAge">Of the oldest message of all.</param>
/// <param name="Figures">What happened since the server started.</param>
internal sealed record QueueTotals(int Queues, MessageCounts Counts, TimeSpan OldestAge, QueueFigures Figures);

/// <summary>Looks at queues, and at what works on them, and says why messages wait.</summary>
internal sealed class QueueInsight(
    IStore store,
    QueueSignals signals,
    FunctionDirectory functions,
    MappingRunner mappings,
    PushRunner pushes,
    TimeProvider time)
{
    /// <summary>Counting reads every message once: how long the sum of all queues is good.</summary>
    private static readonly TimeSpan TotalsAge = TimeSpan.FromSeconds(10);

    /// <summary>Messages that are pushed again are counted no further.</summary>
    private const int PushedMax = 1_000;

    private readonly Lock gate = new();
    private QueueTotals? totals;
    private long totalledAt;

    public QueueReport? Find(QueueId id) => store.Read(transaction =>
        transaction.Queues.Get(id) is { } queue ? Report(transaction, queue) : null);

    /// <summary>The account's queues in order of their names.</summary>
    public IReadOnlyList<QueueReport> List(AccountId account, string? after, int limit) => store.Read(transaction =>
        transaction.Queues.List(account, "", after, limit).Select(queue => Report(transaction, queue)).ToArray());

    /// <summary>The sum of all queues, at most some seconds old.</summary>
    public QueueTotals Totals()
    {
        lock (gate)
        {
            if (totals is null || time.GetElapsedTime(totalledAt) > TotalsAge)
            {
                totals = store.Read(Sum);
                totalledAt = time.GetTimestamp();
            }

            return totals with { Figures = signals.Meter?.Totals ?? QueueFigures.None };
        }
    }

    private QueueTotals Sum(ITransaction transaction)
    {
        var now = time.GetUtcNow();
        var sum = new QueueTotals(0, default, TimeSpan.Zero, QueueFigures.None);
        foreach (var account in transaction.Accounts.List())
        {
            string? after = null;
            while (transaction.Queues.List(account.Id, "", after, Limits.QueueListMax) is { Count: > 0 } page)
            {
                foreach (var queue in page)
                {
                    var counts = transaction.Messages.Count(queue.Lane, now, now - queue.Settings.Retention);
                    var age = OldestAge(transaction, queue, now) ?? TimeSpan.Zero;
                    sum = sum with
                    {
                        Queues = sum.Queues + 1,
                        Counts = new MessageCounts(
                            sum.Counts.Visible + counts.Visible,
                            sum.Counts.InFlight + counts.InFlight,
                            sum.Counts.Delayed + counts.Delayed),
                        OldestAge = age > sum.OldestAge ? age : sum.OldestAge,
                    };
                }

                after = page[^1].Id.Name;
            }
        }

        return sum;
    }

    private QueueReport Report(ITransaction transaction, Queue queue)
    {
        var now = time.GetUtcNow();
        var messages = transaction.Messages;
        var counts = messages.Count(queue.Lane, now, now - queue.Settings.Retention);
        var push = transaction.Push.Get(queue.Id);
        var figures = signals.Meter?.Read(queue.Id) ?? QueueFigures.None;
        var mapped = transaction.Mappings
            .List(queue.Id.Account, new MappingQuery(QueueName: queue.Id.Name), null, int.MaxValue);
        var consumers = mapped.Select(OfMapping).ToList();
        if (push is not null)
        {
            consumers.Add(OfPush(push));
        }

        var facts = new QueueFacts
        {
            Counts = counts,
            IsFifo = queue.IsFifo,
            HasAvailableGroup = queue.IsFifo && messages.AvailableGroups(queue.Lane, now, 1).Count > 0,
            IsInFlightLimitReached = counts.InFlight >= Limits.MessagesInFlightMax,
            NextVisibleAt = messages.NextVisible(queue.Lane, now),
            WaitingReceives = signals.WaitingReceives(queue.Id),
            AskedAt = figures.AskedAt,
            Consumers = consumers,
            PushedAgain = push is null ? 0 : transaction.Push.ListProgress(queue.Lane, 0, PushedMax).Count,
            Now = now,
        };
        return new QueueReport(
            queue,
            counts,
            OldestAge(transaction, queue, now),
            DeadLetters(transaction, queue, push, now),
            figures,
            consumers,
            mapped.Sum(mapping => mappings.View(mapping.Id)?.Filtered ?? 0),
            QueueReasons.Of(facts));
    }

    private static TimeSpan? OldestAge(ITransaction transaction, Queue queue, DateTimeOffset now) =>
        transaction.Messages.Oldest(queue.Lane, 1) is [var oldest] ? now - oldest.SentAt : null;

    private static (string Name, long Messages)? DeadLetters(
        ITransaction transaction, Queue queue, PushQueue? push, DateTimeOffset now)
    {
        if ((push?.ErrorQueue ?? queue.Settings.Redrive?.Target) is not { } id
            || transaction.Queues.Get(id) is not { } letters)
        {
            return null;
        }

        var counts = transaction.Messages.Count(letters.Lane, now, now - letters.Settings.Retention);
        return (id.Name, counts.Visible + counts.InFlight + counts.Delayed);
    }

    private QueueConsumer OfMapping(EventSourceMapping mapping)
    {
        var function = functions.Find(mapping.Function);
        var hasTarget = function?.Route(mapping.Qualifier, 0) is not null;
        var view = mappings.View(mapping.Id);
        var reserved = function?.Function.ReservedConcurrency;
        var isReservation = reserved < (mapping.Settings.MaximumConcurrency ?? Limits.MappingConcurrencyMax);
        return new QueueConsumer(
            $"function {mapping.Function.Name}{(mapping.Qualifier is null ? "" : $":{mapping.Qualifier}")}")
        {
            IsEnabled = mapping.IsEnabled,
            HasTarget = hasTarget,
            Running = view?.Running ?? 0,
            Limit = view?.Limit ?? Limits.MappingConcurrencyMax,
            LimitedBy = isReservation ? "its reserved concurrency" : "the trigger's concurrency",
            RefusedBecause = view?.RefusedBecause,
            Problem = view is { IsFailing: true } ? view.LastResult : null,
        };
    }

    private QueueConsumer OfPush(PushQueue push)
    {
        var view = pushes.View(push.Id);
        return new QueueConsumer("push")
        {
            IsEnabled = push.IsEnabled,
            Running = view.Running,
            Limit = push.ConcurrencyMax,
            Problem = view.Counts.LastProblem,
        };
    }
}
