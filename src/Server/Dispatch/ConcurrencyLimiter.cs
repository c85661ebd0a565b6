using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Functions;

namespace Lambent.Server.Dispatch;

/// <summary>
/// Admits calls: a function with a reservation has exactly that many at a time, the others share what the account has
/// left. The counters are in flight, not per second.
/// </summary>
internal sealed class ConcurrencyLimiter
{
    private static readonly Error FunctionLimit = new(
        ErrorCode.FunctionConcurrencyExceeded,
        "Rate Exceeded.",
        Reason: "ReservedFunctionConcurrentInvocationLimitExceeded");

    private static readonly Error AccountLimit = new(
        ErrorCode.AccountConcurrencyExceeded, "Rate Exceeded.", Reason: "ConcurrentInvocationLimitExceeded");

    private readonly ConcurrentDictionary<FunctionId, Load> functions = new();
    private readonly ConcurrentDictionary<AccountId, Load> accounts = new();
    private readonly FunctionDirectory directory;
    private readonly Func<AccountId, int> accountLimit;

    public ConcurrencyLimiter(FunctionDirectory directory, Func<AccountId, int> accountLimit)
    {
        this.directory = directory;
        this.accountLimit = accountLimit;
        directory.Changed += Refresh;
    }

    /// <summary>Calls in flight of a function now.</summary>
    public int InFlight(FunctionId function) =>
        functions.TryGetValue(function, out var load) ? Volatile.Read(ref load.Calls) : 0;

    /// <summary>Counts the call in, or says which limit it would exceed. An admitted call is released once.</summary>
    public Error? Admit(FunctionSnapshot function)
    {
        var load = LoadOf(function.Function.Id);
        var calls = Interlocked.Increment(ref load.Calls);
        if (function.Function.ReservedConcurrency is { } reserved)
        {
            if (calls <= reserved)
            {
                return null;
            }

            Interlocked.Decrement(ref load.Calls);
            return FunctionLimit;
        }

        var account = AccountLoad(function.Function.Id.Account);
        if (Interlocked.Increment(ref account.Calls) <= Volatile.Read(ref account.Limit))
        {
            return null;
        }

        Interlocked.Decrement(ref account.Calls);
        Interlocked.Decrement(ref load.Calls);
        return AccountLimit;
    }

    /// <param name="function">The same snapshot the call was admitted with, so that the same counters go down.</param>
    public void Release(FunctionSnapshot function)
    {
        Interlocked.Decrement(ref LoadOf(function.Function.Id).Calls);
        if (function.Function.ReservedConcurrency is null)
        {
            Interlocked.Decrement(ref AccountLoad(function.Function.Id.Account).Calls);
        }
    }

    private Load LoadOf(FunctionId id) =>
        functions.TryGetValue(id, out var load) ? load : functions.GetOrAdd(id, new Load());

    private Load AccountLoad(AccountId id) =>
        accounts.TryGetValue(id, out var load)
            ? load
            : accounts.GetOrAdd(id, account => new Load { Limit = Unreserved(account) });

    private void Refresh(FunctionId changed)
    {
        if (accounts.TryGetValue(changed.Account, out var load))
        {
            Volatile.Write(ref load.Limit, Unreserved(changed.Account));
        }

        if (directory.Find(changed) is null
            && functions.TryGetValue(changed, out var gone)
            && Volatile.Read(ref gone.Calls) == 0)
        {
            functions.TryRemove(KeyValuePair.Create(changed, gone));
        }
    }

    private int Unreserved(AccountId account)
    {
        var reserved = directory.All()
            .Where(function => function.Function.Id.Account == account)
            .Sum(function => function.Function.ReservedConcurrency ?? 0);
        return accountLimit(account) - reserved;
    }

    private sealed class Load
    {
        public int Calls;
        public int Limit;
    }
}
