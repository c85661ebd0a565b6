using System.Globalization;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Server.Workflows;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Native;

/// <summary>Reads what comes with requests for executions.</summary>
internal static class ExecutionRequests
{
    private const double RateMin = 0.1;
    private const double RateMax = 10_000;
    private const int ErrorLengthMax = 256;

    /// <summary>By which what is sent twice is known again.</summary>
    private const string KeyHeader = "X-Lambent-Idempotency-Key";

    private static readonly Dictionary<string, ExecutionStatus> Statuses =
        Enum.GetValues<ExecutionStatus>().ToDictionary(ExecutionAnswer.StatusName, StringComparer.Ordinal);

    private static readonly Dictionary<string, JournalEventType> EventTypes =
        Enum.GetValues<JournalEventType>().ToDictionary(type => type.ToString(), StringComparer.Ordinal);

    public static Result<ExecutionStatus> Status(string text) => Statuses.TryGetValue(text, out var status)
        ? status
        : Invalid("status", $"must be one of {string.Join(", ", Statuses.Keys)}");

    /// <summary>A place in a list, as an answer told it; null at its begin.</summary>
    public static Result<ExecutionPosition?> Position(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (ExecutionPosition?)null;
        }

        return text.Split('/', 2) is [var written, var key]
            && long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.Ticks
                ? new ExecutionPosition(new DateTimeOffset(ticks, TimeSpan.Zero), key)
                : Invalid("after", "is not what an answer had as next");
    }

    public static string Text(ExecutionPosition position) =>
        string.Create(CultureInfo.InvariantCulture, $"{position.Before.UtcTicks}/{position.Key}");

    public static Result<int> Number(IQueryCollection query, string name, int standard, int least, int most)
    {
        if ((string?)query[name] is not { } text)
        {
            return standard;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
                ? number
                : Invalid(name, $"must be a whole number from {least} to {most}");
    }

    /// <summary>What must hold for attributes, each in a parameter of its own.</summary>
    public static Result<IReadOnlyList<AttributeCondition>> Conditions(IReadOnlyList<string?> texts)
    {
        List<AttributeCondition> conditions = [];
        foreach (var text in texts)
        {
            var (condition, problem) = AttributeCondition.Read(text ?? "");
            if (condition is null)
            {
                return Invalid("where", $"is not readable: {problem}");
            }

            conditions.Add(condition);
        }

        return conditions.Count > Limits.SearchAttributesMax
            ? Invalid("where", $"is given more than {Limits.SearchAttributesMax} times")
            : conditions;
    }

    /// <summary>The types of events that are wanted, with commas between; empty: all.</summary>
    public static Result<IReadOnlySet<JournalEventType>> Types(string? text)
    {
        var types = new HashSet<JournalEventType>();
        foreach (var word in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!EventTypes.TryGetValue(word, out var type))
            {
                return Invalid("type", $"has '{word}', which is no type of event");
            }

            types.Add(type);
        }

        return types;
    }

    public static Result<(string Name, DataValue Data, string? Key)> Event(
        HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var name = request.RouteValues["event"] as string ?? "";
        if (!EventNames.IsValid(name))
        {
            return Invalid("event", $"is '{name}'. {EventNames.Problem(name)}");
        }

        var key = (string?)request.Headers[KeyHeader] is { Length: > 0 } given ? given : null;
        if (key?.Length > EventNames.KeyLengthMax)
        {
            return Invalid(KeyHeader, $"has at most {EventNames.KeyLengthMax} characters");
        }

        var read = body.IsEmpty ? new DataReading(DataNull.Value, null) : DataReader.Read(body.Span);
        return read.Value is not { } data ? Invalid("body", $"is not JSON: {read.Problem}")
            : PayloadSize.Exceeds(data, Limits.WorkflowPayloadBytesMax)
                ? Invalid("body", $"must be at most {Limits.WorkflowPayloadBytesMax} bytes")
            : (name, data, key);
    }

    public static Result<StopExecutionRequest> Stop(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return new StopExecutionRequest(null, null);
        }

        return NativeEndpoints.Read(body, ExecutionJson.Default.StopExecutionRequest)
            .Then(request => Check(request.Error, request.Cause) is { } wrong
                ? wrong
                : (Result<StopExecutionRequest>)request);
    }

    public static Result<(string State, DataValue Output)> Skip(ReadOnlyMemory<byte> body)
    {
        if (NativeEndpoints.Read(body, ExecutionJson.Default.SkipStateRequest).Failed(out var request, out var wrong))
        {
            return wrong;
        }

        if (string.IsNullOrEmpty(request.State))
        {
            return Invalid("state", "is missing: the name of the state that is left");
        }

        var read = DataReader.Read(request.Output is { } output ? output.GetRawText() : "null");
        return read.Value is not { } value ? Invalid("output", $"is not valid: {read.Problem}")
            : PayloadSize.Exceeds(value, Limits.WorkflowPayloadBytesMax)
                ? Invalid("output", $"must be at most {Limits.WorkflowPayloadBytesMax} bytes")
            : (request.State, value);
    }

    /// <param name="body">Of the request.</param>
    /// <param name="isRedrive">Whether those are meant that ended, otherwise those that run.</param>
    public static Result<(BulkWish Wish, BulkRequest Request)> Bulk(ReadOnlyMemory<byte> body, bool isRedrive)
    {
        if (NativeEndpoints.Read(body, ExecutionJson.Default.BulkRequest).Failed(out var request, out var wrong))
        {
            return wrong;
        }

        if (string.IsNullOrEmpty(request.Machine))
        {
            return Invalid("machine", "is missing: the name of the machine whose executions are meant");
        }

        if (Status(request.Status ?? (isRedrive ? "failed" : "running")).Failed(out var status, out wrong))
        {
            return wrong;
        }

        if (isRedrive ? status is ExecutionStatus.Running or ExecutionStatus.Succeeded
            : status != ExecutionStatus.Running)
        {
            return Invalid("status", isRedrive ? "must be failed, timed-out or aborted" : "must be running");
        }

        if (request.Count is < 1 or > ExecutionBulk.CountMax)
        {
            return Invalid("count", $"must be from 1 to {ExecutionBulk.CountMax}");
        }

        if (request.PerSecond is { } rate && !(rate is >= RateMin and <= RateMax))
        {
            return Invalid("perSecond", $"must be from {RateMin} to {RateMax}");
        }

        if (Check(request.Error, request.Cause) is { } tooLong)
        {
            return tooLong;
        }

        return Position(request.After).Failed(out var position, out wrong)
            ? wrong
            : (new BulkWish(
                request.Machine,
                status,
                isRedrive ? request.Error : null,
                request.Count ?? ExecutionBulk.CountMax,
                request.PerSecond,
                position), request);
    }

    public static Error Invalid(string field, string rule) =>
        new(ErrorCode.InvalidParameter, $"{field} {rule}.", field);

    private static Error? Check(string? error, string? cause) =>
        error?.Length > ErrorLengthMax ? Invalid("error", $"must be at most {ErrorLengthMax} characters")
        : cause?.Length > Limits.WorkflowCauseLengthMax
            ? Invalid("cause", $"must be at most {Limits.WorkflowCauseLengthMax} characters")
        : null;
}
