using Lambent.Kernel;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetFunction: a version's configuration, where to download its code, and the function's tags.</summary>
internal static class GetFunctionOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetFunction",
        "GET",
        "/2015-03-31/functions/{FunctionName}",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.NamespacedFunction,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        if (services.FindVersion(request.Function).Failed(out var found, out var unknown))
        {
            return unknown;
        }

        var (function, version) = found;
        var isOwner = request.Principal.Account == function.Id.Account;
        var shape = new GetFunctionResponse
        {
            Configuration = services.Shapes.Configuration(function.Id, version, request.Function.Qualifier),
            Code = new FunctionCodeLocationShape
            {
                RepositoryType = "S3",
                Location = services.Links.Download(request.Principal, version.Code.Digest).AbsoluteUri,
            },

            // Tags are the account's own bookkeeping; a caller from another account was granted the function only.
            Tags = isOwner && !function.Tags.IsEmpty ? function.Tags : null,
            Concurrency = function.ReservedConcurrency is { } reserved
                ? new ReservedConcurrencyShape { ReservedConcurrentExecutions = reserved }
                : null,
        };
        return AwsResponse.Json(200, shape, LambdaJson.Wire.GetFunctionResponse);
    }
}
