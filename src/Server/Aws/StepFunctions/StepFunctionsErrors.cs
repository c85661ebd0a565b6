using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>The closed list of failures as the API of AWS Step Functions tells them.</summary>
internal static class StepFunctionsErrors
{
    private const string Own = "com.amazonaws.swf.service.v2.model#";
    private const string Validation = "com.amazon.coral.validate#";
    private const string Shared = "com.amazon.coral.service#";

    public static (int Status, DataObject Body) Answer(Error error)
    {
        var (status, type) = Map(error);
        var body = new OrderedDictionary<string, DataValue> { ["__type"] = type, ["message"] = error.Message };
        switch (error.Code)
        {
            case ErrorCode.InvalidParameter or ErrorCode.MissingParameter when error.Reason is { } reason:
                body["reason"] = reason;
                break;
            case ErrorCode.ResourceNotFound when error.Reason is { } resource:
                body["resourceName"] = resource;
                break;
        }

        return (status, new DataObject(body));
    }

    /// <summary>HTTP status and the name of the exception with its namespace. Of the protocol, all mistakes of callers
    /// are 400.</summary>
    public static (int Status, string Type) Map(Error error) => error.Code switch
    {
        ErrorCode.ValidationFailed or ErrorCode.InvalidParameter or ErrorCode.NotSupported =>
            (400, Validation + "ValidationException"),
        ErrorCode.RequestUnreadable => (400, Shared + "SerializationException"),
        ErrorCode.RequestTooLarge => (413, Shared + "RequestEntityTooLargeException"),
        ErrorCode.UnknownOperation => (400, Shared + "UnknownOperationException"),
        ErrorCode.AuthenticationMissing => (400, Shared + "MissingAuthenticationTokenException"),
        ErrorCode.SignatureIncomplete => (400, Shared + "IncompleteSignatureException"),
        ErrorCode.SignatureMismatch or ErrorCode.SignatureExpired or ErrorCode.RegionMismatch =>
            (400, Shared + "InvalidSignatureException"),
        ErrorCode.AccessKeyUnknown or ErrorCode.SessionTokenInvalid =>
            (400, Shared + "UnrecognizedClientException"),
        ErrorCode.SessionTokenExpired => (400, Shared + "ExpiredTokenException"),
        ErrorCode.AccessDenied => (400, Shared + "AccessDeniedException"),
        ErrorCode.LimitExceeded => (400, Shared + "ThrottlingException"),
        ErrorCode.Draining or ErrorCode.DiskFull or ErrorCode.StoreUnavailable =>
            (503, Shared + "ServiceUnavailableException"),
        _ => NameOf(error) is { } name ? (400, Own + name) : (500, Shared + "InternalFailure"),
    };

    private static string? NameOf(Error error) => error.Code switch
    {
        ErrorCode.MissingParameter => "MissingRequiredParameter",
        ErrorCode.ResourceNotFound => "ResourceNotFound",
        ErrorCode.StateMachineNotFound => "StateMachineDoesNotExist",
        ErrorCode.StateMachineNameExists => "StateMachineAlreadyExists",
        ErrorCode.StateMachineDeleting => "StateMachineDeleting",
        ErrorCode.StateMachineTypeUnsupported => "StateMachineTypeNotSupported",
        ErrorCode.DefinitionInvalid => "InvalidDefinition",
        ErrorCode.ExecutionNotFound => "ExecutionDoesNotExist",
        ErrorCode.ExecutionNameExists => "ExecutionAlreadyExists",
        ErrorCode.ExecutionInputInvalid => "InvalidExecutionInput",
        ErrorCode.ExecutionNotRedrivable => "ExecutionNotRedrivable",
        ErrorCode.ActivityNotFound => "ActivityDoesNotExist",
        ErrorCode.ActivityNameExists => "ActivityAlreadyExists",
        ErrorCode.TaskTokenInvalid => "InvalidToken",
        ErrorCode.TaskGone => "TaskTimedOut",
        ErrorCode.WorkflowArnInvalid => "InvalidArn",
        ErrorCode.WorkflowNameInvalid => "InvalidName",
        ErrorCode.WorkflowOutputInvalid => "InvalidOutput",
        ErrorCode.WorkflowConflict => "ConflictException",
        ErrorCode.WorkflowConfigurationInvalid or ErrorCode.WorkflowQuotaExceeded => error.Reason,
        _ => null,
    };
}
