namespace Lambent.Kernel.Packages;

/// <summary>A zip file in the content-addressed store.</summary>
/// <param name="Digest">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Size of the zip file.</param>
public sealed record PackageReference(string Digest, long SizeBytes)
{
    /// <summary>
    /// Size of all files once unpacked; null in a record from before it was kept. It follows from the content, so
    /// that two references to the same file are equal whether they know it or not.
    /// </summary>
    public long? UnzippedBytes { get; init; }

    /// <summary>The digest as the Lambda API shows it (CodeSha256): base64.</summary>
    public string Sha256Base64 => Convert.ToBase64String(Convert.FromHexString(Digest));

    public bool Equals(PackageReference? other) =>
        other is not null && Digest == other.Digest && SizeBytes == other.SizeBytes;

    public override int GetHashCode() => HashCode.Combine(Digest, SizeBytes);
}
