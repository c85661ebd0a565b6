using Lambent.Kernel;

namespace Lambent.Server.Aws.Sts;

/// <summary>
/// The closed list of failures as STS tells them. The Query protocol's codes are older than those of the JSON APIs
/// and differ in name, sometimes in sentence.
/// </summary>
internal static class StsErrors
{
    /// <summary>HTTP status, code and message.</summary>
    public static (int Status, string Code, string Message) Map(Error error) => error.Code switch
    {
        ErrorCode.AuthenticationMissing =>
            (403, "MissingAuthenticationToken", "Request is missing Authentication Token"),
        ErrorCode.SignatureIncomplete => (400, "IncompleteSignature", error.Message),
        ErrorCode.SignatureMismatch or ErrorCode.SignatureExpired or ErrorCode.RegionMismatch =>
            (403, "SignatureDoesNotMatch", error.Message),
        ErrorCode.AccessKeyUnknown or ErrorCode.SessionTokenInvalid => (403, "InvalidClientTokenId", error.Message),
        ErrorCode.SessionTokenExpired => (403, "ExpiredToken", error.Message),
        ErrorCode.AccessDenied => (403, "AccessDenied", error.Message),
        ErrorCode.MissingParameter => (400, "MissingAction", error.Message),
        ErrorCode.UnknownOperation or ErrorCode.NotSupported => (400, "InvalidAction", error.Message),
        ErrorCode.LimitExceeded => (503, "ServiceUnavailable", error.Message),
        ErrorCode.RequestTooLarge => (413, "RequestEntityTooLarge", error.Message),
        ErrorCode.RequestUnreadable => (400, "MalformedInput", error.Message),
        _ => (500, "InternalFailure", error.Message),
    };
}
