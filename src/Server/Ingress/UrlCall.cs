using Lambent.Kernel.Functions;
using Lambent.Server.Functions;

namespace Lambent.Server.Ingress;

/// <summary>A request that named a function which has a URL.</summary>
/// <param name="Function">The function as it is now.</param>
/// <param name="Url">The URL's configuration.</param>
/// <param name="Address">What the request named.</param>
/// <param name="Target">Path and query for the function.</param>
/// <param name="RequestId">The call's id.</param>
internal sealed record UrlCall(
    FunctionSnapshot Function, FunctionUrl Url, FunctionUrlTarget Address, UrlTarget Target, string RequestId)
{
    /// <summary>The ARN the handler sees.</summary>
    public string InvokedArn => Address.Qualifier is null ? Function.Arn : $"{Function.Arn}:{Address.Qualifier}";
}
