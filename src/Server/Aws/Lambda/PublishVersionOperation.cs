using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>PublishVersion: freezes $LATEST under the next number.</summary>
internal static class PublishVersionOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "PublishVersion",
        "POST",
        "/2015-03-31/functions/{FunctionName}/versions",
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

        if (request.Json(LambdaJson.Wire.PublishVersionRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        violations.Length(body.Description, "description", 0, Limits.DescriptionLengthMax);
        if ((violations.ToError() ?? UnsupportedMembers.Text("PublishTo", body.PublishTo)) is { } wrong)
        {
            return wrong;
        }

        var command = new PublishVersion
        {
            Description = body.Description,
            CodeSha256 = body.CodeSha256,
            RevisionId = body.RevisionId,
        };
        var published = await services.ChangeAsync(
            reference.Id, (state, context) => PublishVersion.Apply(state, command, context), request.Cancellation);
        return published.Select(function =>
        {
            services.Activate(function.Id);
            var version = function.Versions[function.LastPublishedVersion];
            return AwsResponse.Json(
                201,
                services.Shapes.Configuration(function.Id, version, version.Version),
                LambdaJson.Wire.FunctionConfigurationShape);
        });
    }
}

internal sealed record PublishVersionRequest
{
    public string? CodeSha256 { get; init; }

    public string? Description { get; init; }

    public string? RevisionId { get; init; }

    public string? PublishTo { get; init; }
}
