namespace Lambent.Cli.Sources;

/// <summary>Finds the program of a custom runtime: an executable named bootstrap.</summary>
internal static class CustomSource
{
    public const string Bootstrap = "bootstrap";

    public static bool Recognizes(IPackageTree tree) => tree.Has(Bootstrap);

    public static InferredFunction Infer(IPackageTree tree)
    {
        if (!tree.IsExecutable(Bootstrap))
        {
            throw InferenceFailures.Unrecognized("bootstrap is not executable.", "chmod +x bootstrap");
        }

        return new InferredFunction("custom", Bootstrap, "an executable named bootstrap is there");
    }

    /// <summary>Whether a file is a program by itself: an ELF image, or a script that names its interpreter.</summary>
    public static bool IsProgram(ReadOnlySpan<byte> head) =>
        head.StartsWith("\u007fELF"u8) || head.StartsWith("#!"u8);
}
