using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Server.Functions;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.Protocols;

/// <summary>A verified request of an AWS API: who asks, for what, and with which body.</summary>
internal sealed class AwsRequest(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
{
    private readonly FunctionReference? function;

    public HttpContext Http { get; } = http;

    /// <summary>Established by the signature; never from the body.</summary>
    public Principal Principal { get; } = principal;

    /// <summary>The whole body, already checked against the signature and the operation's size limit.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>The function that access was granted to; only for an operation with a target.</summary>
    public FunctionReference Function
    {
        get => function ?? throw new InvalidOperationException("The operation is not declared to be for a function.");
        init => function = value;
    }

    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>A part of the path, decoded; the empty string when the route has none of that name.</summary>
    public string Path(string name) => Http.Request.RouteValues[name] as string ?? "";

    /// <summary>A query parameter, or null when absent. Empty counts as absent, as the SDKs send it.</summary>
    public string? Query(string name) =>
        Http.Request.Query.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } value
            ? value
            : null;

    /// <summary>
    /// The body as a shape. Unknown members are ignored, an empty body is an empty object, and the content type does
    /// not matter, all as AWS has it. Fails with RequestUnreadable, naming the member that has the wrong type.
    /// </summary>
    public Result<T> Json<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var json = Body.IsEmpty ? "{}"u8 : Body.Span;
            return JsonSerializer.Deserialize(json, type) is { } shape
                ? shape
                : new Error(ErrorCode.RequestUnreadable, "The request body is null where an object is expected.");
        }
        catch (JsonException unreadable)
        {
            return new Error(ErrorCode.RequestUnreadable, Explain(unreadable));
        }
    }

    private static string Explain(JsonException unreadable)
    {
        // A syntax error comes with its own inner exception, a wrong type mostly without; the path tells the member.
        var where = unreadable.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? path[2..]
            : null;
        var line = (unreadable.LineNumber ?? 0) + 1;
        var column = (unreadable.BytePositionInLine ?? 0) + 1;
        return where is null
            ? $"Could not parse request body into json: unexpected content at line: {line}, column: {column}"
            : "Could not parse request body into json: "
                + $"the value at '{where}' is not of the expected type (line: {line}, column: {column})";
    }
}
