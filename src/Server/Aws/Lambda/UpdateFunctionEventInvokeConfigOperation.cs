using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>UpdateFunctionEventInvokeConfig: changes what is given of it.</summary>
internal static class UpdateFunctionEventInvokeConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "UpdateFunctionEventInvokeConfig",
        "POST",
        EventInvokeConfigBody.Path,
        request => EventInvokeConfigBody.ChangeAsync(
            services,
            request,
            (body, state, context, check) => UpdateEventInvokeConfig.Apply(
                state,
                new UpdateEventInvokeConfig
                {
                    Qualifier = request.Function.Qualifier,
                    MaximumRetryAttempts = body.MaximumRetryAttempts,
                    MaximumEventAgeSeconds = body.MaximumEventAgeInSeconds,
                    SetsDestinations = body.DestinationConfig is not null,
                    OnSuccess = body.DestinationConfig?.OnSuccess?.Destination,
                    OnFailure = body.DestinationConfig?.OnFailure?.Destination,
                },
                context,
                check)))
    {
        Target = services.Function,
    };
}
