using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetLayerVersionByArn: GetLayerVersion for who has only the ARN.</summary>
internal static class GetLayerVersionByArnOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetLayerVersionByArn",
        "GET",
        "/2018-10-31/layers",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Selector = ("find", "LayerVersion"),
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        var text = request.Query("Arn");
        var violations = new ConstraintViolations();
        violations.Required(text, "arn");
        if (!LayerArn.TryParse(text, out var arn) || arn.Version is not { } version)
        {
            if (text is not null)
            {
                violations.Add(
                    text, "arn", $"Member must satisfy regular expression pattern: {LayerArn.VersionPatternText}");
            }

            return violations.ToError()!;
        }

        return arn.Region == services.Options.Region
            ? GetLayerVersionOperation.Answer(services, request, arn.Account, arn.Name, version)
            : new Error(ErrorCode.ResourceNotFound, "The resource you requested does not exist.");
    }
}
