using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>DeleteFunctionConcurrency: gives a reservation back; one that is not there is no failure.</summary>
internal static class DeleteFunctionConcurrencyOperation
{
    public static AwsOperation Create(LambdaServices services, ConcurrencyReservations reservations) => new(
        "DeleteFunctionConcurrency",
        "DELETE",
        "/2017-10-31/functions/{FunctionName}/concurrency",
        request => HandleAsync(services, reservations, request))
    {
        Target = services.Function,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(
        LambdaServices services, ConcurrencyReservations reservations, AwsRequest request)
    {
        if (request.Function.RequireUnqualified().Failed(out var reference, out var qualified))
        {
            return qualified;
        }

        var changed = await reservations.SetAsync(
            services.Context(reference.Id), reference.Id, null, request.Cancellation);
        return changed.Select(_ => AwsResponse.Empty(204));
    }
}
