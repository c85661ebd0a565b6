using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Workflows.Executions;

namespace Lambent.Server.Workflows;

/// <summary>Which executions something is done to.</summary>
/// <param name="Machine">Those of this machine.</param>
/// <param name="Status">Those with this status.</param>
/// <param name="Error">Those that ended with this error, or null.</param>
/// <param name="Count">At most so many.</param>
/// <param name="PerSecond">At most so many in a second, or null.</param>
/// <param name="Position">Where a former part of the same wish ended, or null.</param>
internal sealed record BulkWish(
    string Machine, ExecutionStatus Status, string? Error, int Count, double? PerSecond, ExecutionPosition? Position);

/// <param name="Changed">To how many it was done.</param>
/// <param name="Refused">How many would not, because they had changed meanwhile.</param>
/// <param name="Next">Where to go on; null when there are no more.</param>
internal sealed record BulkOutcome(int Changed, int Refused, ExecutionPosition? Next);

/// <summary>A place in the list of executions, the latest first.</summary>
internal sealed record ExecutionPosition(DateTimeOffset Before, string Key)
{
    public static ExecutionPosition Of(ExecutionRecord record) => new(record.StartedAt, record.Key);
}

/// <summary>Does something to many executions, one after the other, for as long as a caller waits.</summary>
internal sealed class ExecutionBulk(ExecutionService executions, TimeProvider time)
{
    public const int CountMax = 10_000;

    private const int PageSize = 100;

    /// <summary>Then the caller is told where to go on, before it or something between them gives up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public Task<Result<BulkOutcome>> StopAsync(
        AccountId account, BulkWish wish, string? error, string? cause, CancellationToken cancellation) =>
        ForEachAsync(account, wish, record => executions.StopAsync(record.Id, error, cause), cancellation);

    public Task<Result<BulkOutcome>> RedriveAsync(
        AccountId account, BulkWish wish, CancellationToken cancellation) =>
        ForEachAsync(
            account,
            wish,
            record => IsTooOld(record, time.GetUtcNow())
                ? Task.FromResult<Result<bool>>(false)
                : executions.RedriveAsync(record.Id),
            cancellation);

    public static bool IsTooOld(ExecutionRecord record, DateTimeOffset now) =>
        record.StoppedAt + Limits.ExecutionRedrivablePeriod < now;

    private async Task<Result<BulkOutcome>> ForEachAsync(
        AccountId account,
        BulkWish wish,
        Func<ExecutionRecord, Task<Result<bool>>> change,
        CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var (changed, refused, position) = (0, 0, wish.Position);
        while (true)
        {
            var page = executions.List(
                account,
                new ExecutionFilter(wish.Machine, wish.Status, position?.Before, position?.Key),
                PageSize);
            foreach (var record in page)
            {
                if (changed == wish.Count || time.GetElapsedTime(began) > Patience)
                {
                    return new BulkOutcome(changed, refused, position);
                }

                position = ExecutionPosition.Of(record);
                if (wish.Error is not null && record.Error != wish.Error)
                {
                    continue;
                }

                if ((await change(record)).Failed(out var isDone, out var failure))
                {
                    return failure;
                }

                changed += isDone ? 1 : 0;
                refused += isDone ? 0 : 1;
                if (isDone && wish.PerSecond is { } rate)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1 / rate), time, cancellation);
                }
            }

            if (page.Count < PageSize)
            {
                return new BulkOutcome(changed, refused, null);
            }
        }
    }
}
