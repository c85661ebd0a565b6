using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling;
using Lambent.Sandbox.Pool;
using Lambent.Server.Functions;

namespace Lambent.Server.Dispatch;

/// <summary>
/// Keeps the pool in line with what functions have provisioned: after every change, and when a window opens or closes.
/// When an alias moves, the environments of the version before are let go once those of the next one are there.
/// </summary>
internal sealed class ProvisionedEnvironments : IDisposable
{
    /// <summary>How often a version is looked at whose environments another one's wait for.</summary>
    private static readonly TimeSpan HandoverPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait of the old environments for the new ones.</summary>
    private static readonly TimeSpan HandoverMax = TimeSpan.FromMinutes(2);

    /// <summary>A clock that was set, or a machine that slept, is noticed after this time.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<FunctionId, Kept> functions = [];
    private readonly EnvironmentPool pool;
    private readonly FunctionDirectory directory;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private bool disposed;

    /// <summary>Made after the dispatcher, which lets environments of changed versions go first.</summary>
    public ProvisionedEnvironments(EnvironmentPool pool, FunctionDirectory directory, TimeProvider time)
    {
        this.pool = pool;
        this.directory = directory;
        this.time = time;
        timer = time.CreateTimer(_ => LookAgain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        directory.Changed += Align;
        foreach (var function in directory.All())
        {
            Align(function.Function.Id);
        }
    }

    /// <summary>What is provisioned for a function now, by qualifier; windows that are shut count as 0.</summary>
    public IReadOnlyDictionary<string, ProvisionedState> Describe(FunctionSnapshot snapshot)
    {
        Dictionary<EnvironmentSpecification, ProvisionedStatus> left = [];
        Dictionary<string, ProvisionedState> states = new(StringComparer.Ordinal);
        foreach (var (qualifier, provisioned) in snapshot.Function.Provisioned)
        {
            var moment = ProvisionedSchedule.At(provisioned, time.GetUtcNow(), FindZone);
            var (allocated, available, error) = (0, 0, default(string));
            foreach (var (version, count) in ProvisionedRules.Shares(snapshot.Function, qualifier, moment.Count))
            {
                if (snapshot.Route(version, 1) is not { } specification)
                {
                    continue;
                }

                if (!left.TryGetValue(specification, out var status))
                {
                    status = InCalls(pool.DescribeProvisioned(specification), specification);
                }

                // Several aliases of one version share its environments in the order of their names.
                var (hasAllocated, has) = (Math.Min(count, status.Allocated), Math.Min(count, status.Available));
                left[specification] = new ProvisionedStatus(
                    status.Allocated - hasAllocated, status.Available - has, status.LastError);
                allocated += hasAllocated;
                available += has;
                error ??= has < count ? status.LastError : null;
            }

            states[qualifier] = new ProvisionedState(
                provisioned, moment.Count, moment.NextChange, allocated, available, error);
        }

        return states;
    }

    /// <summary>Provisioned environments of all functions: ready or being started, and ready.</summary>
    public (int Allocated, int Available) Totals()
    {
        lock (gate)
        {
            var states = functions.Values
                .SelectMany(kept => kept.Counts.Keys)
                .Select(pool.DescribeProvisioned)
                .ToList();
            return (states.Sum(state => state.Allocated), states.Sum(state => state.Available));
        }
    }

    public void Dispose()
    {
        directory.Changed -= Align;
        lock (gate)
        {
            disposed = true;
        }

        timer.Dispose();
    }

    /// <summary>The zone with this IANA name, or null.</summary>
    public static TimeZoneInfo? FindZone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    private static ProvisionedStatus InCalls(ProvisionedStatus status, EnvironmentSpecification specification) =>
        new(status.Allocated * specification.Concurrency,
            status.Available * specification.Concurrency,
            status.LastError);

    private void Align(FunctionId id)
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            // The newest state, whichever change this is for: changes can be announced out of order.
            AlignLocked(id, directory.Find(id));
            SetTimer();
        }
    }

    private void LookAgain()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            var now = time.GetUtcNow();
            foreach (var (id, kept) in functions.ToList())
            {
                if (kept.LookAt <= now)
                {
                    AlignLocked(id, directory.Find(id));
                }
            }

            SetTimer();
        }
    }

    private void AlignLocked(FunctionId id, FunctionSnapshot? snapshot)
    {
        var provisions = snapshot is { Function.Provisioned.IsEmpty: false };
        if (!functions.TryGetValue(id, out var kept))
        {
            if (!provisions)
            {
                return;
            }

            functions[id] = kept = new Kept();
        }

        var now = time.GetUtcNow();
        DateTimeOffset? look = null;
        var wanted = provisions ? Wanted(snapshot!, now, out look) : [];
        var arriving = false;
        foreach (var (specification, count) in wanted)
        {
            if (kept.Counts.GetValueOrDefault(specification) < count)
            {
                pool.Provision(specification, count);
                kept.Counts[specification] = count;
            }

            var status = pool.DescribeProvisioned(specification);
            arriving |= status.Available < count && status.LastError is null;
        }

        var leaving = kept.Counts.Where(entry => entry.Value > wanted.GetValueOrDefault(entry.Key)).ToList();
        kept.HandoverUntil = leaving.Count == 0 ? null : kept.HandoverUntil ?? now + HandoverMax;
        if (leaving.Count > 0 && arriving && now < kept.HandoverUntil)
        {
            kept.LookAt = now + HandoverPeriod;
            return;
        }

        foreach (var (specification, _) in leaving)
        {
            var count = wanted.GetValueOrDefault(specification);
            pool.Provision(specification, count);
            if (count == 0)
            {
                kept.Counts.Remove(specification);
            }
            else
            {
                kept.Counts[specification] = count;
            }
        }

        kept.HandoverUntil = null;
        kept.LookAt = look;
        if (!provisions)
        {
            functions.Remove(id);
        }
    }

    /// <summary>Environments by what they are made of; several configurations that reach one version add up.</summary>
    private static Dictionary<EnvironmentSpecification, int> Wanted(
        FunctionSnapshot snapshot, DateTimeOffset now, out DateTimeOffset? nextChange)
    {
        Dictionary<EnvironmentSpecification, int> calls = [];
        nextChange = null;
        foreach (var (qualifier, provisioned) in snapshot.Function.Provisioned)
        {
            var moment = ProvisionedSchedule.At(provisioned, now, FindZone);
            nextChange = nextChange is { } one && moment.NextChange > one ? one : moment.NextChange ?? nextChange;
            foreach (var (version, count) in ProvisionedRules.Shares(snapshot.Function, qualifier, moment.Count))
            {
                if (count > 0 && snapshot.Route(version, 1) is { } specification)
                {
                    calls[specification] = calls.GetValueOrDefault(specification) + count;
                }
            }
        }

        return calls.ToDictionary(
            entry => entry.Key,
            entry => (entry.Value + entry.Key.Concurrency - 1) / entry.Key.Concurrency);
    }

    private void SetTimer()
    {
        var now = time.GetUtcNow();
        var next = functions.Values.Min(kept => kept.LookAt);
        if (next is not { } at)
        {
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // A timer may be a moment early; then it is set again for the rest.
        var wait = at - now;
        wait = wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait > LookMax ? LookMax : wait;
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private sealed class Kept
    {
        public Dictionary<EnvironmentSpecification, int> Counts { get; } = [];

        /// <summary>When to look at the function again without a change of it.</summary>
        public DateTimeOffset? LookAt { get; set; }

        public DateTimeOffset? HandoverUntil { get; set; }
    }
}

/// <summary>How far one configuration is.</summary>
/// <param name="Configured">What the owner set.</param>
/// <param name="Requested">Calls at a time that it asks for now.</param>
/// <param name="NextChange">When a window changes that, or null.</param>
/// <param name="Allocated">Those whose environments are ready or being started.</param>
/// <param name="Available">Those whose environments are ready, with or without a call in them.</param>
/// <param name="Error">Why the last environment did not start, with the phase; null when none failed.</param>
internal sealed record ProvisionedState(
    ProvisionedConcurrency Configured,
    int Requested,
    DateTimeOffset? NextChange,
    int Allocated,
    int Available,
    string? Error)
{
    /// <summary>IN_PROGRESS, READY or FAILED.</summary>
    public string Status => Available >= Requested ? "READY" : Error is null ? "IN_PROGRESS" : "FAILED";

    /// <summary>AWS's code for a failed start with what happened, or null.</summary>
    public string? StatusReason => Status != "FAILED" ? null
        : Error!.StartsWith("init: ", StringComparison.Ordinal) ? $"FUNCTION_ERROR_INIT_FAILURE: {Error}"
        : Error;
}
