using System.Collections.Immutable;
using Lambent.Kernel.Packages;

namespace Lambent.Kernel.Functions;

/// <summary>
/// Holds a function's code and layers together to one bound: an environment has to unpack them all.
/// </summary>
/// <param name="Measured">By digest, the sizes of packages whose reference does not know its own.</param>
public sealed record UnzippedSize(ImmutableDictionary<string, long> Measured)
{
    /// <summary>For references that know their sizes.</summary>
    public static readonly UnzippedSize AsRecorded = new(ImmutableDictionary<string, long>.Empty);

    /// <summary>The function, or the refusal of what $LATEST has become.</summary>
    public Result<Function> Check(Function changed)
    {
        var latest = changed.Latest;
        var bytes = Of(latest.Code) + latest.Layers.Sum(layer => Of(layer.Content));
        return bytes <= Limits.UnzippedPackageBytesMax
            ? changed
            : FunctionErrors.InvalidParameter(
                "Function code combined with layers exceeds the maximum allowed size of "
                + $"{Limits.UnzippedPackageBytesMax} bytes. The actual size is {bytes} bytes.");
    }

    private long Of(PackageReference package) => package.UnzippedBytes ?? Measured.GetValueOrDefault(package.Digest);
}
