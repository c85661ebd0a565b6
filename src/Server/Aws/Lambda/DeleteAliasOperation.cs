using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>DeleteAlias: takes a name away; the version it meant stays.</summary>
internal static class DeleteAliasOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "DeleteAlias",
        "DELETE",
        "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
        request => HandleAsync(services, request))
    {
        Target = services.Function,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        var violations = new ConstraintViolations();
        var name = request.Path("Name");
        AliasRules.CheckForm(violations, name, null, null, null);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var deleted = await services.ChangeAsync(
            request.Function.Id,
            (state, context) => DeleteAlias.Apply(state, new DeleteAlias(name), context),
            request.Cancellation);
        return deleted.Select(_ => AwsResponse.Empty(204));
    }
}
