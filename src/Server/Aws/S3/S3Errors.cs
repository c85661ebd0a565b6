using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Server.Access;

namespace Lambent.Server.Aws.S3;

/// <summary>The closed list of failures as S3 tells them: status and code.</summary>
internal static class S3Errors
{
    /// <summary>Reasons that are S3's own code, with their status.</summary>
    private static readonly Dictionary<string, int> Reasons = new(StringComparer.Ordinal)
    {
        [ObjectErrors.KeyTooLong] = 400,
        [ObjectErrors.MetadataTooLarge] = 400,
        [ObjectErrors.PartTooSmall] = 400,
        [ObjectErrors.PartOrder] = 400,
        [ObjectErrors.RangeOutside] = 416,
        [ObjectErrors.BodyIncomplete] = 400,
        [ObjectErrors.DigestInvalid] = 400,
        [ObjectErrors.RequestInvalid] = 400,
        [ObjectErrors.MalformedXml] = 400,
        ["AccessControlListNotSupported"] = 400,
        ["IllegalLocationConstraintException"] = 400,
        ["InvalidStorageClass"] = 400,
        ["InvalidURI"] = 400,
        ["MethodNotAllowed"] = 405,
        ["MissingContentLength"] = 411,
    };

    public static (int Status, string Code) Map(Error error)
    {
        if (error.Reason is { } reason && Reasons.TryGetValue(reason, out var status))
        {
            return (status, reason);
        }

        // A body that is not what was signed has a code of its own.
        return ReferenceEquals(error, SignatureErrors.PayloadMismatch)
            ? (400, "XAmzContentSHA256Mismatch")
            : Map(error.Code);
    }

    private static (int Status, string Code) Map(ErrorCode code) => code switch
    {
        ErrorCode.BucketNotFound => (404, "NoSuchBucket"),
        ErrorCode.BucketExists => (409, "BucketAlreadyOwnedByYou"),
        ErrorCode.BucketNotEmpty => (409, "BucketNotEmpty"),
        ErrorCode.BucketNameInvalid => (400, "InvalidBucketName"),
        ErrorCode.BucketQuotaExceeded => (400, "TooManyBuckets"),
        ErrorCode.ObjectNotFound => (404, "NoSuchKey"),
        ErrorCode.ObjectTooLarge or ErrorCode.RequestTooLarge => (400, "EntityTooLarge"),
        ErrorCode.ObjectDigestMismatch => (400, "BadDigest"),
        ErrorCode.UploadNotFound => (404, "NoSuchUpload"),
        ErrorCode.UploadPartInvalid => (400, "InvalidPart"),
        ErrorCode.PreconditionFailed => (412, "PreconditionFailed"),
        ErrorCode.NotSupported => (501, "NotImplemented"),
        ErrorCode.UnknownOperation => (405, "MethodNotAllowed"),
        ErrorCode.AuthenticationMissing or ErrorCode.AccessDenied => (403, "AccessDenied"),
        ErrorCode.SignatureMismatch => (403, "SignatureDoesNotMatch"),
        ErrorCode.SignatureExpired => (403, "RequestTimeTooSkewed"),
        ErrorCode.SignatureIncomplete or ErrorCode.RegionMismatch => (400, "AuthorizationHeaderMalformed"),
        ErrorCode.AccessKeyUnknown => (403, "InvalidAccessKeyId"),
        ErrorCode.SessionTokenInvalid => (400, "InvalidToken"),
        ErrorCode.SessionTokenExpired => (400, "ExpiredToken"),
        ErrorCode.LimitExceeded or ErrorCode.Draining => (503, "SlowDown"),
        ErrorCode.DiskFull or ErrorCode.StoreUnavailable => (503, "ServiceUnavailable"),
        ErrorCode.Internal => (500, "InternalError"),
        _ => (400, "InvalidArgument"),
    };
}
