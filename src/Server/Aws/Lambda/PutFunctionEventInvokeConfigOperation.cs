using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>PutFunctionEventInvokeConfig: sets how asynchronous calls are made, and where their results go.</summary>
internal static class PutFunctionEventInvokeConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "PutFunctionEventInvokeConfig",
        "PUT",
        EventInvokeConfigBody.Path,
        request => EventInvokeConfigBody.ChangeAsync(
            services,
            request,
            (body, state, context, check) => PutEventInvokeConfig.Apply(
                state,
                new PutEventInvokeConfig
                {
                    Qualifier = request.Function.Qualifier,
                    MaximumRetryAttempts = body.MaximumRetryAttempts,
                    MaximumEventAgeSeconds = body.MaximumEventAgeInSeconds,
                    OnSuccess = body.DestinationConfig?.OnSuccess?.Destination,
                    OnFailure = body.DestinationConfig?.OnFailure?.Destination,
                },
                context,
                check)))
    {
        Target = services.Function,
    };
}
