using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetAlias: which version a name means.</summary>
internal static class GetAliasOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetAlias",
        "GET",
        "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.Function,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        var violations = new ConstraintViolations();
        var name = request.Path("Name");
        AliasRules.CheckForm(violations, name, null, null, null);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var id = request.Function.Id;
        if (services.Find(request.Function with { Qualifier = null }).Failed(out var function, out var unknown))
        {
            return unknown;
        }

        return function.Aliases.TryGetValue(name, out var alias)
            ? AwsResponse.Json(200, services.Shapes.Alias(id, alias), LambdaJson.Wire.AliasShape)
            : new Error(
                ErrorCode.ResourceNotFound, $"Cannot find alias arn: {services.Arns.Function(id, name)}", "Name");
    }
}
