using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;

namespace Lambent.Server.Functions;

/// <summary>
/// Changes the calls that functions have set aside, such that an account never promises more than it has. What the
/// others have is summed from memory, because reading all of an account's functions would hold up the store; that is
/// exact because reservations are changed one at a time, and each is visible before the next one is looked at.
/// </summary>
public sealed class ConcurrencyReservations(FunctionService functions) : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1);

    /// <param name="context">For the command.</param>
    /// <param name="id">The function.</param>
    /// <param name="reserved">Calls in flight; null gives the reservation back.</param>
    /// <param name="cancellation">Stops the waiting; a change once begun is finished.</param>
    public async Task<Result<Function>> SetAsync(
        CommandContext context, FunctionId id, int? reserved, CancellationToken cancellation)
    {
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            // Not cancelled half-way: the sum must know of every change that was committed.
            return await functions.ChangeAsync(
                id,
                (state, transaction) =>
                {
                    var account = transaction.Accounts.Get(id.Account);
                    var command = new ReserveConcurrency
                    {
                        Reserved = reserved,
                        ReservedByOthers = Sum(id.Account, id),
                        AccountLimit = account?.ConcurrencyLimit ?? Limits.AccountConcurrencyDefault,
                    };
                    return ReserveConcurrency.Apply(state, command, context);
                },
                CancellationToken.None);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>What an account's functions have set aside together.</summary>
    /// <param name="account">The account.</param>
    /// <param name="except">One that does not count, or null.</param>
    public int Sum(AccountId account, FunctionId? except = null) => functions.Directory.All()
        .Where(snapshot => snapshot.Function.Id.Account == account && snapshot.Function.Id != except)
        .Sum(snapshot => snapshot.Function.ReservedConcurrency ?? 0);

    public void Dispose() => oneAtATime.Dispose();
}
