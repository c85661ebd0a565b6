using System.Text.Encodings.Web;
using System.Text.Json;
using Lambent.Kernel;

namespace Lambent.Server.Aws.Protocols;

/// <summary>The closed list of failures as the Lambda API tells them: status, exception type and body.</summary>
internal static class AwsErrors
{
    public const string TypeHeader = "x-amzn-ErrorType";

    /// <summary>Seconds, after which a throttled caller may try again; the SDKs back off by themselves.</summary>
    private static readonly KeyValuePair<string, string> RetryAfter = KeyValuePair.Create("Retry-After", "1");

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>HTTP status and the name of the exception in the API's model.</summary>
    public static (int Status, string Type) Map(ErrorCode code) => code switch
    {
        ErrorCode.ValidationFailed => (400, "ValidationException"),
        ErrorCode.InvalidParameter => (400, "InvalidParameterValueException"),
        ErrorCode.InvalidRequestContent => (400, "InvalidRequestContentException"),
        ErrorCode.RequestUnreadable => (400, "SerializationException"),
        ErrorCode.UnsupportedMediaType => (415, "UnsupportedMediaTypeException"),
        ErrorCode.RequestTooLarge => (413, "RequestEntityTooLargeException"),
        ErrorCode.MissingParameter => (400, "InvalidParameterValueException"),
        ErrorCode.UnknownOperation => (404, "UnknownOperationException"),
        ErrorCode.NotSupported => (400, "InvalidParameterValueException"),

        ErrorCode.PackageUnreadable => (400, "InvalidParameterValueException"),
        ErrorCode.PackageEntryRefused => (400, "InvalidParameterValueException"),
        ErrorCode.PackageTooLarge => (400, "InvalidParameterValueException"),
        ErrorCode.CodeStorageExceeded => (400, "CodeStorageExceededException"),

        ErrorCode.FunctionNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.ResourceNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.AccountNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.ResourceConflict => (409, "ResourceConflictException"),
        ErrorCode.ResourceInUse => (400, "ResourceInUseException"),
        ErrorCode.UpdateInProgress => (409, "ResourceConflictException"),
        ErrorCode.FunctionNotReady => (409, "ResourceConflictException"),
        ErrorCode.PreconditionFailed => (412, "PreconditionFailedException"),
        ErrorCode.PolicyTooLong => (400, "PolicyLengthExceededException"),

        ErrorCode.BucketNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.BucketExists => (409, "ResourceConflictException"),
        ErrorCode.BucketNotEmpty => (409, "ResourceConflictException"),
        ErrorCode.BucketNameInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.BucketQuotaExceeded => (400, "ServiceQuotaExceededException"),
        ErrorCode.ObjectNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.ObjectTooLarge => (413, "RequestEntityTooLargeException"),
        ErrorCode.ObjectDigestMismatch => (400, "InvalidParameterValueException"),
        ErrorCode.UploadNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.UploadPartInvalid => (400, "InvalidParameterValueException"),

        ErrorCode.RuntimeUnknown => (400, "InvalidParameterValueException"),
        ErrorCode.RuntimeDeprecated => (400, "InvalidParameterValueException"),
        ErrorCode.RuntimeMissing => (400, "InvalidParameterValueException"),
        ErrorCode.EnvironmentStartFailed => (500, "ServiceException"),

        ErrorCode.AuthenticationMissing => (403, "MissingAuthenticationTokenException"),
        ErrorCode.SignatureIncomplete => (403, "IncompleteSignatureException"),
        ErrorCode.SignatureMismatch => (403, "InvalidSignatureException"),
        ErrorCode.SignatureExpired => (403, "InvalidSignatureException"),
        ErrorCode.AccessKeyUnknown => (403, "UnrecognizedClientException"),
        ErrorCode.SessionTokenInvalid => (403, "UnrecognizedClientException"),
        ErrorCode.SessionTokenExpired => (403, "ExpiredTokenException"),
        ErrorCode.LoginTokenInvalid => (403, "UnrecognizedClientException"),
        ErrorCode.SessionEnded => (401, "ExpiredTokenException"),
        ErrorCode.OriginRefused => (403, "AccessDeniedException"),
        ErrorCode.AccessDenied => (403, "AccessDeniedException"),
        ErrorCode.RegionMismatch => (403, "InvalidSignatureException"),

        ErrorCode.FunctionConcurrencyExceeded => (429, "TooManyRequestsException"),
        ErrorCode.AccountConcurrencyExceeded => (429, "TooManyRequestsException"),
        ErrorCode.InvocationRateExceeded => (429, "TooManyRequestsException"),
        ErrorCode.LimitExceeded => (429, "TooManyRequestsException"),

        // The SDKs try again after 503; what was refused left nothing behind.
        ErrorCode.Draining => (503, "ServiceUnavailableException"),
        ErrorCode.DiskFull => (503, "ServiceUnavailableException"),
        ErrorCode.StoreUnavailable => (503, "ServiceUnavailableException"),
        ErrorCode.Internal => (500, "ServiceException"),
        _ => MapWork(code),
    };

    /// <summary>
    /// Of queues, events and schedules; the APIs of queues and schedules tell theirs by other names (SqsErrors,
    /// SchedulerErrors).
    /// </summary>
    private static (int Status, string Type) MapWork(ErrorCode code) => code switch
    {
        ErrorCode.QueueNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.QueueNameExists => (409, "ResourceConflictException"),
        ErrorCode.QueuePurgeInProgress => (409, "ResourceConflictException"),
        ErrorCode.EventNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.EventEnded => (409, "ResourceConflictException"),
        ErrorCode.IdempotencyKeyReused => (409, "ResourceConflictException"),
        ErrorCode.QueueOverLimit => (429, "TooManyRequestsException"),
        ErrorCode.QueueAttributeUnknown => (400, "InvalidParameterValueException"),
        ErrorCode.QueueAttributeInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.ReceiptHandleInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.MessageBatchRefused => (400, "InvalidParameterValueException"),
        ErrorCode.MessageContentsInvalid => (400, "InvalidParameterValueException"),

        ErrorCode.ScheduleExpressionInvalid => (400, "ValidationException"),
        ErrorCode.ScheduleNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.ScheduleQuotaExceeded => (402, "ServiceQuotaExceededException"),
        _ => MapWorkflow(code),
    };

    /// <summary>Of state machines; their own API tells them by other names (StepFunctionsErrors).</summary>
    private static (int Status, string Type) MapWorkflow(ErrorCode code) => code switch
    {
        ErrorCode.StateMachineNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.StateMachineNameExists => (409, "ResourceConflictException"),
        ErrorCode.StateMachineDeleting => (409, "ResourceConflictException"),
        ErrorCode.StateMachineTypeUnsupported => (400, "InvalidParameterValueException"),
        ErrorCode.DefinitionInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.ExecutionNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.ExecutionNameExists => (409, "ResourceConflictException"),
        ErrorCode.ExecutionInputInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.ExecutionNotRedrivable => (409, "ResourceConflictException"),
        ErrorCode.ActivityNotFound => (404, "ResourceNotFoundException"),
        ErrorCode.ActivityNameExists => (409, "ResourceConflictException"),
        ErrorCode.TaskTokenInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.TaskGone => (409, "ResourceConflictException"),
        ErrorCode.WorkflowArnInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.WorkflowNameInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.WorkflowOutputInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.WorkflowConflict => (409, "ResourceConflictException"),
        ErrorCode.WorkflowConfigurationInvalid => (400, "InvalidParameterValueException"),
        ErrorCode.WorkflowQuotaExceeded => (402, "ServiceQuotaExceededException"),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "The error code has no AWS counterpart."),
    };

    /// <summary>The whole answer.</summary>
    /// <param name="exception">The exception's name where the model has one of its own for the case, or null.</param>
    public static AwsResponse Response(Error error, string? exception = null)
    {
        var (status, type) = Map(error.Code);
        return Response(error, status, exception ?? type);
    }

    /// <summary>
    /// The answer to a call of a function that exists: what is wrong with its runtime or code by now is not the
    /// caller's mistake.
    /// </summary>
    public static AwsResponse CallResponse(Error error) => error.Code switch
    {
        ErrorCode.RuntimeMissing => Response(error, 502, "InvalidRuntimeException"),
        ErrorCode.PackageUnreadable => Response(error, 502, "InvalidZipFileException"),
        _ => Response(error),
    };

    private static AwsResponse Response(Error error, int status, string type)
    {
        return new AwsResponse(status, Body(error, status, type))
        {
            Headers = status == 429
                ? [KeyValuePair.Create(TypeHeader, type), RetryAfter]
                : [KeyValuePair.Create(TypeHeader, type)],
        };
    }

    private static byte[] Body(Error error, int status, string type)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            if (Source(error.Code, status) is { } source)
            {
                writer.WriteString("Type"u8, source);
            }

            if (Reason(error) is { } reason)
            {
                writer.WriteString("Reason"u8, reason);
            }

            // The service model spells the member differently in these shapes, and clients read it by the model.
            writer.WriteString(
                SpellsMessageCapital(type) ? "Message"u8 : "message"u8,
                error.Message);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static bool SpellsMessageCapital(string type) =>
        type is "ResourceNotFoundException" or "ServiceException" or "AccessDeniedException"
            or "InvalidRuntimeException" or "InvalidZipFileException";

    /// <summary>Failures that AWS finds before the service's own code carry no Type.</summary>
    private static string? Source(ErrorCode code, int status) => code switch
    {
        ErrorCode.ValidationFailed or ErrorCode.RequestUnreadable or ErrorCode.RequestTooLarge => null,
        ErrorCode.UnknownOperation or ErrorCode.UnsupportedMediaType => null,
        >= ErrorCode.AuthenticationMissing and <= ErrorCode.RegionMismatch => null,
        _ => status >= 500 ? "Service" : "User",
    };

    private static string? Reason(Error error) => error.Reason ?? error.Code switch
    {
        ErrorCode.FunctionConcurrencyExceeded => "ReservedFunctionConcurrentInvocationLimitExceeded",
        ErrorCode.AccountConcurrencyExceeded => "ConcurrentInvocationLimitExceeded",
        ErrorCode.InvocationRateExceeded => "FunctionInvocationRateLimitExceeded",
        _ => null,
    };
}
