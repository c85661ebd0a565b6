using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Functions;
using Lambent.Storage.Telemetry;
using Lambent.Storage.Telemetry.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// GET /v1/functions: functions by name with their state and their last call, which ListFunctions leaves out.
/// Parameters: filter (part of the name), tag (NAME or NAME=VALUE), state (active, pending, failed, updating,
/// update-failed, off), after, limit.
/// </summary>
internal sealed class FunctionListOperations(FunctionDirectory directory, TelemetryStore telemetry)
{
    private const int LimitDefault = 50;

    /// <summary>Each row asks for one call, so a page is kept short.</summary>
    private const int LimitMax = 200;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes) =>
        endpoints.Map(routes, "GET", "/v1/functions", ListAsync);

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var query = http.Request.Query;
        var state = Text(query, "state");
        if (state is not null && !FunctionEntryAnswer.States.Contains(state))
        {
            return Invalid("state", $"must be one of {string.Join(", ", FunctionEntryAnswer.States)}");
        }

        if (ReadLimit(query).Failed(out var limit, out var invalid))
        {
            return invalid;
        }

        var (filter, tag, after) = (Text(query, "filter"), Text(query, "tag"), Text(query, "after") ?? "");
        var found = directory.All()
            .Select(snapshot => snapshot.Function)
            .Where(function => function.Id.Account == principal.Account
                && (filter is null || function.Id.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))
                && (tag is null || HasTag(function, tag))
                && (state is null || FunctionEntryAnswer.StateOf(function) == state))
            .OrderBy(function => function.Id.Name, StringComparer.Ordinal)
            .ToList();
        var page = found
            .Where(function => string.CompareOrdinal(function.Id.Name, after) > 0)
            .Take(limit + 1)
            .ToList();
        await telemetry.FlushAsync();
        var answer = new FunctionEntriesAnswer(
            [.. page.Take(limit).Select(function => FunctionEntryAnswer.From(function, LastCall(function.Id)))],
            found.Count,
            page.Count > limit ? page[limit - 1].Id.Name : null);
        await NativeEndpoints.WriteAsync(http, 200, answer, FunctionListJson.Default.FunctionEntriesAnswer);
        return null;
    }

    private CallEntry? LastCall(FunctionId id) =>
        telemetry.Calls.List(new CallQuery { Account = id.Account, Function = id.Name, Limit = 1 })
            .Failed(out var page, out _) || page.Items is not [var latest, ..] ? null : latest;

    private static bool HasTag(Function function, string tag) =>
        tag.IndexOf('=', StringComparison.Ordinal) is var equals
        && equals < 0
            ? function.Tags.ContainsKey(tag)
            : function.Tags.TryGetValue(tag[..equals], out var value) && value == tag[(equals + 1)..];

    private static Result<int> ReadLimit(IQueryCollection query) =>
        Text(query, "limit") is not { } text ? LimitDefault
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is > 0 and <= LimitMax
            ? limit
            : Invalid("limit", $"must be a whole number from 1 to {LimitMax}");

    private static string? Text(IQueryCollection query, string name) =>
        query[name].ToString() is { Length: > 0 } text ? text : null;

    private static Error Invalid(string field, string rule) =>
        new(ErrorCode.ValidationFailed, $"{field} {rule}.", field);
}
