using System.Net.Sockets;
using Lambent.Kernel.Scaling;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Pool;

/// <summary>How many generic environments may wait.</summary>
public sealed record GenericPoolOptions
{
    /// <summary>Memory that waiting environments may take together; 0 for none waiting.</summary>
    public required long MemoryBytesMax { get; init; }

    /// <summary>Those that may wait together, whatever their size.</summary>
    public int EnvironmentsMax { get; init; } = 256;

    /// <summary>Kinds that are kept in mind: what owners choose must not fill the server.</summary>
    public int KindsMax { get; init; } = 64;

    /// <summary>How many are started at a time, and only while no call waits for a start of its own.</summary>
    public int StartsAtATime { get; init; } = 2;

    /// <summary>How long a kind is left alone after one of it did not start.</summary>
    public TimeSpan FailurePause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long after the last one was taken others are started: a burst is over by then, and the calls run.
    /// </summary>
    public TimeSpan RefillPause { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How often what is waiting is compared with what is wanted, when nothing happens.</summary>
    public TimeSpan ReviewPeriod { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Generic environments, started ahead of the calls that will need them. A first call takes one and gives it its
/// function; another is started in its place, in the background and with what processor time nobody else wants.
/// </summary>
internal sealed class GenericPool : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<GenericKind, Shelf> shelves = [];
    private readonly IGenericStarter starter;
    private readonly GenericPoolOptions options;
    private readonly TimeProvider time;
    private readonly Action<string> warn;
    private readonly ITimer reviewTimer;
    private readonly ITimer refillTimer;
    private readonly CancellationTokenSource disposed = new();
    private readonly SemaphoreSlim turns = new(2 * Environment.ProcessorCount);
    private readonly HashSet<Task> working = [];
    private int starting;
    private int foreground;

    public GenericPool(IGenericStarter starter, GenericPoolOptions options, TimeProvider time, Action<string> warn)
    {
        this.starter = starter;
        this.options = options;
        this.time = time;
        this.warn = warn;
        reviewTimer = time.CreateTimer(_ => Review(), null, options.ReviewPeriod, options.ReviewPeriod);
        refillTimer = time.CreateTimer(_ => Review(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Functions of this kind exist: some are kept ready from now on.</summary>
    public void Expect(GenericKind kind)
    {
        lock (gate)
        {
            if (options.MemoryBytesMax <= 0 || disposed.IsCancellationRequested || shelves.ContainsKey(kind))
            {
                return;
            }

            if (shelves.Count >= options.KindsMax)
            {
                RemoveLeastWanted();
            }

            var now = time.GetUtcNow();
            foreach (var shelf in shelves.Values)
            {
                shelf.Demand = shelf.Demand.GiveWay(now);
            }

            shelves[kind] = new Shelf(GenericDemand.Begin(now), PriorBytes(kind));
        }

        Review();
    }

    /// <summary>A waiting environment of this kind, or null when none waits and the caller has to start one.</summary>
    public GenericEnvironment? TryTake(GenericKind kind)
    {
        Expect(kind);
        GenericEnvironment? taken = null;
        lock (gate)
        {
            if (!shelves.TryGetValue(kind, out var shelf))
            {
                return null;
            }

            shelf.Demand = shelf.Demand.Take(time.GetUtcNow());
            while (taken is null && shelf.Waiting.TryDequeue(out var candidate))
            {
                if (candidate.IsAlive)
                {
                    taken = candidate;
                }
                else
                {
                    Work(candidate.DisposeAsync().AsTask());
                }
            }
        }

        if (taken is not null)
        {
            taken.Process.EndYielding();
            // Not now: the call that took it is about to load its code.
            refillTimer.Change(options.RefillPause, Timeout.InfiniteTimeSpan);
        }

        return taken;
    }

    /// <summary>
    /// For a call that needs a start of its own. Until the result is disposed nothing is started ahead; and only some
    /// starts go on at a time: more would all be ready later, and the first ones can take the calls of the others.
    /// </summary>
    public async Task<Turn> AwaitTurnAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            foreground++;
        }

        try
        {
            await turns.WaitAsync(cancellation);
        }
        catch
        {
            EndForeground();
            throw;
        }

        return new Turn(this);
    }

    /// <summary>How many wait, of all kinds, and how many are to.</summary>
    public (int Count, int Wanted) Counts
    {
        get
        {
            lock (gate)
            {
                return (
                    shelves.Values.Sum(shelf => shelf.Waiting.Count), Targets().Sum(target => target.Target));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await reviewTimer.DisposeAsync();
        await refillTimer.DisposeAsync();
        await disposed.CancelAsync();
        List<GenericEnvironment> left = [];
        lock (gate)
        {
            foreach (var shelf in shelves.Values)
            {
                left.AddRange(shelf.Waiting);
                shelf.Waiting.Clear();
            }
        }

        await Task.WhenAll(left.Select(environment => environment.DisposeAsync().AsTask()));
        Task[] remaining;
        lock (gate)
        {
            remaining = [.. working];
        }

        await Task.WhenAll(remaining);
        turns.Dispose();
        disposed.Dispose();
    }

    /// <summary>Completes when nothing is being started or taken down.</summary>
    internal async Task SettleAsync()
    {
        while (true)
        {
            Task[] remaining;
            lock (gate)
            {
                remaining = [.. working.Where(task => !task.IsCompleted)];
            }

            if (remaining.Length == 0)
            {
                return;
            }

            await Task.WhenAll(remaining);
        }
    }

    /// <summary>Lets go of what is no longer wanted and starts what is missing.</summary>
    private void Review()
    {
        lock (gate)
        {
            if (disposed.IsCancellationRequested)
            {
                return;
            }

            foreach (var (_, shelf, target) in Targets())
            {
                while (shelf.Waiting.Count > target && shelf.Waiting.TryDequeue(out var surplus))
                {
                    Work(surplus.DisposeAsync().AsTask());
                }
            }

            while (foreground == 0 && starting < options.StartsAtATime && Missing() is { } kind)
            {
                starting++;
                shelves[kind].Starting++;
                Work(Task.Run(() => StartAsync(kind)));
            }
        }
    }

    private async Task StartAsync(GenericKind kind)
    {
        GenericEnvironment? started = null;
        string? failure = null;
        try
        {
            if (await starter.CanStartAsync(kind))
            {
                started = await starter.StartAsync(kind, disposed.Token);
            }
        }
        catch (Exception exception)
        {
            // All of them: what is counted as starting would count for ever.
            failure = StartFailures.Reason(StartPhase.Start, exception).Message;
        }

        var keep = false;
        var isNews = false;
        lock (gate)
        {
            starting--;
            if (!shelves.TryGetValue(kind, out var shelf) || disposed.IsCancellationRequested)
            {
                // Forgotten meanwhile, or the end: what was started is let go below.
            }
            else if (--shelf.Starting >= 0 && started is null)
            {
                shelf.PausedUntil = time.GetUtcNow() + options.FailurePause;
                isNews = failure != shelf.LastFailure;
                shelf.LastFailure = failure;
            }
            else if (started is not null)
            {
                shelf.LastFailure = null;
                keep = true;
                shelf.Waiting.Enqueue(started);
                shelf.Measure(started.Process.PeakMemoryBytes);
            }
        }

        if (failure is not null && isNews)
        {
            warn($"No environment of {kind.Runtime.Name} could be started ahead: {failure}");
        }

        if (started is not null && !keep)
        {
            await started.DisposeAsync();
        }

        Review();
    }

    private void RemoveLeastWanted()
    {
        var now = time.GetUtcNow();
        var (kind, shelf) = shelves.MinBy(pair => pair.Value.Demand.Forecast(now));
        shelves.Remove(kind);
        foreach (var environment in shelf.Waiting)
        {
            Work(environment.DisposeAsync().AsTask());
        }
    }

    private GenericKind? Missing()
    {
        var now = time.GetUtcNow();
        GenericKind? missing = null;
        var fewest = 1.0;
        foreach (var (kind, shelf, target) in Targets())
        {
            var share = target == 0 ? 1 : (shelf.Waiting.Count + shelf.Starting) / (double)target;
            if (share < fewest && shelf.PausedUntil <= now)
            {
                (missing, fewest) = (kind, share);
            }
        }

        return missing;
    }

    private IEnumerable<(GenericKind Kind, Shelf Shelf, int Target)> Targets()
    {
        var now = time.GetUtcNow();
        var all = shelves.ToList();
        var shares = all.ConvertAll(pair => new GenericShare(
            Math.Min(pair.Value.Demand.Forecast(now), options.EnvironmentsMax / all.Count), pair.Value.Bytes));
        return all.Zip(
            GenericShare.Divide(shares, options.MemoryBytesMax), (pair, target) => (pair.Key, pair.Value, target));
    }

    /// <summary>Remembered until it is done, so that nothing is left behind at the end. Under the lock.</summary>
    private void Work(Task task)
    {
        working.Add(task);
        _ = task.ContinueWith(
            done =>
            {
                lock (gate)
                {
                    working.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    private void EndForeground()
    {
        lock (gate)
        {
            foreground--;
        }

        Review();
    }

    /// <summary>
    /// What one was seen to take of a machine's memory, sandbox and kernel included, beyond what it shares.
    /// </summary>
    private static long PriorBytes(GenericKind kind) => 1024 * 1024 * kind.Runtime.Language switch
    {
        "node" => 12L,
        "python" => 8,
        "dotnet" => 28,
        _ => 2,
    };

    /// <summary>The right to start an environment for a call that waits for it.</summary>
    internal readonly struct Turn(GenericPool pool) : IDisposable
    {
        public void Dispose()
        {
            pool.turns.Release();
            pool.EndForeground();
        }
    }

    private sealed class Shelf(GenericDemand demand, long priorBytes)
    {
        private long average;

        public GenericDemand Demand { get; set; } = demand;

        public long Bytes => Math.Max(priorBytes, average);

        public Queue<GenericEnvironment> Waiting { get; } = [];

        public int Starting { get; set; }

        public string? LastFailure { get; set; }

        public DateTimeOffset PausedUntil { get; set; }

        /// <summary>
        /// Never below what is known: what a process has taken when it is ready is less than it takes while it waits.
        /// The first one also pays for the pages that all share, so a single one counts little.
        /// </summary>
        public void Measure(long bytes) => average = ((Bytes * 3) + bytes) / 4;
    }
}
