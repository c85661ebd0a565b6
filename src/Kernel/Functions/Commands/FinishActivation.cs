namespace Lambent.Kernel.Functions.Commands;

/// <summary>
/// Records that one version's files are ready, or why they are not. It counts only for the revision that was
/// prepared: a version changed or finished meanwhile stays as it is.
/// </summary>
public sealed record FinishActivation
{
    /// <summary>$LATEST or a number.</summary>
    public required string Version { get; init; }

    /// <summary>The revision whose files were prepared.</summary>
    public required string RevisionId { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? FailureReason { get; init; }

    /// <summary>Such as InternalError; only with <see cref="FailureReason"/>.</summary>
    public string FailureReasonCode { get; init; } = "InternalError";

    /// <summary>Whether a version still waits for its activation.</summary>
    public static bool IsNeeded(FunctionVersion version) =>
        version.State == FunctionState.Pending || version.LastUpdateStatus == UpdateStatus.InProgress;

    public static Result<Function> Apply(Function? state, FinishActivation command, CommandContext context)
    {
        if (state is null)
        {
            return FunctionErrors.NotFound(context.Arn);
        }

        if (command.Version == FunctionVersion.LatestName)
        {
            return IsCurrent(state.Latest, command)
                ? state with
                {
                    Latest = Finish(state.Latest, command, context),
                    LastWorking = command.FailureReason is null ? null : state.LastWorking,
                }
                : Stale(context, command);
        }

        return long.TryParse(command.Version, out var number)
            && state.Versions.TryGetValue(number, out var version)
            && IsCurrent(version, command)
                ? state with { Versions = state.Versions.SetItem(number, Finish(version, command, context)) }
                : Stale(context, command);
    }

    private static bool IsCurrent(FunctionVersion version, FinishActivation command) =>
        IsNeeded(version) && version.RevisionId == command.RevisionId;

    private static FunctionVersion Finish(FunctionVersion version, FinishActivation command, CommandContext context)
    {
        var finished = command.FailureReason is { } reason
            ? FunctionStates.Failed(version, reason, command.FailureReasonCode)
            : FunctionStates.Active(version);
        return finished with { RevisionId = context.NewRevisionId() };
    }

    private static Error Stale(CommandContext context, FinishActivation command) => new(
        ErrorCode.PreconditionFailed, $"{context.Arn}:{command.Version} was changed while it was being activated.");
}
