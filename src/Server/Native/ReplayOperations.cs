using System.Text;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Invocations;
using Lambent.Server.Replays;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// POST /v1/invocations/{id}/replay makes a stored call again and answers what came of it. POST /v1/replays accepts the
/// failed calls of a time as events; GET /v1/replays/{job} says how far they are, DELETE cancels what waits.
/// </summary>
internal sealed class ReplayOperations(ReplayService replays, TelemetryStore telemetry, TimeProvider time)
{
    private const double RateMin = 0.01;
    private const double RateMax = 10_000;

    /// <summary>An event of the largest size, written as JSON in JSON.</summary>
    private const int RequestBytesMax = 8 * Limits.MiB;

    private readonly LogQueryReader reader = new(time);

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "POST", "/v1/invocations/{id}/replay", ReplayAsync, RequestBytesMax);
        endpoints.Map(routes, "POST", "/v1/replays", ReplayManyAsync);
        endpoints.Map(routes, "GET", "/v1/replays/{id}", ProgressAsync);
        endpoints.Map(routes, "DELETE", "/v1/replays/{id}", CancelAsync);
    }

    private async Task<Error?> ReplayAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var asked = body.IsEmpty
            ? new ReplayCallRequest(null, null, null)
            : NativeEndpoints.Read(body, InvocationJson.Default.ReplayCallRequest);
        if (asked.Failed(out var call, out var unreadable))
        {
            return unreadable;
        }

        var request = new ReplayRequest(
            principal.Account,
            Id(http),
            string.IsNullOrEmpty(call.Version) ? null : call.Version,
            call.Event is { ValueKind: not JsonValueKind.Undefined } given
                ? Encoding.UTF8.GetBytes(given.GetRawText())
                : default(ReadOnlyMemory<byte>?));
        if (call.IsAsync == true)
        {
            if ((await replays.AcceptAsync(request, http.RequestAborted)).Failed(out var id, out var refused))
            {
                return refused;
            }

            await WriteAsync(
                http, 202, new ReplayedAnswer { Id = id, ReplayOf = request.RequestId, IsAsync = true });
            return null;
        }

        if ((await replays.CallAsync(request)).Failed(out var replayed, out var failure))
        {
            return failure;
        }

        using var outcome = replayed.Outcome;
        await WriteAsync(http, 200, new ReplayedAnswer
        {
            Id = replayed.RequestId,
            ReplayOf = request.RequestId,
            IsAsync = false,
            Function = replayed.Specification.Function.Name,
            Version = replayed.Specification.Version,
            Outcome = OutcomeNames.Of(outcome.Kind),
            DurationMilliseconds = InvocationAnswer.Milliseconds(outcome.Duration),
            Output = PayloadAnswer.From(outcome.Payload, outcome.PayloadLength, isMasked: false, ""),
        });
        return null;
    }

    private async Task<Error?> ReplayManyAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (NativeEndpoints.Read(body, InvocationJson.Default.ReplayBatchRequest).Failed(out var asked, out var wrong)
            || Read(asked, principal.Account).Failed(out var batch, out wrong))
        {
            return wrong;
        }

        if ((await replays.AcceptAsync(batch, http.RequestAborted)).Failed(out var plan, out var refused))
        {
            return refused;
        }

        await NativeEndpoints.WriteAsync(
            http,
            batch.IsDryRun ? 200 : 202,
            new ReplayPlanAnswer(batch.IsDryRun ? null : plan.Job, plan.Matched, plan.Accepted, plan.Skipped),
            InvocationJson.Default.ReplayPlanAnswer);
        return null;
    }

    private async Task<Error?> ProgressAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        await WriteProgressAsync(http, principal.Account, null);
        return null;
    }

    private async Task<Error?> CancelAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var cancelled = await replays.CancelAsync(principal.Account, Id(http), http.RequestAborted);
        await WriteProgressAsync(http, principal.Account, cancelled);
        return null;
    }

    private async Task WriteProgressAsync(HttpContext http, AccountId account, int? cancelled)
    {
        // First what waits: a call that ends meanwhile is counted as ended, not lost.
        var waiting = replays.Waiting(account, Id(http)).Count;
        await telemetry.FlushAsync();
        var (succeeded, failed) = telemetry.Calls.CountReplays(account, ReplayMark.CameFromOf(Id(http)));
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new ReplayProgressAnswer(Id(http), waiting, succeeded, failed, cancelled),
            InvocationJson.Default.ReplayProgressAnswer);
    }

    private Result<ReplayBatch> Read(ReplayBatchRequest asked, AccountId account)
    {
        if (asked.Count is < 1 or > Limits.ReplayCallsMax)
        {
            return Invalid("count", $"must be from 1 to {Limits.ReplayCallsMax}");
        }

        if (asked.PerSecond is { } rate && rate is not (>= RateMin and <= RateMax))
        {
            return Invalid("perSecond", $"must be from {RateMin} to {RateMax}");
        }

        if (reader.ReadTime(asked.Since, "since").Failed(out var since, out var failure)
            || reader.ReadTime(asked.Until, "until").Failed(out var until, out failure))
        {
            return failure;
        }

        return new ReplayBatch
        {
            Account = account,
            Function = string.IsNullOrEmpty(asked.Function) ? null : asked.Function,
            ErrorGroup = string.IsNullOrEmpty(asked.ErrorGroup) ? null : asked.ErrorGroup,
            Since = since,
            Until = until,
            Qualifier = string.IsNullOrEmpty(asked.Version) ? null : asked.Version,
            PerSecond = asked.PerSecond,
            Count = asked.Count ?? Limits.ReplayCallsMax,
            IsDryRun = asked.IsDryRun == true,
        };
    }

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static Task WriteAsync(HttpContext http, int status, ReplayedAnswer answer) =>
        NativeEndpoints.WriteAsync(http, status, answer, InvocationJson.Default.ReplayedAnswer);

    private static Error Invalid(string field, string rule) =>
        new(ErrorCode.ValidationFailed, $"{field} {rule}.", field);
}
