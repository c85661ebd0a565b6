using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>UpdateAlias: moves a name to another version, or splits its calls between two.</summary>
internal static class UpdateAliasOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "UpdateAlias",
        "PUT",
        "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
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

        if (request.Json(LambdaJson.Wire.AliasRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        var name = request.Path("Name");
        AliasRules.CheckForm(violations, name, body.FunctionVersion, body.Description, body.Routing);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var command = new UpdateAlias
        {
            Name = name,
            FunctionVersion = body.FunctionVersion,
            Description = body.Description,
            Routing = body.Routing,
            RevisionId = body.RevisionId,
        };
        var updated = await services.ChangeAsync(
            reference.Id, (state, context) => UpdateAlias.Apply(state, command, context), request.Cancellation);
        return updated.Select(function => AwsResponse.Json(
            200, services.Shapes.Alias(function.Id, function.Aliases[name]), LambdaJson.Wire.AliasShape));
    }
}
