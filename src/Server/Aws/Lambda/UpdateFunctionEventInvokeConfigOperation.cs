using Lambent.Kernel;
using Lambent.Kernel.Functions;
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
        request => HandleAsync(services, request))
    {
        Target = services.Function,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        if (EventInvokeConfigBody.Read(request).Failed(out var body, out var refused))
        {
            return refused;
        }

        var (id, qualifier) = (request.Function.Id, request.Function.Qualifier);
        var command = new UpdateEventInvokeConfig
        {
            Qualifier = qualifier,
            MaximumRetryAttempts = body.MaximumRetryAttempts,
            MaximumEventAgeSeconds = body.MaximumEventAgeInSeconds,
            SetsDestinations = body.DestinationConfig is not null,
            OnSuccess = body.DestinationConfig?.OnSuccess?.Destination,
            OnFailure = body.DestinationConfig?.OnFailure?.Destination,
        };
        var context = services.Context(id);
        var changed = await services.Functions.ChangeAsync(
            id,
            (state, transaction) => UpdateEventInvokeConfig.Apply(
                state,
                command,
                context,
                config => DestinationRules.Check(
                    config, id, services.Options.Region, transaction.Functions, transaction.Queues)),
            request.Cancellation);
        return changed.Select(function => EventInvokeConfigBody.Answer(services, function, qualifier));
    }
}
