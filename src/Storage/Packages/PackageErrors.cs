using Lambent.Kernel;

namespace Lambent.Storage.Packages;

/// <summary>What is said about a package that is not accepted: AWS's words where AWS has some.</summary>
internal static class PackageErrors
{
    public static readonly Error ZippedTooLarge = new(
        ErrorCode.PackageTooLarge, $"Zipped size must be smaller than {Limits.ZippedPackageBytesMax} bytes");

    public static readonly Error UnzippedTooLarge = new(
        ErrorCode.PackageTooLarge, $"Unzipped size must be smaller than {Limits.UnzippedPackageBytesMax} bytes");

    public static readonly Error Empty = new(
        ErrorCode.PackageUnreadable, "Uploaded file must be a non-empty zip");

    public static Error TooManyEntries(ulong count) => new(
        ErrorCode.PackageTooLarge,
        $"The package has {count} files and folders; {Limits.PackageEntriesMax} are allowed.");

    /// <param name="why">What does not fit together, as the machine-readable reason; the message is AWS's.</param>
    /// <param name="entry">The entry's name, when it is one entry's fault.</param>
    public static Error Unreadable(string why, string? entry = null) => new(
        ErrorCode.PackageUnreadable,
        "Could not unzip uploaded file. Please check your file, then try to upload again.",
        entry,
        why);

    public static Error Refused(string entry, string why) => new(
        ErrorCode.PackageEntryRefused, $"The package entry '{entry}' is refused: {why}.", entry);
}
