using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Workflows;

/// <summary>Activities, whoever asks. Their tasks are handed out by <see cref="ActivityWorkers"/>.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="workers">Who hands out tasks.</param>
/// <param name="region">Of this server.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Cancelled when the server begins to stop: nobody waits for a task any more.</param>
internal sealed class ActivityService(
    IStore store, ActivityWorkers workers, string region, TimeProvider time, CancellationToken stopping)
{
    public string ArnOf(AccountId account, string name) => $"arn:aws:states:{region}:{account}:activity:{name}";

    public Task<Result<Activity>> CreateAsync(
        AccountId account, CreateActivity command, CancellationToken cancellation) =>
        ApplyAsync(
            account,
            command.Name,
            (state, arn) => CreateActivity.Apply(state, command, account, arn, time.GetUtcNow()),
            cancellation);

    /// <summary>Changes an activity by a command.</summary>
    public Task<Result<Activity>> ApplyAsync(
        AccountId account,
        string name,
        Func<Activity?, string, Result<Activity>> apply,
        CancellationToken cancellation) =>
        store.WriteAsync<Activity>(
            transaction =>
            {
                var applied = apply(transaction.Activities.Get(account, name), ArnOf(account, name));
                if (applied.IsSuccess)
                {
                    transaction.Activities.Put(applied.Value);
                }

                return applied;
            },
            cancellation);

    /// <summary>One that is not there is gone already.</summary>
    public Task<Result<Done>> DeleteAsync(AccountId account, string name, CancellationToken cancellation) =>
        store.WriteAsync<Done>(
            transaction =>
            {
                transaction.Activities.Delete(account, name);
                return Done.Value;
            },
            cancellation);

    public Activity? Find(AccountId account, string name) =>
        store.Read(transaction => transaction.Activities.Get(account, name));

    public IReadOnlyList<Activity> List(AccountId account, string after, int limit) =>
        store.Read(transaction => transaction.Activities.List(account, after, limit));

    /// <summary>Waits up to a minute for a task; null when none came.</summary>
    public async Task<GivenTask?> TakeTaskAsync(
        AccountId account, string name, string? worker, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        try
        {
            return await workers.TakeAsync(account, name, worker, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
