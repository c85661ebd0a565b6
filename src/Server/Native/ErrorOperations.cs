using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Errors;
using Lambent.Server.Telemetry;
using Lambent.Storage.Telemetry;
using Lambent.Storage.Telemetry.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// GET /v1/errors: groups of errors (status, function, since, sort=last|count, hours, limit, cursor). GET
/// /v1/errors/{id}: one with its samples and its stack. POST /v1/errors/{id}/resolve (version), /ignore, /reopen.
/// </summary>
internal sealed class ErrorOperations(TelemetryStore telemetry, SourceViewer sources, TimeProvider time)
{
    private const int HoursDefault = 24;
    private const int HoursMax = 336;
    private const int LimitDefault = 50;
    private const int LimitMax = 1_000;

    private readonly LogQueryReader reader = new(time);

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/errors", ListAsync);
        endpoints.Map(routes, "GET", "/v1/errors/{id}", GetAsync);
        endpoints.Map(routes, "POST", "/v1/errors/{id}/resolve", ResolveAsync);
        endpoints.Map(routes, "POST", "/v1/errors/{id}/ignore", (http, principal, _) =>
            SetAsync(http, principal, new ErrorGroupState(ErrorGroupStatus.Ignored, time.GetUtcNow())));
        endpoints.Map(routes, "POST", "/v1/errors/{id}/reopen", (http, principal, _) =>
            SetAsync(http, principal, new ErrorGroupState(ErrorGroupStatus.Open, time.GetUtcNow())));
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (ReadQuery(http.Request.Query, principal.Account).Failed(out var query, out var invalid))
        {
            return invalid;
        }

        await telemetry.FlushAsync();
        if (telemetry.Errors.List(query).Failed(out var page, out var failure))
        {
            return failure;
        }

        await NativeEndpoints.WriteAsync(
            http,
            200,
            new ErrorGroupsAnswer(Hours(query.Hours), [.. page.Items.Select(ErrorGroupAnswer.From)], page.NextToken),
            ErrorJson.Default.ErrorGroupsAnswer);
        return null;
    }

    private async Task<Error?> GetAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Number(http.Request.Query, "hours", 1, HoursMax, HoursDefault).Failed(out var hours, out var invalid))
        {
            return invalid;
        }

        await telemetry.FlushAsync();
        if (telemetry.Errors.Get(principal.Account, Id(http), hours) is not { } found)
        {
            return NotFound(Id(http));
        }

        var (group, samples) = found;
        var shown = samples.FirstOrDefault(sample => sample.Stack.Length > 0);
        var frames = shown is null
            ? []
            : await sources.ViewAsync(
                shown.CodeDigest, StackReader.Read([shown.Stack]).Frames, http.RequestAborted);
        var answer = new ErrorGroupDetailAnswer(
            ErrorGroupAnswer.From(group),
            Hours(hours),
            [
                .. group.Versions.Select(seen => new ErrorVersionAnswer(
                    seen.Function, seen.Version, seen.FirstSeen, seen.LastSeen, seen.Count)),
            ],
            [
                .. samples.Select(sample => new ErrorSampleAnswer(
                    sample.Number, sample.At, sample.Function, sample.Version, sample.RequestId,
                    ErrorGroupAnswer.NameOf(sample.Kind), sample.Type, sample.Message, sample.Stack)),
            ],
            [.. frames.Select(ErrorFrameAnswer.From)]);
        await NativeEndpoints.WriteAsync(http, 200, answer, ErrorJson.Default.ErrorGroupDetailAnswer);
        return null;
    }

    private async Task<Error?> ResolveAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var asked = body.IsEmpty
            ? new ResolveErrorRequest(null)
            : NativeEndpoints.Read(body, ErrorJson.Default.ResolveErrorRequest);
        if (asked.Failed(out var request, out var unreadable))
        {
            return unreadable;
        }

        await telemetry.FlushAsync();
        if (telemetry.Errors.Get(principal.Account, Id(http), 1) is not { } found)
        {
            return NotFound(Id(http));
        }

        if (ReadVersion(request.Version, found.Group).Failed(out var version, out var invalid))
        {
            return invalid;
        }

        return await SetAsync(http, principal, new ErrorGroupState(
            ErrorGroupStatus.Resolved, time.GetUtcNow(), version.Function, version.Number));
    }

    private static Result<(string Function, long Number)> ReadVersion(string? text, ErrorGroup group)
    {
        if (string.IsNullOrEmpty(text))
        {
            return ("", 0L);
        }

        var functions = group.Versions.Select(seen => seen.Function).Distinct().ToList();
        var colon = text.LastIndexOf(':');
        var function = colon < 0 ? functions[0] : text[..colon];
        if (!long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1 || !functions.Contains(function))
        {
            return Invalid("version", $"must be a number, with one of these before it: {string.Join(", ",
                functions.Select(name => $"{name}:"))}");
        }

        return colon < 0 && functions.Count > 1
            ? Invalid("version", $"needs the function before it, such as {functions[0]}:{number}")
            : (function, number);
    }

    private async Task<Error?> SetAsync(HttpContext http, Principal principal, ErrorGroupState state)
    {
        await telemetry.FlushAsync();
        return await telemetry.Errors.SetStateAsync(principal.Account, Id(http), state)
            ? await GetAsync(http, principal, default)
            : NotFound(Id(http));
    }

    private Result<ErrorQuery> ReadQuery(IQueryCollection parameters, AccountId account)
    {
        if (reader.ReadTime(parameters, "since").Failed(out var since, out var failure)
            || Number(parameters, "limit", 1, LimitMax, LimitDefault).Failed(out var limit, out failure)
            || Number(parameters, "hours", 1, HoursMax, HoursDefault).Failed(out var hours, out failure))
        {
            return failure;
        }

        ErrorGroupStatus? status = null;
        if (Text(parameters, "status") is { } word && word != "all")
        {
            if (!Enum.TryParse<ErrorGroupStatus>(word, ignoreCase: true, out var parsed) || char.IsDigit(word[0]))
            {
                return Invalid("status", "must be open, resolved, ignored or all");
            }

            status = parsed;
        }

        var sort = Text(parameters, "sort") ?? "last";
        return sort is not ("last" or "count")
            ? Invalid("sort", "must be last or count")
            : new ErrorQuery
            {
                Account = account,
                Status = status,
                Function = Text(parameters, "function"),
                Since = since,
                MostFrequentFirst = sort == "count",
                Limit = limit,
                Hours = hours,
                After = Text(parameters, "cursor"),
            };
    }

    private List<DateTimeOffset> Hours(int count)
    {
        var now = time.GetUtcNow();
        var last = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        return [.. Enumerable.Range(0, count).Select(hour => last.AddHours(hour + 1 - count))];
    }

    private static Result<int> Number(IQueryCollection parameters, string name, int least, int most, int standard)
    {
        if (Text(parameters, name) is not { } text)
        {
            return standard;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : Invalid(name, $"must be a whole number from {least} to {most}");
    }

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static string? Text(IQueryCollection parameters, string name) =>
        parameters[name].ToString() is { Length: > 0 } text ? text : null;

    private static Error NotFound(string id) =>
        new(ErrorCode.ResourceNotFound, $"There is no group of errors {id}.", "id");

    private static Error Invalid(string field, string rule) =>
        new(ErrorCode.ValidationFailed, $"{field} {rule}.", field);
}
