using Lambent.Kernel;

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
}
