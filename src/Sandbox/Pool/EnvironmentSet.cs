using System.Diagnostics.CodeAnalysis;
using Lambent.Kernel.Environments;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// The environments of one version, and which of them have room for a call. Guarded by the lock of the version's pool.
/// </summary>
internal sealed class EnvironmentSet(EnvironmentSpecification specification, TimeProvider time)
{
    private readonly List<ExecutionEnvironment> available = [];
    private readonly HashSet<ExecutionEnvironment> all = [];
    private int places = specification.Concurrency;

    public int Count => all.Count;

    /// <summary>Those with room for a call, the one used last at the end.</summary>
    public IReadOnlyList<ExecutionEnvironment> Available => available;

    public IReadOnlyCollection<ExecutionEnvironment> All => all;

    /// <summary>
    /// Calls at a time in one environment, at most the specification's; environments with more keep theirs.
    /// </summary>
    public int Places
    {
        get => places;
        set
        {
            places = value;
            available.RemoveAll(environment => environment.InFlight >= places);
            foreach (var environment in all)
            {
                if (!environment.Retired && environment.InFlight < places && !available.Contains(environment))
                {
                    // Before those that were in use until now.
                    available.Insert(0, environment);
                }
            }
        }
    }

    public int ProvisionedCount => all.Count(IsProvisioned);

    public void Add(ExecutionEnvironment environment) => all.Add(environment);

    /// <summary>It is to be stopped, because no call uses it.</summary>
    public void Remove(ExecutionEnvironment environment)
    {
        environment.Retired = true;
        available.Remove(environment);
        all.Remove(environment);
    }

    /// <summary>It takes no more calls. True when it is to be stopped now, because no call uses it.</summary>
    public bool Retire(ExecutionEnvironment environment)
    {
        environment.Retired = true;
        available.Remove(environment);
        return environment.InFlight == 0 && all.Remove(environment);
    }

    /// <summary>
    /// One with room for a call: a provisioned one before others, then the one used last. Null when there is none.
    /// </summary>
    public ExecutionEnvironment? Take(bool prefersProvisioned)
    {
        while (available.Count > 0)
        {
            var index = prefersProvisioned ? available.FindLastIndex(IsProvisioned) : -1;
            index = index >= 0 ? index : available.Count - 1;
            var environment = available[index];
            if (environment.Closed.IsCompleted)
            {
                available.RemoveAt(index);
                continue;
            }

            if (environment.InFlight + 1 >= places)
            {
                available.RemoveAt(index);
            }

            return environment;
        }

        return null;
    }

    /// <summary>A call ended in it, or it is new: it is available as far as it has room.</summary>
    public void Keep(ExecutionEnvironment environment)
    {
        if (environment.InFlight == 0)
        {
            environment.IdleSinceTimestamp = time.GetTimestamp();
        }

        if (environment.InFlight >= places)
        {
            available.Remove(environment);
        }
        else if (places == 1 || !available.Contains(environment))
        {
            available.Add(environment);
        }
    }

    /// <summary>The one that has been idle longest, among those that may be stopped to make room.</summary>
    public bool TryFindLongestIdle([NotNullWhen(true)] out ExecutionEnvironment? longest)
    {
        longest = null;
        foreach (var environment in available)
        {
            if (environment.InFlight == 0 && !environment.Provisioned
                && (longest is null || environment.IdleSinceTimestamp < longest.IdleSinceTimestamp))
            {
                longest = environment;
            }
        }

        return longest is not null;
    }

    /// <summary>Provisioned environments beyond so many become ordinary ones.</summary>
    public void KeepProvisioned(int count)
    {
        foreach (var environment in all.Where(IsProvisioned).Skip(count))
        {
            environment.Provisioned = false;
        }
    }

    /// <summary>How many environments it takes for this many calls.</summary>
    public int CountFor(int calls) => (calls + Places - 1) / Places;

    public void Describe(List<EnvironmentDescription> into)
    {
        foreach (var environment in all)
        {
            into.Add(new EnvironmentDescription(
                environment.Id,
                specification.Function,
                specification.Version,
                environment.InFlight > 0 ? EnvironmentState.Busy : EnvironmentState.Idle,
                environment.CallCount,
                environment.StartedAt,
                environment.Phases,
                environment.PeakMemoryMegabytes));
        }
    }

    private static bool IsProvisioned(ExecutionEnvironment environment) =>
        environment.Provisioned && !environment.Retired;
}
