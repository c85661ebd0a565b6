using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>The body that sets how asynchronous calls are made, and the answer that shows it.</summary>
internal static class EventInvokeConfigBody
{
    public const string Path = "/2019-09-25/functions/{FunctionName}/event-invoke-config";

    /// <summary>The body, well-formed and with something in it.</summary>
    public static Result<EventInvokeConfigRequest> Read(AwsRequest request)
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
}
