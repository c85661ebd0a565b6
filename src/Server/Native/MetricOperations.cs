using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Server.Functions;
using Lambent.Server.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>/v1/metrics, /v1/rates and /v1/bill: figures ready to plot, and what they cost.</summary>
internal sealed class MetricOperations(MetricReader reader, FunctionDirectory functions)
{
    private const int BillLinesDefault = 1_000;
    private static readonly TimeSpan ListedFor = TimeSpan.FromDays(15);

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/metrics", ListAsync);
        endpoints.Map(routes, "GET", "/v1/metrics/data", ReadAsync);
        endpoints.Map(routes, "GET", "/v1/rates", ShowRatesAsync);
        endpoints.Map(routes, "PUT", "/v1/rates", SetRatesAsync);
        endpoints.Map(routes, "GET", "/v1/bill", BillAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var since = reader.Time.GetUtcNow() - ListedFor;
        var names = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var kind in (MetricKind[])[MetricKind.Function, MetricKind.Queue, MetricKind.StateMachine])
        {
            var series = await reader.ListAsync(principal.Account, kind, since);
            names[MetricCatalog.Word(kind)] = [.. series.Select(one => one.Name).Distinct()];
        }

        var metrics = MetricQuery.Known.Select(metric => new MetricAnswer(
            metric.Name, MetricCatalog.Word(metric.Kind), metric.Unit, metric.Usual.Name, metric.About));
        await NativeEndpoints.WriteAsync(
            http, 200, new MetricsAnswer([.. metrics], names), MetricJson.Default.MetricsAnswer);
        return null;
    }

    private async Task<Error?> ReadAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var now = reader.Time.GetUtcNow();
        if (MetricQuery.Read(http.Request.Query, principal, functions, now).Failed(out var query, out var invalid))
        {
            return invalid;
        }

        var table = await reader.ReadAsync(query.Selection, query.Period, query.Groups.Of);
        await NativeEndpoints.WriteAsync(
            http, 200, query.Answer(table, reader.Rates.History), MetricJson.Default.MetricDataAnswer);
        return null;
    }

    private async Task<Error?> ShowRatesAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var history = reader.Rates.History;
        var current = history.At(reader.Time.GetUtcNow());
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new RatesAnswer(current is null ? null : Shape(current), [.. history.Changes.Select(Shape)]),
            MetricJson.Default.RatesAnswer);
        return null;
    }

    private async Task<Error?> SetRatesAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (principal.Account != AccountId.Root)
        {
            return new Error(ErrorCode.AccessDenied, "Rates are the operator's: use the root account's key.");
        }

        if (NativeEndpoints.Read(body, MetricJson.Default.RatesRequest).Failed(out var request, out var unreadable))
        {
            return unreadable;
        }

        var missing = request.PerGigabyteSecond is null ? "perGigabyteSecond"
            : request.PerMillionRequests is null ? "perMillionRequests"
            : request.Currency is null ? "currency"
            : null;
        if (missing is not null)
        {
            return new Error(ErrorCode.ValidationFailed, $"{missing} must be given.", missing);
        }

        var rates = new Rates(
            (request.From ?? reader.Time.GetUtcNow()).ToUniversalTime(),
            request.PerGigabyteSecond!.Value,
            request.PerMillionRequests!.Value,
            request.Currency!);
        return (await reader.Rates.SetAsync(rates, http.RequestAborted)).Error
            ?? await ShowRatesAsync(http, principal, body);
    }

    private async Task<Error?> BillAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var now = reader.Time.GetUtcNow();
        var query = http.Request.Query;
        if (TimeParameter.Read(query, "from", now).Failed(out var from, out var failure)
            || TimeParameter.Read(query, "to", now).Failed(out var to, out failure)
            || AccountParameter.Read(query, principal).Failed(out var account, out failure)
            || MetricGroups.Parse(query["groupBy"].ToString(), functions, [MetricReader.DayDimension], "groupBy")
                .Failed(out var groups, out failure)
            || ReadTop(query).Failed(out var top, out failure))
        {
            return failure;
        }

        var begin = from ?? new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        if (begin >= (to ?? now))
        {
            return new Error(ErrorCode.ValidationFailed, "from must be before to.", "from");
        }

        var bill = await reader.BillAsync(account, begin, to ?? now, groups);
        var left = bill.Lines.Skip(top).Select(line => line.Value).ToList();
        var answer = new BillAnswer(
            bill.From,
            bill.To,
            reader.Rates.History.Changes is [.., var last] ? last.Currency : null,
            [.. bill.Lines.Take(top).Select(line => Shape(groups.Name(line.Key), line.Value))],
            left.Count,
            left.Count == 0 ? null : Shape(null, Bill.Sum(left)),
            Shape(null, bill.Total));
        await NativeEndpoints.WriteAsync(http, 200, answer, MetricJson.Default.BillAnswer);
        return null;
    }

    private static Result<int> ReadTop(IQueryCollection query) =>
        query["top"].ToString() is not { Length: > 0 } text ? BillLinesDefault
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top is > 0 and <= 10_000
            ? top
            : new Error(ErrorCode.ValidationFailed, "top must be a whole number from 1 to 10000.", "top");

    private static RateAnswer Shape(Rates rates) =>
        new(rates.From, rates.PerGigabyteSecond, rates.PerMillionRequests, rates.Currency);

    private static BillLineAnswer Shape(IReadOnlyDictionary<string, string>? group, BillLine line) => new(
        group,
        line.Invocations,
        line.BilledMilliseconds,
        (line.BilledMegabyteMilliseconds / 1_024_000m).ToString("0.#############", CultureInfo.InvariantCulture),
        line.Cost.ToString());
}
