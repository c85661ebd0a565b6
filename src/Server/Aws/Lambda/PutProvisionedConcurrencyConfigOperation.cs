using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>PutProvisionedConcurrencyConfig: keeps environments of a version or alias started.</summary>
internal static class PutProvisionedConcurrencyConfigOperation
{
    public const string Path = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency";

    public static AwsOperation Create(
        LambdaServices services, ConcurrencyReservations reservations, ProvisionedEnvironments provisioned) => new(
        "PutProvisionedConcurrencyConfig",
        "PUT",
        Path,
        request => HandleAsync(services, reservations, provisioned, request))
    {
        Target = services.Function,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(
        LambdaServices services,
        ConcurrencyReservations reservations,
        ProvisionedEnvironments provisioned,
        AwsRequest request)
    {
        if (request.Json(LambdaAccessJson.Wire.PutProvisionedConcurrencyConfigRequest)
            .Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var (id, qualifier) = (request.Function.Id, request.Function.Qualifier);
        var violations = new ConstraintViolations();
        violations.Required(qualifier, "qualifier");
        violations.Required(body.ProvisionedConcurrentExecutions, "provisionedConcurrentExecutions");
        violations.Range(body.ProvisionedConcurrentExecutions, "provisionedConcurrentExecutions", 1);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var change = new ProvisioningChange(qualifier!, body.ProvisionedConcurrentExecutions, Windows: null);
        var changed = await reservations.ProvisionAsync(services.Context(id), id, change, request.Cancellation);
        if (changed.Failed(out _, out var refused))
        {
            return refused;
        }

        // Deleted since: nothing is left to describe.
        if (services.Functions.Directory.Find(id) is not { } snapshot
            || !provisioned.Describe(snapshot).TryGetValue(qualifier!, out var state))
        {
            return FunctionErrors.NotFound(services.Arns.Function(id), qualifier);
        }

        // As AWS has it, what was just asked for is in progress, even if all of it is there.
        var shape = ProvisionedConcurrencyShape.From(state) with { Status = "IN_PROGRESS", StatusReason = null };
        return AwsResponse.Json(202, shape, LambdaAccessJson.Wire.ProvisionedConcurrencyShape);
    }
}
