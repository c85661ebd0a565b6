namespace Lambent.Kernel.Functions.Commands;

/// <summary>The states a version goes through, with the reasons that AWS shows for them.</summary>
internal static class FunctionStates
{
    private const string CreatingReason = "The function is being created.";
    private const string CreatingReasonCode = "Creating";

    /// <summary>New, and not yet callable.</summary>
    public static FunctionVersion Creating(FunctionVersion version) => version with
    {
        State = FunctionState.Pending,
        StateReason = CreatingReason,
        StateReasonCode = CreatingReasonCode,
        LastUpdateStatus = UpdateStatus.InProgress,
        LastUpdateStatusReason = null,
        LastUpdateStatusReasonCode = null,
    };

    /// <summary>
    /// With $LATEST changed. Its state stays as it was, and calls use what worked before, until the change is
    /// activated.
    /// </summary>
    public static Function Updating(Function function, FunctionVersion changed) => function with
    {
        Latest = changed with
        {
            LastUpdateStatus = UpdateStatus.InProgress,
            LastUpdateStatusReason = CreatingReason,
            LastUpdateStatusReasonCode = CreatingReasonCode,
        },
        LastWorking = function.Latest is { State: FunctionState.Active, LastUpdateStatus: UpdateStatus.Successful }
            ? function.Latest
            : function.LastWorking,
    };

    /// <summary>Callable.</summary>
    public static FunctionVersion Active(FunctionVersion version) => version with
    {
        State = FunctionState.Active,
        StateReason = null,
        StateReasonCode = null,
        LastUpdateStatus = UpdateStatus.Successful,
        LastUpdateStatusReason = null,
        LastUpdateStatusReasonCode = null,
    };

    /// <summary>A new version that cannot be called, or a change that did not take effect.</summary>
    public static FunctionVersion Failed(FunctionVersion version, string reason, string reasonCode)
    {
        var failed = version with
        {
            LastUpdateStatus = UpdateStatus.Failed,
            LastUpdateStatusReason = reason,
            LastUpdateStatusReasonCode = reasonCode,
        };
        return version.State == FunctionState.Active
            ? failed
            : failed with { State = FunctionState.Failed, StateReason = reason, StateReasonCode = reasonCode };
    }
}
