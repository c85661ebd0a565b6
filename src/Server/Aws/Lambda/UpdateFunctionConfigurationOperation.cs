using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>UpdateFunctionConfiguration: changes what $LATEST is besides its code.</summary>
internal static class UpdateFunctionConfigurationOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "UpdateFunctionConfiguration",
        "PUT",
        "/2015-03-31/functions/{FunctionName}/configuration",
        request => HandleAsync(services, request))
    {
        Target = services.Function,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        if (request.Function.RequireUnqualified().Failed(out var reference, out var qualified))
        {
            return qualified;
        }

        if (request.Json(LambdaJson.Wire.UpdateFunctionConfigurationRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        var change = ConfigurationReader.Read(body, violations, services.Options.TimeoutSecondsMax);
        if ((violations.ToError() ?? UnsupportedMembers.Check(body)) is { } wrong)
        {
            return wrong;
        }

        // An unknown function is told before what a value means for it.
        if (services.Find(reference).Failed(out var current, out var unknown))
        {
            return unknown;
        }

        if (ConfigurationRules.CheckMeaning(change, services.CheckRuntime) is { } meaningless)
        {
            return meaningless;
        }

        var changed = await CommitAsync(services, request, body, change, current);
        if (changed.Failed(out var function, out var failure))
        {
            return failure;
        }

        services.Activate(function.Id);
        return AwsResponse.Json(
            200,
            services.Shapes.Configuration(function.Id, function.Latest, null),
            LambdaJson.Wire.FunctionConfigurationShape);
    }

    private static async Task<Result<Function>> CommitAsync(
        LambdaServices services,
        AwsRequest request,
        UpdateFunctionConfigurationRequest body,
        ConfigurationChange change,
        Function current)
    {
        var id = request.Function.Id;
        var context = services.Context(id);
        var arns = ConfigurationReader.Layers(body);
        var sizes = arns is null
            ? null
            : await PackageSizes.MeasureAsync(
                services, PackageSizes.Layers(services, arns).Append(current.Latest.Code), request.Cancellation);
        return await services.Functions.ChangeAsync(
            id,
            (state, transaction) =>
            {
                if (change.DeadLetterTarget is { Length: > 0 } target
                    && DestinationRules.CheckDeadLetter(target, id, services.Options.Region, transaction.Queues)
                        is { } missing)
                {
                    return missing;
                }

                if (arns is not null)
                {
                    var resolved = LayerResolution.Resolve(
                        arns, request.Principal, services.Options.Region, transaction.Layers);
                    if (resolved.Failed(out var layers, out var unresolved))
                    {
                        return unresolved;
                    }

                    change = change with { Layers = layers };
                }

                var applied = UpdateFunctionConfiguration.Apply(
                    state,
                    new UpdateFunctionConfiguration { Configuration = change, RevisionId = body.RevisionId },
                    context);
                return sizes is null ? applied : applied.Then(sizes.Check);
            },
            request.Cancellation);
    }
}
