using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Telemetry;
using Lambent.Storage.Telemetry.Calls;

namespace Lambent.Server.Replays;

/// <summary>Finds stored calls, and says why one cannot be repeated as it was.</summary>
internal sealed class ReplaySource(TelemetryStore telemetry)
{
    private const int PageSize = 500;

    /// <summary>What is known of a call.</summary>
    public async Task<Result<CallDetail>> GetAsync(AccountId account, string requestId)
    {
        await telemetry.FlushAsync();
        return Read(account, requestId);
    }

    /// <summary>The same of what is written already.</summary>
    public Result<CallDetail> Read(AccountId account, string requestId) =>
        telemetry.Calls.Get(account, requestId) is { } detail ? detail : new Error(
            ErrorCode.ResourceNotFound,
            $"There is no call {requestId}: it was not kept, is too old, or never was.",
            "id");

    /// <summary>The failed calls of a batch, each once and the oldest first, as many as it wants.</summary>
    public async Task<Result<IReadOnlyList<InvocationRecord>>> FindAsync(ReplayBatch batch)
    {
        await telemetry.FlushAsync();
        var found = new Dictionary<string, InvocationRecord>(StringComparer.Ordinal);
        string? token = null;
        do
        {
            var listed = telemetry.Calls.List(new CallQuery
            {
                Account = batch.Account,
                Function = batch.Function,
                ErrorGroup = batch.ErrorGroup,
                Outcomes = [.. Enum.GetValues<OutcomeKind>().Where(kind => kind != OutcomeKind.Success)],
                Since = batch.Since,
                Until = batch.Until,
                Limit = batch.ErrorGroup is null ? PageSize : Limits.ReplayCallsMax,
                PageToken = token,
            });
            if (listed.Failed(out var page, out var failure))
            {
                return failure;
            }

            // What is itself a repetition would be repeated with its original.
            foreach (var entry in page.Items.Where(entry => entry.Record.ReplayOf is null))
            {
                found.TryAdd(entry.Record.RequestId, entry.Record);
            }

            token = page.NextToken;
        }
        while (token is not null && found.Count < batch.Count);
        return found.Values.Take(batch.Count).OrderBy(record => record.StartedAt).ToList();
    }

    /// <summary>Why the event of a call is not there; null when it is.</summary>
    public static string? WhyNot(StoredCall? stored) => stored switch
    {
        null => "its event was not kept",
        { Input: null } => $"its event is too large to be kept ({stored.InputBytes} bytes)",
        { InputMasked: true } => "secret values were taken out of its event",
        _ => null,
    };
}
