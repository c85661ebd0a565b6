using Lambent.Kernel;
using Lambent.Server.Functions;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.Protocols;

/// <summary>One operation of a rest-json API: a line in the table of its service.</summary>
/// <param name="Name">As in the API document; also the action that access control decides on, prefix lambda:.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Pattern">Route pattern, such as /2015-03-31/functions/{FunctionName}.</param>
/// <param name="Handle">Translates the request into one call of the domain, and its result back.</param>
internal sealed record AwsOperation(
    string Name, string Method, string Pattern, Func<AwsRequest, ValueTask<Result<AwsResponse>>> Handle)
{
    /// <summary>Largest request body in bytes; above it 413.</summary>
    public int RequestBytesMax { get; init; } = 1024 * 1024;

    /// <summary>
    /// Reads from the request which function it is for. Access control decides on that function, and the handler
    /// finds it as <see cref="AwsRequest.Function"/>. Null: the request is for the caller's account.
    /// </summary>
    public Func<AwsRequest, Result<FunctionReference>>? Target { get; init; }

    /// <summary>
    /// A query parameter that must have this value; tells apart two operations with one method and path. The one
    /// without it is the fallback.
    /// </summary>
    public (string Name, string Value)? Selector { get; init; }

    /// <summary>
    /// Which requests it is for; tells apart two operations with one method and path by what the path names. The one
    /// without it is the fallback.
    /// </summary>
    public Func<HttpContext, bool>? AppliesTo { get; init; }

    /// <summary>What access control decides on.</summary>
    public string Action => $"lambda:{Name}";
}
