using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Interpretation;

public enum StateTrialStatus
{
    Succeeded,
    Failed,

    /// <summary>It would be tried again.</summary>
    Retriable,

    /// <summary>It failed, and a catcher goes on.</summary>
    CaughtError,
}

/// <summary>How a state that was tried alone ended.</summary>
public sealed record StateTrialOutcome
{
    public required StateTrialStatus Status { get; init; }

    public DataValue? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    /// <summary>The state that would follow.</summary>
    public string? NextState { get; init; }

    /// <summary>Variables that it set.</summary>
    public DataObject? Assigned { get; init; }

    /// <summary>Which retrier or catcher is for the failure.</summary>
    public int? RetryIndex { get; init; }

    public double? RetryDelaySeconds { get; init; }

    public int? CatchIndex { get; init; }

    /// <summary>What each field of the state made of what it got.</summary>
    public required DataObject Inspection { get; init; }
}

/// <summary>
/// One state alone, without a state machine. It is the first of a definition whose other states only end it. It runs
/// without its retriers and catchers, so that its failure comes out; what they would do is found afterwards.
/// </summary>
/// <param name="identity">Of an execution made for it.</param>
/// <param name="definition">The state, and those it leads to.</param>
/// <param name="input">What it gets.</param>
/// <param name="variables">Those that are set before.</param>
/// <param name="now">The time.</param>
public sealed class StateTrial(
    ExecutionIdentity identity,
    StateMachineDefinition definition,
    DataValue input,
    DataObject variables,
    DateTimeOffset now)
{
    private State State => definition.Graph.States[definition.Graph.StartAt];

    /// <summary>An execution of the state, begun and decided as far as nobody has to work.</summary>
    public Interpreter Begin() => Begin(Handling(retry: false, @catch: false));

    /// <summary>What came of it.</summary>
    /// <param name="events">All that happened since <see cref="Begin()"/>.</param>
    /// <param name="retriesBefore">How often the retrier that is for the failure is taken to have tried.</param>
    public StateTrialOutcome Judge(IReadOnlyList<JournalEvent> events, int retriesBefore)
    {
        var inspection = Inspect(events);
        if (events.FirstOrDefault(IsExit) is { } exited)
        {
            return Left(exited, StateTrialStatus.Succeeded, inspection);
        }

        var failed = events[^1];
        var outcome = new StateTrialOutcome
        {
            Status = StateTrialStatus.Failed,
            Error = failed.Type == JournalEventType.ExecutionFailed ? failed.Error : StateErrors.Timeout,
            Cause = failed.Cause,
            Inspection = inspection,
        };
        return State is WorkingState working ? Handle(working, outcome, retriesBefore) : outcome;
    }

    private StateTrialOutcome Handle(WorkingState state, StateTrialOutcome outcome, int retriesBefore)
    {
        var error = outcome.Error ?? StateErrors.TaskFailed;
        for (var index = 0; index < state.Retry.Count; index++)
        {
            if (!StateErrors.Matches(state.Retry[index].ErrorEquals, error))
            {
                continue;
            }

            if (retriesBefore < state.Retry[index].MaxAttempts)
            {
                return outcome with
                {
                    Status = StateTrialStatus.Retriable,
                    RetryIndex = index,
                    RetryDelaySeconds = RetryDelay.Of(state.Retry[index], retriesBefore, 1).TotalSeconds,
                };
            }

            break;
        }

        for (var index = 0; index < state.Catch.Count; index++)
        {
            if (StateErrors.Matches(state.Catch[index].ErrorEquals, error))
            {
                return Catch(outcome, error, index);
            }
        }

        return outcome;
    }

    /// <summary>Has it fail again, with its catchers.</summary>
    private StateTrialOutcome Catch(StateTrialOutcome outcome, string error, int index)
    {
        var interpreter = Begin(Handling(retry: false, @catch: true));
        foreach (var task in interpreter.Execution.OpenTasks.ToList())
        {
            interpreter.Fail(task.Number, error, outcome.Cause, now);
        }

        interpreter.Advance(now);
        return interpreter.TakeEvents().FirstOrDefault(IsExit) is { } exited
            ? Left(exited, StateTrialStatus.CaughtError, outcome.Inspection) with
            {
                Error = outcome.Error, Cause = outcome.Cause, CatchIndex = index,
            }
            : outcome;
    }

    private Interpreter Begin(StateMachineDefinition machine)
    {
        var interpreter = new Interpreter(new Execution(identity, machine));
        interpreter.Start(input, now, variables);
        interpreter.Advance(now);
        return interpreter;
    }

    private DataObject Inspect(IReadOnlyList<JournalEvent> events)
    {
        var interpreter = new Interpreter(new Execution(identity, definition));
        interpreter.Start(input, now, variables);
        interpreter.Advance(now, 1);
        var scheduled = events.FirstOrDefault(happened => happened.Type is JournalEventType.TaskScheduled
            or JournalEventType.LambdaFunctionScheduled or JournalEventType.ActivityScheduled);
        var succeeded = events.FirstOrDefault(happened => happened.Type is JournalEventType.TaskSucceeded
            or JournalEventType.LambdaFunctionSucceeded or JournalEventType.ActivitySucceeded);
        var exited = events.FirstOrDefault(IsExit);
        return interpreter.Inspect(scheduled?.Input, succeeded?.Output, exited?.Assigned);
    }

    private bool IsExit(JournalEvent happened) =>
        happened.Type.IsExited() && happened.Name == definition.Graph.StartAt;

    private static StateTrialOutcome Left(JournalEvent exited, StateTrialStatus status, DataObject inspection) => new()
    {
        Status = status,
        Output = exited.Output,
        NextState = exited.Next,
        Assigned = exited.Assigned,
        Inspection = inspection,
    };

    private StateMachineDefinition Handling(bool retry, bool @catch)
    {
        if (State is not WorkingState working)
        {
            return definition;
        }

        var states = new OrderedDictionary<string, State>();
        foreach (var (name, state) in definition.Graph.States)
        {
            states[name] = state == working
                ? working with { Retry = retry ? working.Retry : [], Catch = @catch ? working.Catch : [] }
                : state;
        }

        return definition with { Graph = definition.Graph with { States = states } };
    }
}
