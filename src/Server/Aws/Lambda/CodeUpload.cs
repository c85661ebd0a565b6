using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Objects;
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

        if (Read(services, account).Failed(out var bytes, out var missing))
        {
            return missing;
        }

        return CodeStorage.Check(services, account, bytes.Length) is { } exceeded
            ? exceeded
            : await services.Packages.AddAsync(bytes, cancellation);
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

    /// <summary>The object's bytes, of which no more are read than a package may have.</summary>
    private Result<byte[]> Read(LambdaServices services, AccountId account)
    {
        if (services.Objects.Open(new ObjectName(account, Bucket!, Key!)).Failed(out var reading, out var missing))
        {
            return missing.Code switch
            {
                ErrorCode.BucketNotFound => Unread("NoSuchBucket", missing.Message),
                ErrorCode.ObjectNotFound => Unread("NoSuchKey", missing.Message),
                _ => missing,
            };
        }

        using var release = reading;
        if (reading.Object.SizeBytes > Limits.ZippedPackageBytesMax)
        {
            return new Error(
                ErrorCode.PackageTooLarge,
                $"Zipped size must be smaller than {Limits.ZippedPackageBytesMax} bytes",
                "S3Key");
        }

        var bytes = new byte[reading.Object.SizeBytes];
        for (var length = 0; length < bytes.Length;)
        {
            length += reading.Read(bytes.AsSpan(length));
        }

        return bytes;
    }

    private static Error Unread(string code, string message) =>
        Invalid($"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {message}");

    private static Error Invalid(string message) => FunctionErrors.InvalidParameter(message, "Code");
}
