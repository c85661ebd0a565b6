using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetFunctionEventInvokeConfig: how asynchronous calls are made, if that was set.</summary>
internal static class GetFunctionEventInvokeConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetFunctionEventInvokeConfig",
        "GET",
        EventInvokeConfigBody.Path,
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.Function,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        var (id, qualifier) = (request.Function.Id, request.Function.Qualifier);
        return services.Functions.Directory.Find(id) is { } snapshot && snapshot.EventConfigOf(qualifier) is not null
            ? EventInvokeConfigBody.Answer(services, snapshot.Function, qualifier)
            : EventInvokeRules.NotFound(services.Arns.Function(id), qualifier);
    }
}
