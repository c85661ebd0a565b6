using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;

namespace Lambent.Server.Aws.Lambda;

/// <summary>Where a request says its zip file is: in it, or uploaded before as a bucket's object.</summary>
/// <param name="ZipFile">The bytes, or null.</param>
/// <param name="Bucket">S3Bucket, or null.</param>
/// <param name="Key">S3Key, or null.</param>
/// <param name="ObjectVersion">S3ObjectVersion, or null.</param>
internal sealed record CodeUpload(byte[]? ZipFile, string? Bucket, string? Key, string? ObjectVersion)
{
    /// <summary>The stored and checked package.</summary>
    public async Task<Result<PackageReference>> StoreAsync(
        LambdaServices services, AccountId account, CancellationToken cancellation)
    {
        if (Check() is { } wrong)
        {
            return wrong;
        }

        if (ZipFile is { } zip)
        {
            return CodeStorage.Check(services, account, zip.Length) is { } full
                ? full
                : await services.Packages.AddAsync(zip, cancellation);
        }

        return services.Store.Read(transaction => Find(transaction.Blobs, account)).Then(package =>
            CodeStorage.Check(services, account, package.SizeBytes) is { } full
                ? full
                : (Result<PackageReference>)package);
    }

    /// <summary>What is wrong with the request, before anything is stored; null: nothing.</summary>
    public Error? Check()
    {
        if (ZipFile is { } zip)
        {
            return (Bucket ?? Key ?? ObjectVersion) is not null
                ? Invalid("Please do not provide other FunctionCode parameters when providing a ZipFile.")
                : zip.Length > Limits.ZippedPackageBytesMax
                    ? new Error(
                        ErrorCode.RequestTooLarge,
                        $"Zipped size must be smaller than {Limits.ZippedPackageBytesMax} bytes",
                        "ZipFile")
                    : null;
        }

        if ((Bucket ?? Key) is null)
        {
            return Invalid("Please provide a source for function code.");
        }

        if (Bucket is null || Key is null)
        {
            return Invalid("S3Bucket and S3Key belong together: please provide both.");
        }

        return UnsupportedMembers.Text("S3ObjectVersion", ObjectVersion, "an uploaded object has one version");
    }

    private Result<PackageReference> Find(IBlobTable blobs, AccountId account)
    {
        if (blobs.Get(account, Bucket!, Key!) is { } blob)
        {
            return blob.Content;
        }

        var reason = blobs.BucketExists(account, Bucket!)
            ? "S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist."
            : "S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist";
        return Invalid($"Error occurred while GetObject. {reason}");
    }

    private static Error Invalid(string message) => FunctionErrors.InvalidParameter(message, "Code");
}
