namespace Lambent.Kernel.Objects;

/// <summary>What goes wrong with buckets and objects, in the words of Amazon S3.</summary>
public static class ObjectErrors
{
    // Reasons that S3 tells apart and that are one kind of mistake here.
    public const string KeyTooLong = "KeyTooLongError";
    public const string MetadataTooLarge = "MetadataTooLarge";
    public const string PartTooSmall = "EntityTooSmall";
    public const string PartOrder = "InvalidPartOrder";
    public const string RangeOutside = "InvalidRange";
    public const string BodyIncomplete = "IncompleteBody";
    public const string DigestInvalid = "InvalidDigest";
    public const string RequestInvalid = "InvalidRequest";
    public const string MalformedXml = "MalformedXML";

    public static Error BucketNotFound(string bucket) => new(
        ErrorCode.BucketNotFound, "The specified bucket does not exist", bucket);

    public static Error BucketExists(string bucket) => new(
        ErrorCode.BucketExists,
        "Your previous request to create the named bucket succeeded and you already own it.",
        bucket);

    public static Error BucketNotEmpty(string bucket) => new(
        ErrorCode.BucketNotEmpty, "The bucket you tried to delete is not empty", bucket);

    public static Error BucketNameInvalid(string bucket) => new(
        ErrorCode.BucketNameInvalid, "The specified bucket is not valid.", bucket);

    public static Error BucketQuotaExceeded { get; } = new(
        ErrorCode.BucketQuotaExceeded,
        $"You have attempted to create more buckets than allowed ({Limits.BucketsPerAccountMax}).");

    public static Error NotFound(string key) => new(
        ErrorCode.ObjectNotFound, "The specified key does not exist.", key);

    public static Error TooLarge { get; } = new(
        ErrorCode.ObjectTooLarge, "Your proposed upload exceeds the maximum allowed size");

    public static Error UploadNotFound(string upload) => new(
        ErrorCode.UploadNotFound,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
        + "completed.",
        upload);

    public static Error PartInvalid { get; } = new(
        ErrorCode.UploadPartInvalid,
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified "
        + "entity tag may not match the part's entity tag.");

    public static Error PartsUnordered { get; } = new(
        ErrorCode.UploadPartInvalid,
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        Reason: PartOrder);

    public static Error PartSmall { get; } = new(
        ErrorCode.UploadPartInvalid,
        "Your proposed upload is smaller than the minimum allowed size",
        Reason: PartTooSmall);

    public static Error DigestMismatch(string what) => new(
        ErrorCode.ObjectDigestMismatch, $"The {what} you specified did not match what we received.", what);

    public static Error Precondition(string header) => new(
        ErrorCode.PreconditionFailed, "At least one of the pre-conditions you specified did not hold", header);

    public static Error Argument(string message, string? field, string? reason = null) =>
        new(ErrorCode.InvalidParameter, message, field, reason);
}
