using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>A command that sets how asynchronous calls are made, from a request's body.</summary>
internal delegate Result<Function> EventInvokeConfigCommand(
    EventInvokeConfigRequest body,
    Function? state,
    CommandContext context,
    Func<EventInvokeConfig, Error?> checkDestinations);

/// <summary>The body that sets how asynchronous calls are made, and the answer that shows it.</summary>
internal static class EventInvokeConfigBody
{
    public const string Path = "/2019-09-25/functions/{FunctionName}/event-invoke-config";

    /// <summary>Reads the body, has it applied, and answers with what came of it.</summary>
    /// <param name="services">Of the API.</param>
    /// <param name="request">Whose body is read.</param>
    /// <param name="apply">The command for a body, on a function's state.</param>
    public static async ValueTask<Result<AwsResponse>> ChangeAsync(
        LambdaServices services, AwsRequest request, EventInvokeConfigCommand apply)
    {
        if (Read(request).Failed(out var body, out var refused))
        {
            return refused;
        }

        var (id, qualifier) = (request.Function.Id, request.Function.Qualifier);
        var context = services.Context(id);
        var changed = await services.Functions.ChangeAsync(
            id,
            (state, transaction) => apply(
                body,
                state,
                context,
                config => DestinationRules.Check(
                    config, id, services.Options.Region, transaction.Functions, transaction.Queues)),
            request.Cancellation);
        return changed.Select(function => Answer(services, function, qualifier));
    }

    /// <summary>The configuration of a function that has one.</summary>
    public static AwsResponse Answer(LambdaServices services, Function function, string? qualifier) =>
        AwsResponse.Json(
            200,
            Shape(services, function, EventInvokeRules.Key(qualifier)),
            LambdaAccessJson.Wire.EventInvokeConfigShape);

    /// <param name="key">Of <see cref="Function.EventInvokeConfigs"/>.</param>
    public static EventInvokeConfigShape Shape(LambdaServices services, Function function, string key) =>
        EventInvokeConfigShape.From(
            function.EventInvokeConfigs[key],
            services.Arns.Function(function.Id, EventInvokeRules.Qualifier(key)));

    /// <summary>The body, well-formed and with something in it.</summary>
    private static Result<EventInvokeConfigRequest> Read(AwsRequest request)
    {
        if (request.Json(LambdaAccessJson.Wire.EventInvokeConfigRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        EventInvokeRules.CheckForm(
            violations,
            body.MaximumRetryAttempts,
            body.MaximumEventAgeInSeconds,
            body.DestinationConfig?.OnSuccess?.Destination,
            body.DestinationConfig?.OnFailure?.Destination);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        return body is { MaximumRetryAttempts: null, MaximumEventAgeInSeconds: null, DestinationConfig: null }
            ? EventInvokeRules.NothingSet
            : body;
    }
}
