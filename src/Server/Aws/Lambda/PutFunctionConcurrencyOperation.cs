using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>PutFunctionConcurrency: sets calls aside for one function; 0 turns it off.</summary>
internal static class PutFunctionConcurrencyOperation
{
    public static AwsOperation Create(LambdaServices services, ConcurrencyReservations reservations) => new(
        "PutFunctionConcurrency",
        "PUT",
        "/2017-10-31/functions/{FunctionName}/concurrency",
        request => HandleAsync(services, reservations, request))
    {
        Target = services.Function,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(
        LambdaServices services, ConcurrencyReservations reservations, AwsRequest request)
    {
        if (request.Json(LambdaAccessJson.Wire.ConcurrencyShape).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        violations.Required(body.ReservedConcurrentExecutions, "reservedConcurrentExecutions");
        violations.Range(body.ReservedConcurrentExecutions, "reservedConcurrentExecutions", 0);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        if (request.Function.RequireUnqualified().Failed(out var reference, out var qualified))
        {
            return qualified;
        }

        var changed = await reservations.SetAsync(
            services.Context(reference.Id), reference.Id, body.ReservedConcurrentExecutions, request.Cancellation);
        return changed.Select(function => AwsResponse.Json(
            200, new ConcurrencyShape(function.ReservedConcurrency), LambdaAccessJson.Wire.ConcurrencyShape));
    }
}

/// <param name="ReservedConcurrentExecutions">Null: no reservation.</param>
internal sealed record ConcurrencyShape(int? ReservedConcurrentExecutions);
