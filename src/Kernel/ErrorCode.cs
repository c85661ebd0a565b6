namespace Lambent.Kernel;

/// <summary>
/// The closed list of expected failures. Each is mapped to HTTP in one place per front door, and each has a page
/// in docs/errors/. A code is never renamed: scripts match on it.
/// </summary>
public enum ErrorCode
{
    // What the caller sent
    ValidationFailed,
    InvalidParameter,
    InvalidRequestContent,
    RequestUnreadable,
    UnsupportedMediaType,
    RequestTooLarge,
    MissingParameter,
    UnknownOperation,
    NotSupported,

    // Packages
    PackageUnreadable,
    PackageEntryRefused,
    PackageTooLarge,
    CodeStorageExceeded,

    // Resources
    FunctionNotFound,
    ResourceNotFound,
    AccountNotFound,
    ResourceConflict,
    ResourceInUse,
    UpdateInProgress,
    FunctionNotReady,
    PreconditionFailed,
    PolicyTooLong,

    // Queues
    QueueNotFound,
    QueueNameExists,
    QueueAttributeUnknown,
    QueueAttributeInvalid,
    QueuePurgeInProgress,
    QueueOverLimit,
    ReceiptHandleInvalid,
    MessageBatchRefused,
    MessageContentsInvalid,

    // Objects
    BucketNotFound,
    BucketExists,
    BucketNotEmpty,
    BucketNameInvalid,
    BucketQuotaExceeded,
    ObjectNotFound,
    ObjectTooLarge,
    ObjectDigestMismatch,
    UploadNotFound,
    UploadPartInvalid,

    // Schedules
    ScheduleExpressionInvalid,
    ScheduleNotFound,
    ScheduleQuotaExceeded,

    // Events
    EventNotFound,
    EventEnded,
    IdempotencyKeyReused,

    // State machines
    StateMachineNotFound,
    StateMachineNameExists,
    StateMachineDeleting,
    StateMachineTypeUnsupported,
    DefinitionInvalid,
    ExecutionNotFound,
    ExecutionNameExists,
    ExecutionInputInvalid,
    ExecutionNotRedrivable,
    ActivityNotFound,
    ActivityNameExists,
    TaskTokenInvalid,
    TaskGone,
    WorkflowArnInvalid,
    WorkflowNameInvalid,
    WorkflowOutputInvalid,
    WorkflowConflict,
    WorkflowConfigurationInvalid,
    WorkflowQuotaExceeded,

    // Runtimes and environments
    RuntimeUnknown,
    RuntimeDeprecated,
    RuntimeMissing,
    EnvironmentStartFailed,

    // Access
    AuthenticationMissing,
    SignatureIncomplete,
    SignatureMismatch,
    SignatureExpired,
    AccessKeyUnknown,
    SessionTokenInvalid,
    SessionTokenExpired,
    LoginTokenInvalid,
    SessionEnded,
    OriginRefused,
    AccessDenied,
    RegionMismatch,

    // Limits
    FunctionConcurrencyExceeded,
    AccountConcurrencyExceeded,
    InvocationRateExceeded,
    LimitExceeded,

    // The server itself
    Draining,
    DiskFull,
    StoreUnavailable,
    Internal,
}
