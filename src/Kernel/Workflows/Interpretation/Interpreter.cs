using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>
/// Decides what an execution of a state machine does next. What comes from outside (a result, a time, a wish) is said
/// by a method; then <see cref="Advance"/> goes on until everything waits. What is decided becomes events, which are
/// applied at once and which the caller makes durable before anybody acts on them. It reads no clock and draws no
/// chance of its own, so the same journal and the same calls give the same events.
/// </summary>
public sealed partial class Interpreter
{
    private readonly Execution execution;
    private List<JournalEvent> fresh = [];
    private DateTimeOffset now;

    /// <param name="execution">As its journal says.</param>
    public Interpreter(Execution execution)
    {
        this.execution = execution;
        now = execution.LastAt;
    }

    public Execution Execution => execution;

    /// <summary>Whether something can go on without anything from outside.</summary>
    public bool IsRunnable => NextBranch() is not null;

    /// <summary>The events since the last time they were taken. They are applied already.</summary>
    public IReadOnlyList<JournalEvent> TakeEvents()
    {
        var taken = fresh;
        fresh = [];
        return taken;
    }

    /// <summary>Begins the execution.</summary>
    /// <param name="input">What it gets.</param>
    /// <param name="at">The time.</param>
    /// <param name="variables">Those that are set from its start, or null.</param>
    public void Start(DataValue input, DateTimeOffset at, DataObject? variables = null)
    {
        now = at;
        Append(new JournalEvent
        {
            Sequence = 1,
            Id = 1,
            Previous = 0,
            At = at,
            Type = JournalEventType.ExecutionStarted,
            Branch = 0,
            Input = input,
            Assigned = variables,
        });
    }

    /// <summary>Goes on until everything waits, or about <paramref name="eventsMax"/> events were decided.</summary>
    /// <param name="at">The time, which is that of all events.</param>
    /// <param name="eventsMax">So that one execution does not hold up others; it is called again then.</param>
    public void Advance(DateTimeOffset at, int eventsMax = 1_000)
    {
        now = at;
        var begun = execution.EventCount;
        while (execution.EventCount - begun < eventsMax && NextBranch() is { } branch)
        {
            if (execution.LastShownEvent >= Limits.WorkflowHistoryEventsMax)
            {
                Propagate(
                    execution.Root,
                    StateErrors.Runtime,
                    $"The execution reached the maximum number of history events ({Limits.WorkflowHistoryEventsMax}).");
                return;
            }

            if (branch.Child is { ChildEvents: >= Limits.WorkflowHistoryEventsMax } child)
            {
                Propagate(
                    child,
                    StateErrors.Runtime,
                    $"The child execution reached the maximum number of events ({Limits.WorkflowHistoryEventsMax}).");
                continue;
            }

            // As long as it goes on by itself, nothing else comes before it.
            do
            {
                Step(branch);
            }
            while (branch.Phase is not (BranchPhase.Fanned or BranchPhase.Ended) && CanStep(branch)
                && execution.EventCount - begun < eventsMax);
        }
    }

    /// <summary>
    /// Whose turn it is: the first that can go on, branches before what they belong to. It follows from the state
    /// alone, so an execution that was cut off goes on in the same order.
    /// </summary>
    private Branch? NextBranch() =>
        execution.IsOver || execution.IsPaused || execution.EventCount == 0 ? null : NextWithin(execution.Root);

    private Branch? NextWithin(Branch branch)
    {
        if (branch.IsParked)
        {
            return null;
        }

        if (branch.Phase == BranchPhase.Fanned && branch.FanOut!.Winner(branch.State) is null)
        {
            foreach (var child in branch.FanOut!.Running)
            {
                if (NextWithin(child) is { } next)
                {
                    return next;
                }
            }
        }

        return CanStep(branch) ? branch : null;
    }

    private bool CanStep(Branch branch) => !branch.IsParked && !execution.IsOver && branch.Phase switch
    {
        BranchPhase.Scheduled => branch.Task!.Resource.Kind != TaskResourceKind.Activity,
        BranchPhase.Started => CanFinish(branch.Task!),
        BranchPhase.Waiting or BranchPhase.BackingOff => branch.Until <= now,
        BranchPhase.Fanned => CanStepFanOut(branch),
        BranchPhase.Ended => branch.Parent is null,
        _ => true,
    };

    /// <summary>Decides the next event of a branch that can go on.</summary>
    private void Step(Branch branch)
    {
        switch (branch.Phase)
        {
            case BranchPhase.Ready:
                Enter(branch);
                break;
            case BranchPhase.Entered or BranchPhase.BackingOff:
                Begin(branch);
                break;
            case BranchPhase.Scheduled:
                Emit(branch, StartedType(branch.Task!.Resource.Kind));
                break;
            case BranchPhase.Started:
                Finish(branch, branch.Task!);
                break;
            case BranchPhase.Waiting:
                Leave(branch, (WaitState)branch.State);
                break;
            case BranchPhase.Fanned:
                StepFanOut(branch);
                break;
            case BranchPhase.Succeeded:
                LeaveWork(branch, (WorkingState)branch.State, branch.Result!);
                break;
            case BranchPhase.Skipped:
                Emit(branch, Exited(branch.State), exited => exited with
                {
                    Name = branch.StateName, Output = branch.Result, Next = branch.State.Next,
                });
                break;
            case BranchPhase.Failed:
                HandleFailure(branch, branch.Error!, branch.Cause);
                break;
            case BranchPhase.Ended:
                Emit(branch, JournalEventType.ExecutionSucceeded, ended => ended with { Output = branch.Result });
                break;
            default:
                throw new InvalidOperationException($"Branch {branch.Id} cannot go on: {branch.Phase}.");
        }
    }

    private void Enter(Branch branch)
    {
        var state = branch.State;
        Emit(branch, Entered(state), enteredAt => enteredAt with
        {
            Name = state.Name,
            Input = branch.Input,
            // As of this moment; a failure is found again, and handled, when the state begins.
            Until = state is WaitState wait ? WaitOf(branch, wait, now).Until : null,
        });
    }

    private void Begin(Branch branch)
    {
        switch (branch.State)
        {
            case PassState pass:
                Pass(branch, pass);
                break;
            case ChoiceState choice:
                Choose(branch, choice);
                break;
            case WaitState wait:
                // It would wait if its time could be told; the failure is found again.
                Leave(branch, wait);
                break;
            case SucceedState succeed:
                Exit(branch, succeed, ScopeOf(branch), SeenBy(branch));
                break;
            case FailState fail:
                Fail(branch, fail);
                break;
            case TaskState task:
                BeginTask(branch, task);
                break;
            case ParallelState parallel:
                BeginParallel(branch, parallel);
                break;
            case MapState map:
                BeginMap(branch, map);
                break;
            default:
                throw new InvalidOperationException($"State {branch.StateName} is of no known type.");
        }
    }

    private void Emit(Branch branch, JournalEventType type, Func<JournalEvent, JournalEvent>? fill = null)
    {
        var happened = Next(branch, type);
        Append(fill is null ? happened : fill(happened));
    }

    private JournalEvent Next(Branch branch, JournalEventType type) => new()
    {
        Sequence = execution.EventCount + 1,
        Id = type.IsHidden() || IsWithinRun(branch, type) ? 0 : execution.LastShownEvent + 1,
        // The first state follows nothing, as AWS has it.
        Previous = branch.LastEvent,
        At = now,
        Type = type,
        Branch = branch.Id,
        Name = type.IsOfTask() ? branch.StateName : null,
    };

    private void Append(JournalEvent happened)
    {
        execution.Apply(happened);
        fresh.Add(happened);
    }

    /// <summary>The iterations of a distributed Map have histories of their own.</summary>
    private static bool IsWithinRun(Branch branch, JournalEventType type)
    {
        var isIteration = type is >= JournalEventType.MapIterationStarted and <= JournalEventType.MapIterationAborted;
        for (var at = isIteration ? branch : branch.Parent; at is not null; at = at.Parent)
        {
            if (at.State is MapState { IsDistributed: true })
            {
                return true;
            }
        }

        return false;
    }

    private static JournalEventType StartedType(TaskResourceKind kind) => kind == TaskResourceKind.Function
        ? JournalEventType.LambdaFunctionStarted
        : JournalEventType.TaskStarted;

    private static JournalEventType Entered(State state) => state switch
    {
        TaskState => JournalEventType.TaskStateEntered,
        PassState => JournalEventType.PassStateEntered,
        ChoiceState => JournalEventType.ChoiceStateEntered,
        WaitState => JournalEventType.WaitStateEntered,
        SucceedState => JournalEventType.SucceedStateEntered,
        FailState => JournalEventType.FailStateEntered,
        ParallelState => JournalEventType.ParallelStateEntered,
        _ => JournalEventType.MapStateEntered,
    };

    private static JournalEventType Exited(State state) => state switch
    {
        TaskState => JournalEventType.TaskStateExited,
        PassState => JournalEventType.PassStateExited,
        ChoiceState => JournalEventType.ChoiceStateExited,
        WaitState => JournalEventType.WaitStateExited,
        SucceedState => JournalEventType.SucceedStateExited,
        ParallelState => JournalEventType.ParallelStateExited,
        _ => JournalEventType.MapStateExited,
    };
}
