using Lambent.Kernel.Access;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.Protocols;

/// <summary>A verified request of an AWS API: who asks, for what, and with which body.</summary>
internal sealed class AwsRequest(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
{
    public HttpContext Http { get; } = http;

    /// <summary>Established by the signature; never from the body.</summary>
    public Principal Principal { get; } = principal;

    /// <summary>The whole body, already checked against the signature and the operation's size limit.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>A part of the path, decoded; the empty string when the route has none of that name.</summary>
    public string Path(string name) => Http.Request.RouteValues[name] as string ?? "";

    /// <summary>A query parameter, or null when absent. Empty counts as absent, as the SDKs send it.</summary>
    public string? Query(string name) =>
        Http.Request.Query.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } value
            ? value
            : null;
}
