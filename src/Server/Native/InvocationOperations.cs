using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Invocations;
using Lambent.Server.Replays;
using Lambent.Storage.Telemetry;
using Lambent.Storage.Telemetry.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// GET /v1/invocations: calls, the newest first. Parameters: function, version, outcome (or failed), origin,
/// cold (true, false), min-duration (milliseconds), since, until, request, error, limit, cursor. GET /v1/invocations/{id}: all that is
/// known of one, with its event and answer.
/// </summary>
internal sealed class InvocationOperations(TelemetryStore telemetry, ReplaySource source, TimeProvider time)
{
    private const int LimitDefault = 50;
    private const int LimitMax = 1_000;

    private static readonly string[] Origins = ["invoke", "url", "event", "queue", "workflow", "replay"];

    private readonly LogQueryReader reader = new(time);

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/invocations", ListAsync);
        endpoints.Map(routes, "GET", "/v1/invocations/{id}", GetAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (ReadQuery(http.Request.Query, principal.Account).Failed(out var query, out var invalid))
        {
            return invalid;
        }

        await telemetry.FlushAsync();
        if (Text(http.Request.Query, "request") is { } id)
        {
            var known = telemetry.Calls.Get(principal.Account, id);
            await WriteAsync(http, new InvocationsAnswer(
                [
                    .. (known?.Attempts ?? []).Select(record => InvocationAnswer.From(
                        new CallEntry(record, known!.Stored is not null, known.Stored?.ErrorGroup))),
                ],
                null));
            return null;
        }

        if (telemetry.Calls.List(query).Failed(out var page, out var failure))
        {
            return failure;
        }

        await WriteAsync(http, new InvocationsAnswer([.. page.Items.Select(InvocationAnswer.From)], page.NextToken));
        return null;
    }

    private async Task<Error?> GetAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var id = (string)http.Request.RouteValues["id"]!;
        if ((await source.GetAsync(principal.Account, id)).Failed(out var detail, out var missing))
        {
            return missing;
        }

        await NativeEndpoints.WriteAsync(
            http, 200, Describe(id, detail), InvocationJson.Default.InvocationDetailAnswer);
        return null;
    }

    private static InvocationDetailAnswer Describe(string id, CallDetail detail)
    {
        var stored = detail.Stored;
        var newest = detail.Attempts.Count > 0 ? detail.Attempts[0] : null;
        return new InvocationDetailAnswer
        {
            Id = id,
            Function = newest?.Function.Name ?? NameOf(stored!.InvokedArn),
            InvokedArn = stored?.InvokedArn,
            ClientContext = stored?.ClientContext,
            Attempts = [.. detail.Attempts.Select(AttemptAnswer.From)],
            CameFrom = newest?.CameFrom,
            ReplayOf = newest?.ReplayOf,
            Replays = [.. detail.Replays.Select(InvocationAnswer.From)],
            Input = stored is null ? null : PayloadAnswer.From(
                stored.Input, stored.InputBytes, stored.InputMasked, "larger than the limit for kept events"),
            Output = stored is null ? null : PayloadAnswer.From(
                stored.Output,
                stored.OutputBytes,
                stored.OutputMasked,
                stored.IsStreamed ? "it was streamed to the caller" : "larger than the limit for kept answers"),
            ErrorGroup = stored?.ErrorGroup,
            Logs = $"/v1/logs?request={Uri.EscapeDataString(id)}",
            WhyNotReplayable = ReplaySource.WhyNot(stored),
        };
    }

    private Result<CallQuery> ReadQuery(IQueryCollection parameters, AccountId account)
    {
        if (reader.ReadTime(parameters, "since").Failed(out var since, out var failure)
            || reader.ReadTime(parameters, "until").Failed(out var until, out failure)
            || Number(parameters, "limit", 1, LimitMax).Failed(out var limit, out failure)
            || Number(parameters, "min-duration", 0, int.MaxValue).Failed(out var milliseconds, out failure)
            || ReadOutcomes(Text(parameters, "outcome")).Failed(out var outcomes, out failure))
        {
            return failure;
        }

        var cold = Text(parameters, "cold");
        if (cold is not (null or "true" or "false"))
        {
            return Invalid("cold", "must be true or false");
        }

        var origin = Text(parameters, "origin");
        if (origin is not null && !Origins.Contains(origin))
        {
            return Invalid("origin", $"must be one of {string.Join(", ", Origins)}");
        }

        return new CallQuery
        {
            Account = account,
            Function = Text(parameters, "function"),
            Version = Text(parameters, "version"),
            Outcomes = outcomes,
            Source = origin,
            IsCold = cold is null ? null : cold == "true",
            DurationMin = milliseconds is { } least ? TimeSpan.FromMilliseconds(least) : null,
            Since = since,
            Until = until,
            ErrorGroup = Text(parameters, "error"),
            Limit = limit ?? LimitDefault,
            PageToken = Text(parameters, "cursor"),
        };
    }

    private static Result<IReadOnlyList<OutcomeKind>?> ReadOutcomes(string? name) => name switch
    {
        null => default(OutcomeKind[]),
        "failed" => Enum.GetValues<OutcomeKind>().Where(kind => kind != OutcomeKind.Success).ToArray(),
        _ when OutcomeNames.Parse(name) is { } kind => (OutcomeKind[])[kind],
        _ => Invalid("outcome", $"must be failed, or one of {string.Join(", ", OutcomeNames.All)}"),
    };

    private static Result<int?> Number(IQueryCollection parameters, string name, int least, int most)
    {
        if (Text(parameters, name) is not { } text)
        {
            return default(int?);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : Invalid(name, $"must be a whole number from {least} to {most}");
    }

    private static string NameOf(string arn) => arn.Split(':') is { Length: > 6 } parts ? parts[6] : arn;

    private static Task WriteAsync(HttpContext http, InvocationsAnswer answer) =>
        NativeEndpoints.WriteAsync(http, 200, answer, InvocationJson.Default.InvocationsAnswer);

    private static string? Text(IQueryCollection parameters, string name) =>
        parameters[name].ToString() is { Length: > 0 } text ? text : null;

    private static Error Invalid(string field, string rule) =>
        new(ErrorCode.ValidationFailed, $"{field} {rule}.", field);
}
