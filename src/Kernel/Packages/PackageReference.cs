namespace Lambent.Kernel.Packages;

/// <summary>A zip file in the content-addressed store.</summary>
/// <param name="Digest">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Size of the zip file.</param>
public sealed record PackageReference(string Digest, long SizeBytes)
{
    /// <summary>The digest as the Lambda API shows it (CodeSha256): base64.</summary>
    public string Sha256Base64 => Convert.ToBase64String(Convert.FromHexString(Digest));
}
