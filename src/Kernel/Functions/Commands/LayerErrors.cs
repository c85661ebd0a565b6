namespace Lambent.Kernel.Functions.Commands;

/// <summary>The failures that several layer commands have in common, in AWS's words.</summary>
public static class LayerErrors
{
    public static Error VersionNotFound(string arn) =>
        new(ErrorCode.ResourceNotFound, $"Layer version {arn} does not exist.");
}
