using Lambent.Kernel;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>A failure as CloudWatch tells it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">In the Query protocol, and in the header for clients that know its codes.</param>
/// <param name="Shape">The exception of the other two protocols.</param>
internal readonly record struct CloudWatchFault(int Status, string Code, string Shape);

/// <summary>The closed list of failures in CloudWatch's words.</summary>
internal static class CloudWatchErrors
{
    private const string Combination = "InvalidParameterCombination";
    private const string Token = "InvalidNextToken";

    public static CloudWatchFault Map(Error error) => error.Code switch
    {
        _ when error.Reason == Combination => new(400, Combination, "InvalidParameterCombinationException"),
        _ when error.Reason == Token => new(400, Token, Token),
        ErrorCode.MissingParameter => new(400, "MissingParameter", "MissingRequiredParameterException"),
        ErrorCode.InvalidParameter or ErrorCode.NotSupported =>
            new(400, "InvalidParameterValue", "InvalidParameterValueException"),
        ErrorCode.ValidationFailed => new(400, "ValidationError", "ValidationError"),
        ErrorCode.RequestUnreadable => new(400, "MalformedInput", "SerializationException"),
        ErrorCode.RequestTooLarge => new(413, "RequestEntityTooLarge", "RequestEntityTooLargeException"),
        ErrorCode.UnknownOperation => new(400, "InvalidAction", "UnknownOperationException"),
        ErrorCode.LimitExceeded => new(400, "LimitExceeded", "LimitExceededFault"),
        ErrorCode.AuthenticationMissing =>
            new(403, "MissingAuthenticationToken", "MissingAuthenticationTokenException"),
        ErrorCode.SignatureIncomplete => new(400, "IncompleteSignature", "IncompleteSignatureException"),
        ErrorCode.SignatureMismatch or ErrorCode.SignatureExpired or ErrorCode.RegionMismatch =>
            new(403, "SignatureDoesNotMatch", "InvalidSignatureException"),
        ErrorCode.AccessKeyUnknown or ErrorCode.SessionTokenInvalid =>
            new(403, "InvalidClientTokenId", "UnrecognizedClientException"),
        ErrorCode.SessionTokenExpired => new(403, "ExpiredToken", "ExpiredTokenException"),
        ErrorCode.AccessDenied => new(403, "AccessDenied", "AccessDeniedException"),
        ErrorCode.Draining or ErrorCode.DiskFull or ErrorCode.StoreUnavailable =>
            new(503, "ServiceUnavailable", "ServiceUnavailableException"),
        _ => new(500, "InternalServiceError", "InternalServiceFault"),
    };

    /// <summary>Parameters that exclude or demand each other.</summary>
    public static Error WrongCombination(string message, string field) =>
        new(ErrorCode.InvalidParameter, message, field, Reason: Combination);

    public static Error WrongToken() =>
        new(ErrorCode.InvalidParameter, "The specified nextToken is invalid.", "NextToken", Reason: Token);
}
