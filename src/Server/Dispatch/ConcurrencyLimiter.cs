using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling;
using Lambent.Server.Functions;

namespace Lambent.Server.Dispatch;

/// <summary>
/// Admits calls: a function with a reservation has exactly that many at a time; the others share what the account has
/// left, besides those that are provisioned for them. None grows faster than <see cref="ConcurrencyGrowth"/> says. The
/// counters are in flight, not per second.
/// </summary>
internal sealed class ConcurrencyLimiter
{
    private static readonly Error FunctionLimit = new(
        ErrorCode.FunctionConcurrencyExceeded,
        "Rate Exceeded.",
        Reason: "ReservedFunctionConcurrentInvocationLimitExceeded");

    private static readonly Error AccountLimit = new(
        ErrorCode.AccountConcurrencyExceeded, "Rate Exceeded.", Reason: "ConcurrentInvocationLimitExceeded");

    private readonly ConcurrentDictionary<FunctionId, FunctionLoad> functions = new();
    private readonly ConcurrentDictionary<AccountId, AccountLoad> accounts = new();
    private readonly FunctionDirectory directory;
    private readonly Func<AccountId, int> accountLimit;
    private readonly TimeProvider time;
    private readonly long originTimestamp;

    public ConcurrencyLimiter(FunctionDirectory directory, Func<AccountId, int> accountLimit, TimeProvider time)
    {
        this.directory = directory;
        this.accountLimit = accountLimit;
        this.time = time;
        originTimestamp = time.GetTimestamp();
        directory.Changed += Refresh;
    }

    /// <summary>Calls in flight of a function now.</summary>
    public int InFlight(FunctionId function) =>
        functions.TryGetValue(function, out var load) ? Volatile.Read(ref load.Calls) : 0;

    /// <summary>
    /// The most calls of each function that were in flight together since the last time, those in provisioned
    /// concurrency besides; what runs now counts for the next time too.
    /// </summary>
    public IEnumerable<(FunctionId Function, int Calls, int Provisioned)> TakePeaks()
    {
        foreach (var (function, load) in functions)
        {
            var calls = Interlocked.Exchange(ref load.CallsPeak, Math.Max(0, Volatile.Read(ref load.Calls)));
            var provisioned = Interlocked.Exchange(
                ref load.ProvisionedPeak, Math.Max(0, Volatile.Read(ref load.Provisioned)));
            if (calls > 0)
            {
                yield return (function, calls, provisioned);
            }
        }
    }

    /// <summary>
    /// Calls that a function may have in flight together by what its account's functions share, with those it has; not
    /// negative.
    /// </summary>
    public int RoomFor(FunctionSnapshot function)
    {
        var account = LoadOf(function.Function.Id.Account);
        var left = Math.Max(0, Volatile.Read(ref account.Limit) - Volatile.Read(ref account.Calls));
        return left + Math.Max(function.ProvisionedConcurrency, InFlight(function.Function.Id));
    }

    /// <summary>Counts the call in, or says which limit it would exceed.</summary>
    /// <param name="function">The snapshot the call is routed with.</param>
    /// <param name="admission">Of an admitted call: released once, also by another thread.</param>
    public Error? Admit(FunctionSnapshot function, out Admission admission)
    {
        var load = Enter(function.Function.Id, out var calls);
        admission = new Admission(load, Account: null, IsProvisioned: false);
        if (function.Function.ReservedConcurrency is { } reserved)
        {
            if (calls > reserved)
            {
                admission.Release();
                return FunctionLimit;
            }
        }
        else if (!TryTakeShare(function, load, ref admission))
        {
            return AccountLimit;
        }

        if (calls > Volatile.Read(ref load.Reached) && !TryGrow(load, calls))
        {
            admission.Release();
            return AccountLimit;
        }

        if (calls > Volatile.Read(ref load.CallsPeak))
        {
            Volatile.Write(ref load.CallsPeak, calls);
        }

        return null;
    }

    private FunctionLoad Enter(FunctionId id, out int calls)
    {
        while (true)
        {
            var load = functions.TryGetValue(id, out var known)
                ? known
                : functions.GetOrAdd(id, new FunctionLoad { Growth = ConcurrencyGrowth.Initial(Seconds()) });
            calls = Interlocked.Increment(ref load.Calls);
            if (Volatile.Read(ref load.Removed) == 0)
            {
                return load;
            }

            // Forgotten at this very moment, because the function was deleted: calls of the next one have another.
            Interlocked.Decrement(ref load.Calls);
        }
    }

    /// <summary>One of those provisioned for the function, else one that the account's functions share.</summary>
    private bool TryTakeShare(FunctionSnapshot function, FunctionLoad load, ref Admission admission)
    {
        if (function.ProvisionedConcurrency > 0)
        {
            var provisioned = Interlocked.Increment(ref load.Provisioned);
            if (provisioned <= function.ProvisionedConcurrency)
            {
                if (provisioned > Volatile.Read(ref load.ProvisionedPeak))
                {
                    Volatile.Write(ref load.ProvisionedPeak, provisioned);
                }

                admission = admission with { IsProvisioned = true };
                return true;
            }

            Interlocked.Decrement(ref load.Provisioned);
        }

        var account = LoadOf(function.Function.Id.Account);
        admission = admission with { Account = account };
        if (Interlocked.Increment(ref account.Calls) <= Volatile.Read(ref account.Limit))
        {
            return true;
        }

        admission.Release();
        return false;
    }

    private bool TryGrow(FunctionLoad load, int calls)
    {
        lock (load)
        {
            if (load.Growth.TryReach(calls, Seconds()) is not { } growth)
            {
                return false;
            }

            load.Growth = growth;

            // Above the first step each call is looked at: what was reached is forgotten when it is not needed.
            Volatile.Write(ref load.Reached, Math.Min(growth.Reached, ConcurrencyGrowth.StepMax));
            return true;
        }
    }

    private double Seconds() => time.GetElapsedTime(originTimestamp).TotalSeconds;

    private AccountLoad LoadOf(AccountId id)
    {
        if (accounts.TryGetValue(id, out var load))
        {
            return load;
        }

        // Computed before others find it, and once more after that: a change in between is seen by none but this.
        load = accounts.GetOrAdd(id, account => new AccountLoad { Limit = Unreserved(account) });
        Refresh(id);
        return load;
    }

    /// <summary>The account's own limit, or what its functions have set aside, was changed.</summary>
    public void Refresh(AccountId changed)
    {
        if (accounts.TryGetValue(changed, out var account))
        {
            // One at a time, so that the last one to write has seen the newest change.
            lock (account)
            {
                Volatile.Write(ref account.Limit, Unreserved(changed));
            }
        }
    }

    private void Refresh(FunctionId changed)
    {
        Refresh(changed.Account);

        if (directory.Find(changed) is null && functions.TryGetValue(changed, out var gone))
        {
            Forget(changed, gone);
        }
    }

    /// <summary>Unless a call is in flight, or comes right now: it sees that, or is seen.</summary>
    private void Forget(FunctionId id, FunctionLoad load)
    {
        Interlocked.Exchange(ref load.Removed, 1);
        if (Volatile.Read(ref load.Calls) == 0)
        {
            functions.TryRemove(KeyValuePair.Create(id, load));
        }
        else
        {
            Interlocked.Exchange(ref load.Removed, 0);
        }
    }

    private int Unreserved(AccountId account) => accountLimit(account) - directory.SetAside(account);

    /// <summary>What a call was counted in.</summary>
    internal readonly record struct Admission(FunctionLoad Function, AccountLoad? Account, bool IsProvisioned)
    {
        /// <summary>The call ended. The counters that it was admitted with go down, whatever changed since.</summary>
        public void Release()
        {
            if (Account is not null)
            {
                Interlocked.Decrement(ref Account.Calls);
            }

            if (IsProvisioned)
            {
                Interlocked.Decrement(ref Function.Provisioned);
            }

            Interlocked.Decrement(ref Function.Calls);
        }
    }

    /// <summary>Calls in flight of one function.</summary>
    internal sealed class FunctionLoad
    {
        public int Calls;
        public int Provisioned;
        public int Reached;
        public int Removed;

        /// <summary>Since somebody took them; two calls at the very same moment may be one too few.</summary>
        public int CallsPeak;
        public int ProvisionedPeak;

        /// <summary>Guarded by the object itself.</summary>
        public ConcurrencyGrowth Growth;
    }

    /// <summary>Calls in flight of an account that its functions share.</summary>
    internal sealed class AccountLoad
    {
        public int Calls;
        public int Limit;
    }
}
