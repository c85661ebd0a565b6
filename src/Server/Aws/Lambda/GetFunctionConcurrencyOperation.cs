using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetFunctionConcurrency: the calls set aside for a function; an empty object when there are none.</summary>
internal static class GetFunctionConcurrencyOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetFunctionConcurrency",
        "GET",
        "/2019-09-30/functions/{FunctionName}/concurrency",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.Function,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request) =>
        request.Function.RequireUnqualified()
            .Then(reference => services.Find(reference with { Qualifier = null }))
            .Select(function => AwsResponse.Json(
                200, new ConcurrencyShape(function.ReservedConcurrency), LambdaAccessJson.Wire.ConcurrencyShape));
}
