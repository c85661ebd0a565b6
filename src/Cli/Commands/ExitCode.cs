namespace Lambent.Cli.Commands;

/// <summary>What a script can tell from the exit status alone. The numbers never change.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>A bug, a server that cannot be reached or that failed, a build that failed.</summary>
    Internal = 1,

    /// <summary>The command line or what it names is wrong.</summary>
    Usage = 2,

    NotFound = 3,

    /// <summary>No credentials, wrong ones, or ones that may not do this.</summary>
    Denied = 4,

    /// <summary>It exists already, changed meanwhile, or is in use.</summary>
    Conflict = 5,

    Limit = 6,

    Timeout = 7,

    /// <summary>Everything worked except the function, which answered with an error.</summary>
    FunctionFailed = 8,
}

/// <summary>The one table from a server's answer to an exit code: the error type decides, then the status.</summary>
internal static class ExitCodes
{
    private static readonly Dictionary<string, ExitCode> ByErrorType = new(StringComparer.Ordinal)
    {
        ["ResourceNotFoundException"] = ExitCode.NotFound,
        ["ProvisionedConcurrencyConfigNotFoundException"] = ExitCode.NotFound,
        ["AccessDeniedException"] = ExitCode.Denied,
        ["UnrecognizedClientException"] = ExitCode.Denied,
        ["InvalidSignatureException"] = ExitCode.Denied,
        ["IncompleteSignatureException"] = ExitCode.Denied,
        ["MissingAuthenticationTokenException"] = ExitCode.Denied,
        ["ExpiredTokenException"] = ExitCode.Denied,
        ["ResourceConflictException"] = ExitCode.Conflict,
        ["ResourceInUseException"] = ExitCode.Conflict,
        ["ResourceNotReadyException"] = ExitCode.Conflict,
        ["PreconditionFailedException"] = ExitCode.Conflict,
        ["TooManyRequestsException"] = ExitCode.Limit,
        ["CodeStorageExceededException"] = ExitCode.Limit,
        ["PolicyLengthExceededException"] = ExitCode.Limit,
        ["RequestTooLargeException"] = ExitCode.Limit,
        ["RequestEntityTooLargeException"] = ExitCode.Limit,
        ["ValidationException"] = ExitCode.Usage,
        ["InvalidParameterValueException"] = ExitCode.Usage,
        ["InvalidRequestContentException"] = ExitCode.Usage,
        ["QueueDoesNotExist"] = ExitCode.NotFound,
        ["QueueNameExists"] = ExitCode.Conflict,
        ["PurgeQueueInProgress"] = ExitCode.Conflict,
        ["OverLimit"] = ExitCode.Limit,
        ["ReceiptHandleIsInvalid"] = ExitCode.Usage,
        ["StateMachineDoesNotExist"] = ExitCode.NotFound,
        ["ExecutionDoesNotExist"] = ExitCode.NotFound,
        ["ExecutionAlreadyExists"] = ExitCode.Conflict,
        ["StateMachineDeleting"] = ExitCode.Conflict,
        ["ConflictException"] = ExitCode.Conflict,
        ["ServiceQuotaExceededException"] = ExitCode.Limit,
        ["ServiceException"] = ExitCode.Internal,
    };

    public static ExitCode From(int status, string? errorType) =>
        errorType is not null && ByErrorType.TryGetValue(errorType, out var known) ? known : FromStatus(status);

    private static ExitCode FromStatus(int status) => status switch
    {
        401 or 403 => ExitCode.Denied,
        404 => ExitCode.NotFound,
        409 or 412 => ExitCode.Conflict,
        413 or 429 => ExitCode.Limit,
        408 or 504 => ExitCode.Timeout,
        >= 400 and < 500 => ExitCode.Usage,
        _ => ExitCode.Internal,
    };
}
