using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Traces;
using Lambent.Server.Telemetry;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// GET /v1/traces (function, since, until, min-duration in ms, errors=true, limit, cursor), GET /v1/traces/ID (a
/// trace's id in either form, a request's id, or an execution's ARN), GET /v1/functions/NAME/regressions (last, since).
/// </summary>
internal sealed class TraceOperations(
    TraceBook book, ReleaseComparison comparison, TelemetryStore telemetry, TimeProvider time)
{
    private const int LimitDefault = 50;
    private const int LimitMax = 500;
    private const int ReleasesDefault = 3;
    private const double DurationMax = 1e9;

    private readonly LogQueryReader reader = new(time);

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/traces", ListAsync);
        endpoints.Map(routes, "GET", "/v1/traces/{**id}", FindAsync);
        endpoints.Map(routes, "GET", "/v1/functions/{name}/regressions", CompareAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var parameters = http.Request.Query;
        if (Whole(parameters, "limit", LimitDefault, LimitMax).Failed(out var limit, out var failure)
            || Milliseconds(parameters).Failed(out var least, out failure)
            || reader.ReadTime(parameters, "since").Failed(out var since, out failure)
            || reader.ReadTime(parameters, "until").Failed(out var until, out failure))
        {
            return failure;
        }

        var failuresOnly = parameters["errors"] == "true";
        await telemetry.FlushAsync();
        var listed = book.List(new TraceQuery(
            new TelemetryQuery
            {
                Account = principal.Account,
                Function = Text(parameters, "function"),
                Since = since,
                Until = until,
                FailuresOnly = failuresOnly,
                NewestFirst = true,
                Limit = limit,
                PageToken = Text(parameters, "cursor"),
            },
            least,
            failuresOnly));
        if (listed.Failed(out var page, out var invalid))
        {
            return invalid;
        }

        var answer = new TracesAnswer([.. page.Items.Select(TraceShapes.Of)], page.NextToken, page.LookedBackTo);
        await NativeEndpoints.WriteAsync(http, 200, answer, TraceJson.Default.TracesAnswer);
        return null;
    }

    private async Task<Error?> FindAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var named = (string)http.Request.RouteValues["id"]!;
        await telemetry.FlushAsync();
        if (book.Resolve(principal.Account, named) is not { } id || book.Find(principal.Account, id) is not { } trace)
        {
            return new Error(
                ErrorCode.ResourceNotFound,
                $"There is no trace of '{named}'. It is a trace's id, a request's id or an execution's ARN; what is "
                + "older than the log's retention is gone.",
                "id");
        }

        await NativeEndpoints.WriteAsync(http, 200, TraceShapes.Of(trace), TraceJson.Default.TraceAnswer);
        return null;
    }

    private async Task<Error?> CompareAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var parameters = http.Request.Query;
        const int Most = ReleaseComparison.ReleasesMax;
        if (Whole(parameters, "last", ReleasesDefault, Most).Failed(out var last, out var failure)
            || reader.ReadTime(parameters, "since").Failed(out var since, out failure))
        {
            return failure;
        }

        if (last < 2)
        {
            return new Error(ErrorCode.ValidationFailed, "last must be at least 2: one release has no other.", "last");
        }

        await telemetry.FlushAsync();
        var function = new FunctionId(principal.Account, (string)http.Request.RouteValues["name"]!);
        var (releases, report) = comparison.Compare(function, last, since ?? DateTimeOffset.UnixEpoch);
        if (releases.Count == 0)
        {
            return new Error(
                ErrorCode.ResourceNotFound, $"No call of a function '{function.Name}' is recorded.", "name");
        }

        var answer = RegressionShapes.Of(function.Name, releases, report);
        await NativeEndpoints.WriteAsync(http, 200, answer, TraceJson.Default.RegressionsAnswer);
        return null;
    }

    private static Result<int> Whole(IQueryCollection parameters, string name, int otherwise, int most)
    {
        if (Text(parameters, name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= most
            ? number
            : new Error(ErrorCode.ValidationFailed, $"{name} must be a whole number from 1 to {most}.", name);
    }

    private static Result<TimeSpan> Milliseconds(IQueryCollection parameters)
    {
        const string Name = "min-duration";
        if (Text(parameters, Name) is not { } text)
        {
            return TimeSpan.Zero;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number <= DurationMax
            ? TimeSpan.FromMilliseconds(number)
            : new Error(ErrorCode.ValidationFailed, $"{Name} must be a number of milliseconds.", Name);
    }

    private static string? Text(IQueryCollection parameters, string name) =>
        parameters[name].ToString() is { Length: > 0 } text ? text : null;
}
