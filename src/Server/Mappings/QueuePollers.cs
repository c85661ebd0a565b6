using Lambent.Kernel;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Storage;
using Lambent.Server.Queues;
using Lambent.Server.Scaling;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Mappings;

/// <summary>How it stands with the pollers of a mapping.</summary>
/// <param name="Running">Batches under way, a receive that waits included.</param>
/// <param name="Limit">The most there may be; 0 without a function or its concurrency.</param>
/// <param name="LastResult">How the last batch ended, in the API's words.</param>
/// <param name="IsFailing">Whether the last one failed.</param>
/// <param name="RefusedBecause">Why the platform has no room for a call, or null.</param>
/// <param name="Filtered">Messages that no filter let pass, since the server started.</param>
internal sealed record PollersView(
    int Running, int Limit, string? LastResult, bool IsFailing, string? RefusedBecause, long Filtered);

/// <summary>
/// The pollers of one mapping. Each receives a batch, calls the function and settles the batch, over and over. One
/// waits for messages without end; others join while there is more than those under way take, and leave when they find
/// nothing. Nothing is looked at while nothing happens.
/// </summary>
internal sealed partial class QueuePollers : IAsyncDisposable
{
    private const int BacklogLookedAtMax = 1_000;
    private const int JoinedWaitSeconds = 1;
    private static readonly TimeSpan FailurePauseFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FailurePauseMax = TimeSpan.FromSeconds(10);

    private readonly MappingServices services;
    private readonly BatchCollector collector;
    private readonly BatchDelivery delivery;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long originTimestamp;

    // Guarded by the gate.
    private EventSourceMapping mapping;
    private MessageFilter filter;
    private CancellationTokenSource configuration = new();
    private PollerRamp ramp;
    private int running;
    private int failures;
    private int disposed;
    private long taken;

    public QueuePollers(EventSourceMapping mapping, MappingServices services, ILogger logger)
    {
        this.mapping = mapping;
        this.services = services;
        this.logger = logger;
        filter = new MessageFilter(mapping.Settings.Filters);
        collector = new BatchCollector(services.Receiver, services.Time, services.Stopping);
        delivery = new BatchDelivery(services, new FailureRecords(services, logger));
        stopping = CancellationTokenSource.CreateLinkedTokenSource(services.Stopping);
        originTimestamp = services.Time.GetTimestamp();
        ramp = PollerRamp.Rested(Seconds());
    }

    /// <summary>
    /// The server's own token is asked too: what a cancellation wakes may run before that cancellation has reached the
    /// token of these pollers, and would find receives that end at once and no reason to stop.
    /// </summary>
    private bool IsStopping => stopping.IsCancellationRequested || services.Stopping.IsCancellationRequested;

    /// <summary>How the last batch ended, in the API's words; null before the first.</summary>
    public string? LastResult { get; private set; }

    /// <summary>Batches under way, the waiting receive included.</summary>
    public int Running
    {
        get
        {
            lock (gate)
            {
                return running;
            }
        }
    }

    /// <summary>How it stands with them, for people.</summary>
    public PollersView View()
    {
        lock (gate)
        {
            return new PollersView(
                running, Limit(), LastResult, failures > 0, delivery.RefusedBecause, delivery.FilteredCount);
        }
    }

    public void Start()
    {
        lock (gate)
        {
            running = 1;
        }

        Run();
    }

    /// <summary>Takes effect on the next batches; a receive that waits begins anew.</summary>
    public void Update(EventSourceMapping changed)
    {
        lock (gate)
        {
            mapping = changed;
            filter = new MessageFilter(changed.Settings.Filters);
        }

        Reconsider();
    }

    /// <summary>The function, or something else that pollers look at, is another one now.</summary>
    public void Reconsider()
    {
        CancellationTokenSource before;
        lock (gate)
        {
            before = configuration;
            configuration = new CancellationTokenSource();
        }

        before.Cancel();
    }

    /// <summary>Takes no more messages, gives back those not tried yet, and waits for the calls under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            await stopping.CancelAsync();
            await ended.Task;
            services.Scaling.Forget(Source());
            stopping.Dispose();
            configuration.Dispose();
        }

        await ended.Task;
    }

    private void Run() => _ = Task.Run(PollAsync);

    private async Task PollAsync()
    {
        while (Stays(out var configured))
        {
            try
            {
                if (Plan() is not { } plan)
                {
                    // No function, or no concurrency: until that changes.
                    LastResult = "PROBLEM: There is no function to call, or it may not be called.";
                    await WaitAsync(Timeout.InfiniteTimeSpan, configured);
                    continue;
                }

                if (!await RoundAsync(plan, configured) && LeavesEmptyHanded())
                {
                    return;
                }
            }
            catch (Exception exception)
            {
                // What was received comes again by its visibility timeout.
                LogRoundFailed(logger, mapping.Id, exception);
                await WaitAsync(FailurePauseMax, configured);
            }
        }
    }

    /// <summary>Batches, as long as one follows the other. Whether it did not end for want of messages.</summary>
    private async Task<bool> RoundAsync(PollPlan plan, CancellationToken configured)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(configured, stopping.Token);

        // What was handled is deleted with the next receive, in one write; when there is none, by itself.
        var handled = new List<string>();
        while (true)
        {
            var collected = await collector.CollectAsync(
                plan, Running > 1 ? JoinedWaitSeconds : Limits.ReceiveWaitSecondsMax, [.. handled], either.Token);
            handled.Clear();
            if (collected.Failed(out var batch, out var failure))
            {
                // A queue that was deleted may be made again; nobody tells.
                LastResult = $"PROBLEM: {failure.Message}";
                await WaitAsync(FailurePauseMax, configured);
                return true;
            }

            if (batch.Messages.Count == 0)
            {
                return false;
            }

            if (IsStopping)
            {
                await delivery.ReturnAsync(plan, batch.Messages);
                return true;
            }

            var pause = await DeliverAsync(plan, batch, handled);
            if (pause is null && IsWanted(either.Token))
            {
                continue;
            }

            await delivery.DeleteAsync(plan, handled);
            if (pause is { } time)
            {
                await WaitAsync(time, CancellationToken.None);
            }

            return true;
        }
    }

    /// <summary>How long to wait after it, or null.</summary>
    private async Task<TimeSpan?> DeliverAsync(PollPlan plan, CollectedBatch batch, List<string> handled)
    {
        Interlocked.Add(ref taken, batch.Messages.Count);
        if (batch.IsFull || plan.Queue.IsFifo)
        {
            Grow(plan);
        }

        return Learn(await delivery.DeliverAsync(plan, batch.Messages, handled, stopping.Token));
    }

    /// <summary>Whether the poller goes on as it is.</summary>
    private bool IsWanted(CancellationToken changed)
    {
        lock (gate)
        {
            return !changed.IsCancellationRequested && !IsStopping && HasPlace();
        }
    }

    private bool HasPlace() => running <= Math.Max(1, Math.Min(Limit(), ramp.Allowed(Seconds())));

    /// <summary>Whether this poller goes on, and the token that is cancelled when it should look anew.</summary>
    private bool Stays(out CancellationToken configured)
    {
        lock (gate)
        {
            configured = configuration.Token;
            if (!IsStopping && HasPlace())
            {
                return true;
            }

            Leave();
            return false;
        }
    }

    private bool LeavesEmptyHanded()
    {
        lock (gate)
        {
            if (running > 1)
            {
                Leave();
                return true;
            }

            ramp = PollerRamp.Rested(Seconds());
            return false;
        }
    }

    private void Leave()
    {
        running--;
        if (running == 0)
        {
            ended.TrySetResult();
        }
    }

    /// <summary>What the next batch is for; null when there is nothing to be done now.</summary>
    private PollPlan? Plan()
    {
        EventSourceMapping current;
        MessageFilter wanted;
        lock (gate)
        {
            if (Limit() == 0)
            {
                return null;
            }

            (current, wanted) = (mapping, filter);
        }

        return services.Directory.Find(current.Function) is { } function
            ? new PollPlan(current, wanted, function, services.Store.Read(
                transaction => transaction.Queues.Get(current.Queue)))
            : null;
    }

    /// <summary>Batches at a time that mapping and reserved concurrency allow; 0 without a function.</summary>
    private int Limit()
    {
        if (services.Directory.Find(mapping.Function) is not { } function
            || function.Route(mapping.Qualifier, 0) is null)
        {
            return 0;
        }

        return Math.Min(
            mapping.Settings.MaximumConcurrency ?? Limits.MappingConcurrencyMax,
            function.Function.ReservedConcurrency ?? Limits.MappingConcurrencyMax);
    }

    /// <summary>After a full batch: as many more pollers as there are batches left, and as are allowed.</summary>
    private void Grow(PollPlan plan)
    {
        int room;
        lock (gate)
        {
            room = Math.Min(Limit(), ramp.Allowed(Seconds())) - running;
        }

        if (room <= 0)
        {
            return;
        }

        var backlog = Backlog(plan, room);
        var wanted = Math.Max(PollerRamp.Initial, Wanted(plan, backlog));
        int joining;
        lock (gate)
        {
            joining = Math.Min(ramp.Target(backlog, running, Limit(), Seconds()), wanted) - running;
            if (joining <= 0 || IsStopping)
            {
                return;
            }

            running += joining;
        }

        for (; joining > 0; joining--)
        {
            Run();
        }
    }

    /// <summary>
    /// What the scale controller wants for what was seen. The few that every mapping begins with need no asking: what
    /// it knows of is the function's time, and a batch also waits for its receive and its delete.
    /// </summary>
    private int Wanted(PollPlan plan, long backlog)
    {
        int underWay;
        lock (gate)
        {
            underWay = running;
        }

        return services.Scaling.TargetFor(
            Source(),
            new SourceLoad(
                (int)Math.Min(int.MaxValue, backlog * plan.Settings.BatchSize),
                TimeSpan.Zero,
                Interlocked.Read(ref taken),
                underWay,
                Limit(),
                plan.Settings.BatchSize,
                mapping.Qualifier));
    }

    private SourceKey Source() => new(mapping.Function, "queue", mapping.Queue.Name);

    /// <summary>Batches that wait, counted no further than needed.</summary>
    private long Backlog(PollPlan plan, int most)
    {
        var now = services.Time.GetUtcNow();
        var lookedAt = Math.Min(BacklogLookedAtMax, most * plan.Settings.BatchSize);
        return services.Store.Read(transaction =>
        {
            if (plan.Queue.IsFifo)
            {
                return transaction.Messages.AvailableGroups(plan.Queue.Lane, now, most).Count;
            }

            var waiting = transaction.Messages.Visible(plan.Queue.Lane, now, lookedAt).Count;
            return (waiting + plan.Settings.BatchSize - 1) / plan.Settings.BatchSize;
        });
    }

    /// <summary>Remembers how a batch ended.</summary>
    /// <returns>How long to pause, or null for not at all.</returns>
    private TimeSpan? Learn(BatchResult result)
    {
        lock (gate)
        {
            switch (result)
            {
                case BatchResult.Succeeded:
                    LastResult = "OK";
                    failures = 0;
                    return null;
                case BatchResult.Refused:
                    LastResult = "OK";
                    ramp = PollerRamp.AfterRefusal(running, Seconds());
                    return null;
                case BatchResult.Failed:
                    LastResult = "PROBLEM: Function call failed";
                    ramp = PollerRamp.AfterFailure(running, Seconds());
                    var pause = FailurePauseFirst * Math.Pow(2, Math.Min(failures++, 10));
                    return pause > FailurePauseMax ? FailurePauseMax : pause;
                default:
                    return null;
            }
        }
    }

    private async Task WaitAsync(TimeSpan time, CancellationToken configured)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(configured, stopping.Token);
        await Task.Delay(time, services.Time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private double Seconds() => services.Time.GetElapsedTime(originTimestamp).TotalSeconds;

    [LoggerMessage(222, LogLevel.Warning, "A batch of the mapping {MappingId} could not be settled; it comes again")]
    private static partial void LogRoundFailed(ILogger logger, string mappingId, Exception exception);
}
