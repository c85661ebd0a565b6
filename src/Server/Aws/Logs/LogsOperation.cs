using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Server.Aws.Protocols;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.Logs;

/// <summary>One operation: a line in the table.</summary>
/// <param name="Name">As in the API document; also the action that access control decides on.</param>
/// <param name="Handle">Translates the request into one call of the log store, and its result back.</param>
internal sealed record LogsOperation(string Name, Func<LogsCall, Task<Result<DataObject>>> Handle)
    : IJsonOperation
{
    public LogsOperation(string name, Func<LogsCall, Result<DataObject>> handle)
        : this(name, call => Task.FromResult(handle(call)))
    {
    }

    public string Action => $"logs:{Name}";
}

/// <summary>A request that was read, signed and allowed.</summary>
/// <param name="Principal">Who asks, established by the signature.</param>
/// <param name="Operation">Its name.</param>
/// <param name="Input">The parameters.</param>
/// <param name="Http">For an answer that is a stream.</param>
/// <param name="RequestId">The request's name in answers.</param>
internal sealed record LogsCall(
    Principal Principal, string Operation, JsonInput Input, HttpContext Http, string RequestId)
{
    public AccountId Account => Principal.Account;
}

/// <summary>What the operations call.</summary>
internal sealed class LogsServices
{
    public required TelemetryStore Store { get; init; }

    public required PageMarkers Markers { get; init; }

    public required string Region { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Cancelled when the server stops: streams end.</summary>
    public required CancellationToken Stopping { get; init; }
}

/// <summary>The table of operations; docs/reference/logs-api.md has the same lines.</summary>
internal static class LogsOperations
{
    public static IReadOnlyList<LogsOperation> All(LogsServices services) =>
        [.. new GroupOperations(services).All(), .. new StreamOperations(services).All(), .. EventOperations(services)];

    private static IEnumerable<LogsOperation> EventOperations(LogsServices services)
    {
        var reading = new ReadEvents(services);
        yield return new LogsOperation("GetLogEvents", reading.Get);
        yield return new LogsOperation("FilterLogEvents", reading.Filter);
        yield return new LogsOperation("PutLogEvents", new WriteEvents(services).PutAsync);
        yield return new LogsOperation("StartLiveTail", new LiveTail(services).ServeAsync);
    }
}
