using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Schedules;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>A verified request of the scheduler's API.</summary>
/// <param name="Principal">Who asks, established by the signature.</param>
/// <param name="Operation">Its name.</param>
/// <param name="Resource">The part of the path after the collection, decoded: a name or an ARN; else empty.</param>
/// <param name="Query">The query.</param>
/// <param name="Body">The whole body.</param>
/// <param name="Aborted">Cancelled when the caller goes away.</param>
internal sealed record SchedulerCall(
    Principal Principal,
    string Operation,
    string Resource,
    IQueryCollection Query,
    ReadOnlyMemory<byte> Body,
    CancellationToken Aborted)
{
    public const string NamePattern = "^[0-9a-zA-Z-_.]+$";

    private const string TokenPattern = "^[a-zA-Z0-9-_]+$";
    private const int TokenLengthMax = 64;
    private const int MarkerLengthMax = 2_048;

    public AccountId Account => Principal.Account;

    /// <summary>The body as a shape. Unknown members are ignored; an empty body is an empty object.</summary>
    public Result<T> Json<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body.IsEmpty ? "{}"u8 : Body.Span, type) is { } shape
                ? shape
                : new Error(ErrorCode.RequestUnreadable, "The request body is null where an object is expected.");
        }
        catch (JsonException unreadable)
        {
            var where = unreadable.Path is { Length: > 2 } path ? $" at '{path[2..]}'" : "";
            return new Error(
                ErrorCode.RequestUnreadable,
                $"The request body is not of the expected form{where} (line {(unreadable.LineNumber ?? 0) + 1}, byte "
                + $"{(unreadable.BytePositionInLine ?? 0) + 1}).");
        }
    }

    /// <summary>A query parameter; null when it is absent. One that is empty is there, and too short.</summary>
    public string? Parameter(string name) =>
        Query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] ?? "" : null;

    /// <summary>The request as a client's token makes it the same as another one.</summary>
    public ScheduleRequest Request(string? token) =>
        ScheduleRequest.Of(token, $"{Operation} {Resource} {Parameter("groupName")}", Body.Span);

    /// <summary>How many items a page has at most.</summary>
    public Result<int> PageSize()
    {
        if (Parameter("MaxResults") is not { } text)
        {
            return Limits.SchedulePageMax;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size))
        {
            return new Error(ErrorCode.RequestUnreadable, "MaxResults is not a number.", "MaxResults");
        }

        var violations = new ConstraintViolations();
        violations.Range(size, "maxResults", 1, Limits.SchedulePageMax);
        return violations.ToError() is { } invalid ? invalid : (int)size;
    }

    /// <summary>Checks a name that is demanded, of a schedule or a group.</summary>
    public static void CheckName(ConstraintViolations violations, string? name, string field)
    {
        violations.Required(name, field);
        violations.Length(name, field, 1, ScheduleId.NameLengthMax);
        if (name is not null && !ScheduleId.IsName(name) && name.Length is > 0 and <= ScheduleId.NameLengthMax)
        {
            violations.Add(name, field, $"Member must satisfy regular expression pattern: {NamePattern}");
        }
    }

    public static void CheckToken(ConstraintViolations violations, string? token)
    {
        violations.Length(token, "clientToken", 1, TokenLengthMax);
        if (token is not null && !token.All(character =>
                char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
        {
            violations.Add(token, "clientToken", $"Member must satisfy regular expression pattern: {TokenPattern}");
        }
    }

    public void CheckMarker(ConstraintViolations violations) =>
        violations.Length(Parameter("NextToken"), "nextToken", 1, MarkerLengthMax);

    public void CheckPrefix(ConstraintViolations violations)
    {
        if (Parameter("NamePrefix") is { } prefix)
        {
            CheckName(violations, prefix, "namePrefix");
        }
    }
}
