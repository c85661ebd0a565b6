using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>
/// The operations of provisioned concurrency, which this server does not have: asking for it is refused, and asking
/// what there is finds none. Tools that read a function's whole configuration go on working.
/// </summary>
internal static class ProvisionedConcurrencyOperations
{
    private const string Path = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency";

    public static IEnumerable<AwsOperation> Create(LambdaServices services) =>
    [
        new AwsOperation("PutProvisionedConcurrencyConfig", "PUT", Path, _ => Answer(Refuse()))
        {
            Target = services.Function,
        },
        new AwsOperation("DeleteProvisionedConcurrencyConfig", "DELETE", Path, _ => Answer(Refuse()))
        {
            Target = services.Function,
        },
        new AwsOperation(
            "GetProvisionedConcurrencyConfig", "GET", Path, request => Answer(Find(services, request, NotFound())))
        {
            Target = services.Function,
        },
        new AwsOperation(
            "ListProvisionedConcurrencyConfigs", "GET", Path, request => Answer(Find(services, request, None())))
        {
            Target = services.Function,
            Selector = ("List", "ALL"),
        },
    ];

    private static Error Refuse() => UnsupportedMembers.Refuse("Provisioned concurrency", null);

    private static AwsResponse NotFound() => AwsErrors.Response(
        new Error(ErrorCode.ResourceNotFound, "No Provisioned Concurrency Config found for this function"),
        "ProvisionedConcurrencyConfigNotFoundException");

    private static AwsResponse None() => AwsResponse.Json(
        200,
        new ListProvisionedConcurrencyConfigsResponse([]),
        LambdaJson.Wire.ListProvisionedConcurrencyConfigsResponse);

    /// <summary>The answer for a function that exists.</summary>
    private static Result<AwsResponse> Find(LambdaServices services, AwsRequest request, AwsResponse answer) =>
        services.FindVersion(request.Function).Select(_ => answer);

    private static ValueTask<Result<AwsResponse>> Answer(Result<AwsResponse> result) => ValueTask.FromResult(result);
}

/// <summary>The list is always empty; its items have no shape yet.</summary>
internal sealed record ListProvisionedConcurrencyConfigsResponse(
    IReadOnlyList<string> ProvisionedConcurrencyConfigs);
