using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;

namespace Lambent.Server.Functions;

/// <summary>
/// Changes the calls that functions have set aside, reserved or provisioned, such that an account never promises more
/// than it has. What the others have is summed from memory, because reading all of an account's functions would hold up
/// the store; that is exact because reservations are changed one at a time, and each is visible before the next one is
/// looked at.
/// </summary>
public sealed class ConcurrencyReservations(FunctionService functions) : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1);

    /// <param name="context">For the command.</param>
    /// <param name="id">The function.</param>
    /// <param name="reserved">Calls in flight; null gives the reservation back.</param>
    /// <param name="cancellation">Stops the waiting; a change once begun is finished.</param>
    public Task<Result<Function>> SetAsync(
        CommandContext context, FunctionId id, int? reserved, CancellationToken cancellation) =>
        ChangeAsync(
            id,
            (state, accountLimit, takenByOthers) => ReserveConcurrency.Apply(
                state,
                new ReserveConcurrency
                {
                    Reserved = reserved,
                    ReservedByOthers = takenByOthers,
                    AccountLimit = accountLimit,
                },
                context),
            cancellation);

    /// <param name="context">For the command.</param>
    /// <param name="id">The function.</param>
    /// <param name="change">What is to be kept started.</param>
    /// <param name="cancellation">Stops the waiting; a change once begun is finished.</param>
    public Task<Result<Function>> ProvisionAsync(
        CommandContext context, FunctionId id, ProvisioningChange change, CancellationToken cancellation) =>
        ChangeAsync(
            id,
            (state, accountLimit, takenByOthers) => ProvisionConcurrency.Apply(
                state,
                new ProvisionConcurrency
                {
                    Qualifier = change.Qualifier,
                    Count = change.Count,
                    Windows = change.Windows,
                    TakenByOthers = takenByOthers,
                    AccountLimit = accountLimit,
                },
                context),
            cancellation);

    public void Dispose() => oneAtATime.Dispose();

    private async Task<Result<Function>> ChangeAsync(
        FunctionId id, Func<Function?, int, int, Result<Function>> decide, CancellationToken cancellation)
    {
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            // Not cancelled half-way: the sum must know of every change that was committed.
            return await functions.ChangeAsync(
                id,
                (state, transaction) => decide(
                    state,
                    transaction.Accounts.Get(id.Account)?.ConcurrencyLimit ?? Limits.AccountConcurrencyDefault,
                    functions.Directory.SetAside(id.Account, id)),
                CancellationToken.None);
        }
        finally
        {
            oneAtATime.Release();
        }
    }
}

/// <param name="Qualifier">A version number or an alias.</param>
/// <param name="Count">Calls at a time outside of all windows; null leaves it.</param>
/// <param name="Windows">Times with another count; null leaves them.</param>
public sealed record ProvisioningChange(string Qualifier, int? Count, ImmutableArray<ProvisionedWindow>? Windows);
