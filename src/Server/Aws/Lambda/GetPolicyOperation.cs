using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetPolicy: who from outside may use a function, an alias or a version.</summary>
internal static class GetPolicyOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetPolicy",
        "GET",
        "/2015-03-31/functions/{FunctionName}/policy",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.NamespacedFunction,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        // AWS has one answer for a missing function, a missing alias and a missing policy.
        var key = request.Function.Qualifier ?? Function.Unqualified;
        var snapshot = services.Functions.Directory.Find(request.Function.Id);
        return snapshot?.Function.Policies.GetValueOrDefault(key) is { } policy
            ? AwsResponse.Json(
                200,
                new GetPolicyResponse(PolicyDocument.Write(policy), policy.RevisionId),
                LambdaAccessJson.Wire.GetPolicyResponse)
            : new Error(ErrorCode.ResourceNotFound, "The resource you requested does not exist.");
    }
}

/// <param name="Policy">The document as JSON text.</param>
/// <param name="RevisionId">What AddPermission and RemovePermission compare theirs with.</param>
internal sealed record GetPolicyResponse(string Policy, string RevisionId);
