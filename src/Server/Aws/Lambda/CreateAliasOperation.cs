using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>CreateAlias: gives a version a name.</summary>
internal static class CreateAliasOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "CreateAlias",
        "POST",
        "/2015-03-31/functions/{FunctionName}/aliases",
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
        violations.Required(body.Name, "name");
        violations.Required(body.FunctionVersion, "functionVersion");
        AliasRules.CheckForm(violations, body.Name, body.FunctionVersion, body.Description, body.Routing);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var command = new CreateAlias
        {
            Name = body.Name!,
            FunctionVersion = body.FunctionVersion!,
            Description = body.Description ?? "",
            Routing = body.Routing,
        };
        var created = await services.ChangeAsync(
            reference.Id, (state, context) => CreateAlias.Apply(state, command, context), request.Cancellation);
        return created.Select(function => AwsResponse.Json(
            201,
            services.Shapes.Alias(function.Id, function.Aliases[command.Name]),
            LambdaJson.Wire.AliasShape));
    }
}
