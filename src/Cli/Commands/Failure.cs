namespace Lambent.Cli.Commands;

/// <summary>Why a verb ended early, with everything a person needs to go on.</summary>
/// <param name="Exit">The exit code.</param>
/// <param name="Code">Stable: one of <see cref="FailureCodes"/>, or the server's error type.</param>
/// <param name="Message">What happened and why, in one or two sentences.</param>
internal sealed record Failure(ExitCode Exit, string Code, string Message)
{
    /// <summary>The part that failed: the build, the server, the function; null: the command line itself.</summary>
    public string? Where { get; init; }

    /// <summary>The fix, as a command to type where there is one.</summary>
    public string? Hint { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The documentation page that explains the code, or null when it has none.</summary>
    public string? Page { get; init; } = $"docs/errors/{Code}.md";
}

/// <summary>Codes of failures that the command line finds itself; the server's own codes pass through.</summary>
internal static class FailureCodes
{
    public const string Usage = "UsageInvalid";
    public const string NotSupported = "NotSupported";
    public const string ConfirmationRequired = "ConfirmationRequired";
    public const string SourceNotFound = "SourceNotFound";
    public const string SourceUnrecognized = "SourceUnrecognized";
    public const string HandlerNotFound = "HandlerNotFound";
    public const string HandlerAmbiguous = "HandlerAmbiguous";
    public const string PackageEntryRefused = "PackageEntryRefused";
    public const string PackageTooLarge = "PackageTooLarge";
    public const string DependenciesMissing = "DependenciesMissing";
    public const string ToolMissing = "ToolMissing";
    public const string BuildFailed = "BuildFailed";
    public const string ServerUnreachable = "ServerUnreachable";
    public const string ServerTimedOut = "ServerTimedOut";
    public const string ServerAnswerUnreadable = "ServerAnswerUnreadable";
    public const string ServerRunning = "ServerRunning";
    public const string PortBusy = "PortBusy";
    public const string CredentialsMissing = "CredentialsMissing";
    public const string FunctionFailed = "FunctionFailed";
    public const string FunctionStateFailed = "FunctionStateFailed";
    public const string CallbackFailed = "CallbackFailed";
    public const string WaitTimedOut = "WaitTimedOut";
    public const string Internal = "Internal";
}

/// <summary>
/// Carries a failure from where it is found to the one place that prints it. A verb is a script that stops at its
/// first failure, through many small steps, which is what an exception is good at.
/// </summary>
internal sealed class CommandFailedException(Failure failure) : Exception(failure.Message)
{
    public CommandFailedException(ExitCode exit, string code, string message, string? hint = null)
        : this(new Failure(exit, code, message) { Hint = hint })
    {
    }

    public Failure Failure { get; } = failure;
}
