namespace Lambent.Kernel.Workflows.Journal;

/// <summary>
/// What happened in an execution. The names are AWS's types of history events; the last group is ours, takes no event
/// number and is not shown by <c>GetExecutionHistory</c>.
/// </summary>
public enum JournalEventType
{
    ExecutionStarted = 1,
    ExecutionSucceeded,
    ExecutionFailed,
    ExecutionTimedOut,
    ExecutionAborted,
    ExecutionRedriven,

    TaskStateEntered = 10,
    PassStateEntered,
    ChoiceStateEntered,
    WaitStateEntered,
    SucceedStateEntered,
    FailStateEntered,
    ParallelStateEntered,
    MapStateEntered,

    TaskStateExited = 20,
    PassStateExited,
    ChoiceStateExited,
    WaitStateExited,
    SucceedStateExited,
    ParallelStateExited,
    MapStateExited,

    TaskStateAborted = 30,
    WaitStateAborted,
    ParallelStateAborted,
    MapStateAborted,

    TaskScheduled = 40,
    TaskStarted,
    TaskSubmitted,
    TaskSubmitFailed,
    TaskSucceeded,
    TaskFailed,
    TaskTimedOut,
    LambdaFunctionScheduled,
    LambdaFunctionStarted,
    LambdaFunctionSucceeded,
    LambdaFunctionFailed,
    LambdaFunctionTimedOut,
    ActivityScheduled,
    ActivityStarted,
    ActivitySucceeded,
    ActivityFailed,
    ActivityTimedOut,

    ParallelStateStarted = 60,
    ParallelStateSucceeded,
    ParallelStateFailed,
    MapStateStarted,
    MapStateSucceeded,
    MapStateFailed,
    MapIterationStarted,
    MapIterationSucceeded,
    MapIterationFailed,
    MapIterationAborted,
    MapRunStarted,
    MapRunSucceeded,
    MapRunFailed,
    MapRunAborted,
    MapRunRedriven,

    EvaluationFailed = 80,

    /// <summary>The state is tried again at <see cref="JournalEvent.Until"/>.</summary>
    RetryScheduled = 100,

    /// <summary>The task's worker is alive.</summary>
    TaskHeartbeat,

    /// <summary>Nothing new is begun until it is resumed.</summary>
    ExecutionPaused,
    ExecutionResumed,

    /// <summary>A person gave the state's output in its place.</summary>
    StateSkipped,

    /// <summary>Of a Map that runs: how many iterations go on at a time, and how many may fail, from now on.</summary>
    MapRunChanged,

    /// <summary>A Map has its items read, or, once it has begun, its results written.</summary>
    MapDataScheduled,

    /// <summary>The items are at hand: the event has their number and the digest that they are found by.</summary>
    MapDataSucceeded,

    MapDataFailed,
}

public static class JournalEventTypes
{
    /// <summary>Whether the event is ours alone.</summary>
    public static bool IsHidden(this JournalEventType type) => type >= JournalEventType.RetryScheduled;

    public static bool IsEntered(this JournalEventType type) =>
        type is >= JournalEventType.TaskStateEntered and <= JournalEventType.MapStateEntered;

    /// <summary>Whether the history shows what its task calls; the event then says of which state it is.</summary>
    public static bool IsOfTask(this JournalEventType type) =>
        type is (>= JournalEventType.TaskScheduled and <= JournalEventType.TaskTimedOut)
            or JournalEventType.LambdaFunctionScheduled or JournalEventType.ActivityScheduled;

    public static bool IsExited(this JournalEventType type) =>
        type is >= JournalEventType.TaskStateExited and <= JournalEventType.MapStateExited;
}
