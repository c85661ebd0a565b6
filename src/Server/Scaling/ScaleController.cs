using System.Collections.Concurrent;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling.Control;
using Lambent.Sandbox.Pool;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Scaling;

/// <summary>
/// Looks at the versions that are called, once a second and soon after a call found no place, and has environments
/// started ahead; tells sources of work how many calls to have in flight; remembers why. A call pays nothing for it
/// but the counters that the pool keeps under its lock; a version without environments is not looked at.
/// </summary>
internal sealed class ScaleController : IConcurrencyTargets, IDisposable
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    /// <summary>After a miss, so that a burst is seen as one; also the shortest time between two such looks.</summary>
    private static readonly TimeSpan MissDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Versions and sources that are remembered; those unused longest are forgotten.</summary>
    private const int RememberedMax = 10_000;

    private readonly ConcurrentDictionary<EnvironmentSpecification, VersionScaling> versions = new();
    private readonly ConcurrentDictionary<SourceKey, SourceScaling> sources = new();
    private readonly ConcurrentDictionary<EnvironmentSpecification, byte> missed = new();
    private readonly Lock looking = new();
    private readonly EnvironmentPool pool;
    private readonly FunctionDirectory directory;
    private readonly ConcurrencyLimiter limiter;
    private readonly ScaleControllerOptions options;
    private readonly TimeProvider time;
    private readonly long originTimestamp;
    private readonly ITimer lookTimer;
    private readonly ITimer missTimer;
    private int missArmed;

    public ScaleController(
        EnvironmentPool pool,
        FunctionDirectory directory,
        ConcurrencyLimiter limiter,
        ScaleControllerOptions options,
        TimeProvider time)
    {
        this.pool = pool;
        this.directory = directory;
        this.limiter = limiter;
        this.options = options;
        this.time = time;
        originTimestamp = time.GetTimestamp();
        lookTimer = time.CreateTimer(_ => LookAtAll(), null, LookPeriod, LookPeriod);
        missTimer = time.CreateTimer(
            _ => LookAtMissed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        pool.Missed += Note;
        directory.Changed += ForgetRetired;
    }

    /// <summary>Where decisions are kept beyond this process, or null.</summary>
    public DecisionArchive? Archive { get; init; }

    /// <summary>Puts what was decided since the last time into the archive.</summary>
    public void HandOver()
    {
        foreach (var (specification, version) in versions)
        {
            Archive?.Put(OwnerOf(specification), version.TakeNew());
        }

        foreach (var (source, scaling) in sources)
        {
            Archive?.Put(OwnerOf(source), scaling.TakeNew());
        }
    }

    /// <inheritdoc/>
    public int TargetFor(SourceKey source, in SourceLoad load)
    {
        if (directory.Find(source.Function) is not { } function
            || function.Route(load.Qualifier, 0) is not { } specification)
        {
            return 0;
        }

        var version = VersionOf(specification);
        var scaling = sources.TryGetValue(source, out var known)
            ? known
            : sources.GetOrAdd(source, key => new SourceScaling(key, Archive?.LastNumberOf(OwnerOf(key)) ?? 0));
        var environments = pool.CountOf(specification);
        var limits = LimitsOf(function, version.Measured.Use, environments) with
        {
            Packed = pool.CallsInFlightMax(specification),
        };
        var decision = scaling.Decide(load, version.Measured.Use, environments, limits, Seconds(), time.GetUtcNow());

        // Told at once, not with the next look: the calls are about to be made. What shares few environments has them.
        if (version.WantForSource(source, decision, Seconds()) && limits.Packed is null)
        {
            pool.StartAhead(specification, version.Wanted);
        }

        return decision.Concurrency;
    }

    /// <inheritdoc/>
    public void Forget(SourceKey source)
    {
        if (Remove(source))
        {
            foreach (var version in versions.Values)
            {
                version.ForgetSource(source);
            }
        }
    }

    /// <summary>
    /// What was decided about a function and the sources that feed it, or about a source; before a restart as well.
    /// </summary>
    public IReadOnlyList<ScalingView> Describe(Kernel.Access.AccountId account, string name)
    {
        var kept = Archive?.Find(account, name).ToDictionary() ?? [];
        var views = versions
            .Where(entry => entry.Key.Function.Account == account && entry.Key.Function.Name == name)
            .Select(entry => entry.Value.View())
            .Concat(sources
                .Where(entry => entry.Key.Function.Account == account
                    && (entry.Key.Function.Name == name || entry.Key.Name == name))
                .Select(entry => entry.Value.View()))
            .Where(view => view.Last is not null)
            .Select(view => After(view, kept))
            .ToList();
        views.AddRange(kept.Select(one => new ScalingView(
            one.Key.Function,
            one.Key.SourceKind.Length == 0 ? one.Key.Version : null,
            one.Key.SourceKind.Length == 0
                ? null
                : new SourceKey(one.Key.Function, one.Key.SourceKind, one.Key.SourceName),
            one.Value[^1],
            one.Value)));
        return
        [
            .. views.Where(view => view.Source is null).OrderByDescending(view => view.Last!.At),
            .. views.Where(view => view.Source is not null)
                .OrderBy(view => view.Source!.Value.Kind, StringComparer.Ordinal)
                .ThenBy(view => view.Source!.Value.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The view with what is kept from before; takes that out.</summary>
    private static ScalingView After(ScalingView view, Dictionary<DecisionOwner, List<ScalingRecord>> kept)
    {
        var owner = view.Source is { } source
            ? OwnerOf(source)
            : new DecisionOwner(view.Function, view.Version!, "", "");
        if (!kept.Remove(owner, out var older))
        {
            return view;
        }

        var first = view.Records.Count > 0 ? view.Records[0].Number : long.MaxValue;
        return view with
        {
            Records =
            [
                .. older.Where(record => record.Number < first).Concat(view.Records).TakeLast(DecisionLog.RecordsMax),
            ],
        };
    }

    public void Dispose()
    {
        pool.Missed -= Note;
        directory.Changed -= ForgetRetired;
        lookTimer.Dispose();
        missTimer.Dispose();
    }

    private double Seconds() => time.GetElapsedTime(originTimestamp).TotalSeconds;

    private VersionScaling VersionOf(EnvironmentSpecification specification) =>
        versions.TryGetValue(specification, out var known)
            ? known
            : versions.GetOrAdd(
                specification, one => new VersionScaling(one, Archive?.LastNumberOf(OwnerOf(one)) ?? 0));

    /// <summary>On the thread of the call that found no place.</summary>
    private void Note(EnvironmentSpecification specification)
    {
        missed.TryAdd(specification, 0);
        if (Volatile.Read(ref missArmed) == 0 && Interlocked.Exchange(ref missArmed, 1) == 0)
        {
            missTimer.Change(MissDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private void LookAtMissed()
    {
        Volatile.Write(ref missArmed, 0);
        lock (looking)
        {
            foreach (var specification in missed.Keys)
            {
                missed.TryRemove(specification, out _);
                if (pool.DescribeLoad(specification) is { } load)
                {
                    Look(load);
                }
            }
        }
    }

    private void LookAtAll()
    {
        // The look before may take longer than a second on a machine that is suspended or overloaded.
        if (!looking.TryEnter())
        {
            return;
        }

        try
        {
            foreach (var load in pool.DescribeLoads())
            {
                Look(load);
            }

            ForgetUnused();
        }
        finally
        {
            looking.Exit();
        }
    }

    private void Look(VersionLoad load)
    {
        var specification = load.Specification;
        if (directory.Find(specification.Function) is not { } function || !function.Uses(specification))
        {
            return;
        }

        var version = VersionOf(specification);
        var limits = LimitsOf(function, version.Measured.Use, (load.Ready, load.Starting));
        if (version.Look(load, limits, Seconds(), time.GetUtcNow()))
        {
            pool.StartAhead(specification, version.Wanted);
        }
    }

    private ScalingLimits LimitsOf(FunctionSnapshot function, FunctionUse use, (int Ready, int Starting) environments)
    {
        var own = environments.Ready + environments.Starting;
        return new ScalingLimits
        {
            Reserved = function.Function.ReservedConcurrency,
            Account = function.Function.ReservedConcurrency ?? limiter.RoomFor(function),
            NodeEnvironments = own + pool.FreeCount,
            NodeMegabytes = options.FreeMegabytes() + (own * use.EnvironmentMegabytes),
            NodeCores = options.Cores,
            IsBusy = options.IsBusy(),
        };
    }

    private void ForgetRetired(FunctionId changed)
    {
        var current = directory.Find(changed);
        foreach (var specification in versions.Keys)
        {
            if (specification.Function == changed && current?.Uses(specification) != true)
            {
                Remove(specification);
            }
        }

        if (current is null)
        {
            foreach (var source in sources.Keys.Where(source => source.Function == changed))
            {
                Remove(source);
            }
        }
    }

    private void ForgetUnused()
    {
        foreach (var (specification, _) in versions
            .OrderBy(entry => entry.Value.DecidedAt)
            .Take(Math.Max(0, versions.Count - RememberedMax)))
        {
            Remove(specification);
        }

        foreach (var (source, _) in sources
            .OrderBy(entry => entry.Value.DecidedAt)
            .Take(Math.Max(0, sources.Count - RememberedMax)))
        {
            Remove(source);
        }
    }

    private static DecisionOwner OwnerOf(EnvironmentSpecification specification) =>
        new(specification.Function, specification.Version, "", "");

    private static DecisionOwner OwnerOf(SourceKey source) => new(source.Function, "", source.Kind, source.Name);

    /// <summary>What was decided goes to the archive first, where it is found from then on.</summary>
    private void Remove(EnvironmentSpecification specification)
    {
        if (versions.TryRemove(specification, out var version) && directory.Find(specification.Function) is not null)
        {
            Archive?.Put(OwnerOf(specification), version.TakeNew());
        }
    }

    private bool Remove(SourceKey source)
    {
        var isRemoved = sources.TryRemove(source, out var scaling);
        if (isRemoved && directory.Find(source.Function) is not null)
        {
            Archive?.Put(OwnerOf(source), scaling!.TakeNew());
        }

        return isRemoved;
    }
}
