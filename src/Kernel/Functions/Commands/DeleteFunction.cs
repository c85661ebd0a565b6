namespace Lambent.Kernel.Functions.Commands;

/// <summary>Deletes a function with all its versions and aliases.</summary>
public static class DeleteFunction
{
    public static Result<Done> Apply(Function? state, CommandContext context) =>
        state is null ? FunctionErrors.NotFound(context.Arn) : Done.Value;
}
