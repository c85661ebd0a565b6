using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>A failure as SQS tells it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="QueryCode">The code of the Query protocol, which batches and older clients see too.</param>
/// <param name="JsonType">The shape of the JSON protocol, with its namespace.</param>
internal readonly record struct SqsFault(int Status, string QueryCode, string JsonType)
{
    private const string Own = "com.amazonaws.sqs#";
    private const string Shared = "com.amazon.coral.service#";
    private const string Legacy = "AWS.SimpleQueueService.";

    /// <summary>One that came with the JSON protocol has the same name in both.</summary>
    public static SqsFault Named(int status, string name) => new(status, name, Own + name);

    public static SqsFault Older(int status, string name) => new(status, Legacy + name, Own + name);

    public static SqsFault Common(int status, string queryCode, string jsonName) =>
        new(status, queryCode, Shared + jsonName);

    public static SqsFault Renamed(int status, string queryCode, string jsonName) =>
        new(status, queryCode, Own + jsonName);
}

/// <summary>The closed list of failures in the codes of both protocols.</summary>
internal static class SqsErrors
{
    /// <summary>Said of a queue by the Query protocol, in words older than the other protocol.</summary>
    private const string QueryAddition = " for this wsdl version.";

    public static SqsFault Map(Error error) => error.Code switch
    {
        ErrorCode.QueueNotFound =>
            SqsFault.Renamed(400, "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
        ErrorCode.QueueNameExists => SqsFault.Renamed(400, "QueueAlreadyExists", "QueueNameExists"),
        ErrorCode.QueueAttributeUnknown => SqsFault.Named(400, "InvalidAttributeName"),
        ErrorCode.QueueAttributeInvalid => SqsFault.Named(400, "InvalidAttributeValue"),
        ErrorCode.QueuePurgeInProgress => SqsFault.Older(403, "PurgeQueueInProgress"),
        ErrorCode.QueueOverLimit => SqsFault.Named(403, "OverLimit"),
        ErrorCode.ReceiptHandleInvalid => SqsFault.Named(404, "ReceiptHandleIsInvalid"),
        ErrorCode.MessageBatchRefused => SqsFault.Older(400, error.Reason ?? "UnsupportedOperation"),
        ErrorCode.MessageContentsInvalid => SqsFault.Named(400, "InvalidMessageContents"),
        ErrorCode.ResourceNotFound => SqsFault.Named(404, "ResourceNotFoundException"),
        ErrorCode.InvalidParameter =>
            SqsFault.Common(400, "InvalidParameterValue", "InvalidParameterValueException"),
        ErrorCode.MissingParameter =>
            SqsFault.Common(400, "MissingParameter", "MissingRequiredParameterException"),
        ErrorCode.NotSupported => SqsFault.Older(400, "UnsupportedOperation"),
        ErrorCode.UnknownOperation => SqsFault.Common(400, "InvalidAction", "UnknownOperationException"),
        ErrorCode.RequestUnreadable => SqsFault.Common(400, "MalformedInput", "SerializationException"),
        ErrorCode.RequestTooLarge => SqsFault.Common(413, "RequestEntityTooLarge", "RequestEntityTooLargeException"),
        ErrorCode.AuthenticationMissing =>
            SqsFault.Common(403, "MissingAuthenticationToken", "MissingAuthenticationTokenException"),
        ErrorCode.SignatureIncomplete =>
            SqsFault.Common(400, "IncompleteSignature", "IncompleteSignatureException"),
        ErrorCode.SignatureMismatch or ErrorCode.SignatureExpired or ErrorCode.RegionMismatch =>
            SqsFault.Common(403, "SignatureDoesNotMatch", "InvalidSignatureException"),
        ErrorCode.AccessKeyUnknown or ErrorCode.SessionTokenInvalid =>
            SqsFault.Common(403, "InvalidClientTokenId", "UnrecognizedClientException"),
        ErrorCode.SessionTokenExpired => SqsFault.Common(403, "ExpiredToken", "ExpiredTokenException"),
        ErrorCode.AccessDenied => SqsFault.Common(403, "AccessDenied", "AccessDeniedException"),
        ErrorCode.LimitExceeded => SqsFault.Common(503, "ThrottlingException", "ThrottlingException"),
        ErrorCode.Draining or ErrorCode.DiskFull or ErrorCode.StoreUnavailable =>
            SqsFault.Common(503, "ServiceUnavailable", "ServiceUnavailableException"),
        _ => SqsFault.Common(500, "InternalError", "InternalFailure"),
    };

    /// <summary>The sentence of the Query protocol.</summary>
    public static string QueryMessage(Error error) => error.Code == ErrorCode.QueueNotFound
        ? error.Message.TrimEnd('.') + QueryAddition
        : error.Message;
}
