namespace Lambent.Kernel.Functions.Commands;

/// <summary>The failures that several commands on function URLs have in common, in AWS's words.</summary>
public static class FunctionUrlErrors
{
    public static Error NotFound { get; } =
        new(ErrorCode.ResourceNotFound, "The resource you requested does not exist.");
}
