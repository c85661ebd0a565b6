using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.Logs;

/// <summary>The closed list of failures as the API of CloudWatch Logs tells them.</summary>
internal static class LogsErrors
{
    public static (int Status, DataObject Body) Answer(Error error)
    {
        var (status, type) = Map(error.Code);
        return (status, new DataObject(("__type", type), ("message", error.Message)));
    }

    /// <summary>HTTP status and the name of the exception. Of the protocol, all mistakes of callers are 400.</summary>
    public static (int Status, string Type) Map(ErrorCode code) => code switch
    {
        ErrorCode.ValidationFailed or ErrorCode.InvalidParameter or ErrorCode.MissingParameter
            or ErrorCode.NotSupported => (400, "InvalidParameterException"),
        ErrorCode.ResourceNotFound => (400, "ResourceNotFoundException"),
        ErrorCode.ResourceConflict => (400, "ResourceAlreadyExistsException"),
        ErrorCode.LimitExceeded => (400, "LimitExceededException"),
        ErrorCode.InvocationRateExceeded => (400, "ThrottlingException"),
        ErrorCode.RequestUnreadable => (400, "SerializationException"),
        ErrorCode.RequestTooLarge => (413, "RequestEntityTooLargeException"),
        ErrorCode.UnknownOperation => (400, "UnknownOperationException"),
        ErrorCode.AuthenticationMissing => (400, "MissingAuthenticationTokenException"),
        ErrorCode.SignatureIncomplete => (400, "IncompleteSignatureException"),
        ErrorCode.SignatureMismatch or ErrorCode.SignatureExpired or ErrorCode.RegionMismatch =>
            (400, "InvalidSignatureException"),
        ErrorCode.AccessKeyUnknown or ErrorCode.SessionTokenInvalid => (400, "UnrecognizedClientException"),
        ErrorCode.SessionTokenExpired => (400, "ExpiredTokenException"),
        ErrorCode.AccessDenied => (400, "AccessDeniedException"),
        ErrorCode.Draining or ErrorCode.DiskFull or ErrorCode.StoreUnavailable => (503, "ServiceUnavailableException"),
        _ => (500, "InternalFailure"),
    };

    public static Error NoGroup() => new(ErrorCode.ResourceNotFound, "The specified log group does not exist.");

    public static Error NoStream() => new(ErrorCode.ResourceNotFound, "The specified log stream does not exist.");

    public static Error WrongToken() =>
        new(ErrorCode.InvalidParameter, "The specified nextToken is invalid.", "nextToken");
}
