using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Views;

/// <summary>
/// Makes the timeline of a journal. It follows the lines of control as the execution itself does, and keeps what the
/// execution forgets: what was tried, and how each state ended.
/// </summary>
public sealed class TimelineReader
{
    private readonly List<TimelineRow> rows = [];
    private readonly List<TimelinePause> pauses = [];
    private readonly List<DateTimeOffset> redrives = [];

    // Those that are open or were given up and may be redriven, in order of their numbers.
    private readonly SortedDictionary<int, Line> lines = [];
    private readonly StateMachineDefinition definition;
    private DateTimeOffset startedAt;
    private DateTimeOffset? stoppedAt;
    private int nextLine;

    private TimelineReader(StateMachineDefinition definition) => this.definition = definition;

    /// <param name="definition">What the execution runs on.</param>
    /// <param name="journal">From its first event, in order; it may end anywhere.</param>
    public static Timeline Read(StateMachineDefinition definition, IEnumerable<JournalEvent> journal)
    {
        var reader = new TimelineReader(definition);
        foreach (var happened in journal)
        {
            reader.Add(happened);
        }

        return new Timeline
        {
            StartedAt = reader.startedAt,
            StoppedAt = reader.stoppedAt,
            Rows = reader.rows,
            Pauses = reader.pauses,
            Redrives = reader.redrives,
        };
    }

    private void Add(JournalEvent happened)
    {
        if (happened.Type == JournalEventType.ExecutionStarted)
        {
            startedAt = happened.At;
            Open(null, 0, definition.Graph);
            return;
        }

        var line = lines[happened.Branch];
        if (happened.Type.IsEntered())
        {
            Enter(line, happened);
        }
        else if (happened.Type.IsExited())
        {
            Exit(line, happened);
        }
        else if (!AddToWork(line, happened) && !AddToFanOut(line, happened))
        {
            AddToExecution(line, happened);
        }
    }

    private void Enter(Line line, JournalEvent happened)
    {
        line.Row = rows.Count;
        rows.Add(new TimelineRow
        {
            Number = rows.Count,
            State = happened.Name!,
            Type = line.Graph.States[happened.Name!].Type,
            Branch = happened.Branch,
            Parent = line.Parent?.Row,
            Index = line.Parent is null ? null : line.Index,
            Depth = line.Depth,
            EnteredAt = happened.At,
            EnteredBy = happened.Sequence,
            Status = happened.Until is null ? RowStatus.Running : RowStatus.Waiting,
            Until = happened.Until,
        });
    }

    private void Exit(Line line, JournalEvent happened)
    {
        Forget(line, happened.At);
        Change(line, row => row with
        {
            ExitedAt = happened.At,
            ExitedBy = happened.Sequence,
            Next = happened.Next,
            Status = row.Status == RowStatus.Skipped ? RowStatus.Skipped
                : HasFailed(row) || IsCaught(line, row, happened.Next) ? RowStatus.Caught
                : RowStatus.Succeeded,
            Attempts = Ended(row, happened.At, AttemptOutcome.Aborted),
        });
        line.Row = null;
    }

    private bool AddToWork(Line line, JournalEvent happened)
    {
        switch (happened.Type)
        {
            case JournalEventType.TaskScheduled:
            case JournalEventType.LambdaFunctionScheduled:
            case JournalEventType.ActivityScheduled:
                Begin(line, happened.At, null, happened.Sequence);
                return true;
            case JournalEventType.TaskStarted:
            case JournalEventType.LambdaFunctionStarted:
            case JournalEventType.ActivityStarted:
                ChangeLast(line, attempt => attempt with { StartedAt = happened.At });
                return true;
            case JournalEventType.TaskSucceeded:
            case JournalEventType.LambdaFunctionSucceeded:
            case JournalEventType.ActivitySucceeded:
                ChangeLast(line, attempt => attempt with
                {
                    EndedAt = happened.At, Outcome = AttemptOutcome.Succeeded,
                });
                return true;
            case JournalEventType.TaskFailed:
            case JournalEventType.TaskSubmitFailed:
            case JournalEventType.LambdaFunctionFailed:
            case JournalEventType.ActivityFailed:
            case JournalEventType.EvaluationFailed:
                Fail(line, happened, AttemptOutcome.Failed);
                return true;
            case JournalEventType.TaskTimedOut:
            case JournalEventType.LambdaFunctionTimedOut:
            case JournalEventType.ActivityTimedOut:
                Fail(line, happened, AttemptOutcome.TimedOut);
                return true;
            case JournalEventType.RetryScheduled:
                Retry(line, happened);
                return true;
            case JournalEventType.StateSkipped:
                Forget(line, happened.At);
                Change(line, row => row with
                {
                    Status = RowStatus.Skipped, Attempts = Ended(row, happened.At, AttemptOutcome.Aborted),
                });
                return true;
            default:
                return happened.Type is JournalEventType.TaskSubmitted or JournalEventType.TaskHeartbeat;
        }
    }

    private bool AddToFanOut(Line line, JournalEvent happened)
    {
        switch (happened.Type)
        {
            case JournalEventType.ParallelStateStarted:
                Begin(line, happened.At, happened.At);
                var branches = ((ParallelState)line.Graph.States[rows[line.Row!.Value].State]).Branches;
                for (var index = 0; index < branches.Count; index++)
                {
                    Open(line, index, branches[index]);
                }

                return true;
            case JournalEventType.MapStateStarted:
                Begin(line, happened.At, happened.At);
                return true;
            case JournalEventType.MapIterationStarted:
                var map = (MapState)line.Graph.States[rows[line.Row!.Value].State];
                Open(line, happened.Index!.Value, map.Processor);
                return true;
            case JournalEventType.MapIterationSucceeded:
                Close(line.Children[happened.Index!.Value]);
                return true;
            case JournalEventType.MapIterationFailed:
                End(line.Children[happened.Index!.Value], happened, RowStatus.Failed);
                return true;
            case JournalEventType.MapIterationAborted:
                End(line.Children[happened.Index!.Value], happened, RowStatus.Aborted);
                return true;
            case JournalEventType.ParallelBranchFailed:
                End(line.Children[happened.Index!.Value], happened, RowStatus.Failed);
                return true;
            case JournalEventType.ParallelStateSucceeded:
            case JournalEventType.MapStateSucceeded:
                Forget(line, happened.At);
                ChangeLast(line, attempt => attempt with
                {
                    EndedAt = happened.At, Outcome = AttemptOutcome.Succeeded,
                });
                return true;
            case JournalEventType.ParallelStateFailed:
            case JournalEventType.MapStateFailed:
                EndBelow(line, happened);
                Fail(line, happened, AttemptOutcome.Failed);
                return true;
            case JournalEventType.TaskStateAborted:
            case JournalEventType.WaitStateAborted:
            case JournalEventType.ParallelStateAborted:
            case JournalEventType.MapStateAborted:
                End(line, happened, RowStatus.Aborted);
                return true;
            case JournalEventType.MapDataFailed when line.Children.Count == 0:
                Fail(line, happened, AttemptOutcome.Failed);
                return true;
            default:
                return happened.Type is >= JournalEventType.MapRunStarted and <= JournalEventType.MapRunRedriven
                    or JournalEventType.MapRunChanged
                    or (>= JournalEventType.MapDataScheduled and <= JournalEventType.MapDataFailed);
        }
    }

    private void AddToExecution(Line root, JournalEvent happened)
    {
        switch (happened.Type)
        {
            case JournalEventType.ExecutionSucceeded:
            case JournalEventType.ExecutionContinued:
                stoppedAt = happened.At;
                break;
            case JournalEventType.ExecutionFailed:
                EndBelow(root, happened);
                End(root, happened, RowStatus.Failed);
                Stop(happened.At);
                break;
            case JournalEventType.ExecutionTimedOut:
            case JournalEventType.ExecutionAborted:
                EndBelow(root, happened);
                End(root, happened, RowStatus.Aborted);
                Stop(happened.At);
                break;
            case JournalEventType.ExecutionPaused:
                pauses.Add(new TimelinePause(happened.At, null));
                break;
            case JournalEventType.ExecutionResumed:
                Resume(happened.At);
                break;
            case JournalEventType.ExecutionRedriven:
                redrives.Add(happened.At);
                stoppedAt = null;
                foreach (var line in lines.Values)
                {
                    Change(line, row => row with
                    {
                        ExitedAt = null,
                        ExitedBy = null,
                        Status = RowStatus.Running,
                        Error = null,
                        Cause = null,
                    });
                }

                break;
        }
    }

    private void Stop(DateTimeOffset at)
    {
        stoppedAt = at;
        Resume(at);
    }

    private void Resume(DateTimeOffset at)
    {
        if (pauses is [.., { To: null } open])
        {
            pauses[^1] = open with { To = at };
        }
    }

    private void Begin(Line line, DateTimeOffset at, DateTimeOffset? startedAt, long? task = null) =>
        Change(line, row => row with
    {
        Status = RowStatus.Running,
        Error = null,
        Cause = null,
        Attempts = [.. row.Attempts, new TimelineAttempt { Task = task, ScheduledAt = at, StartedAt = startedAt }],
    });

    /// <summary>What failed before any work was handed over was an attempt, too.</summary>
    private void Fail(Line line, JournalEvent happened, AttemptOutcome outcome) => Change(line, row =>
    {
        if (line.Graph.States[row.State] is not WorkingState)
        {
            return row with { Error = happened.Error, Cause = happened.Cause };
        }

        var isNew = row.Attempts.Count == 0 || row.Attempts[^1].Outcome is not
            (AttemptOutcome.Running or AttemptOutcome.Succeeded);
        var failed = (isNew ? new TimelineAttempt { ScheduledAt = happened.At } : row.Attempts[^1]) with
        {
            EndedAt = happened.At, Outcome = outcome, Error = happened.Error, Cause = happened.Cause,
        };
        return row with
        {
            Error = happened.Error,
            Cause = happened.Cause,
            Attempts = isNew ? [.. row.Attempts, failed] : [.. row.Attempts.SkipLast(1), failed],
        };
    });

    private void Retry(Line line, JournalEvent happened)
    {
        Forget(line, happened.At);
        if (line.Row is { } number && (!HasFailed(rows[number]) || rows[number].Attempts[^1].RetryAt is not null))
        {
            Fail(line, happened, AttemptOutcome.Failed);
        }

        ChangeLast(line, attempt => attempt with { RetryAt = happened.Until });
        Change(line, row => row with { Status = RowStatus.Retrying });
    }

    /// <summary>Ends what a line of control is in, and all below it. It stays, for a redrive.</summary>
    private void End(Line line, JournalEvent happened, RowStatus status)
    {
        EndBelow(line, happened);
        var attempt = happened.Type == JournalEventType.ExecutionTimedOut
            ? AttemptOutcome.TimedOut
            : AttemptOutcome.Aborted;
        Change(line, row => row.ExitedAt is not null ? row : row with
        {
            ExitedAt = happened.At,
            ExitedBy = happened.Sequence,
            Status = status,
            Error = status == RowStatus.Failed ? happened.Error ?? row.Error : row.Error,
            Cause = status == RowStatus.Failed ? happened.Cause ?? row.Cause : row.Cause,
            Attempts = Ended(row, happened.At, attempt),
        });
    }

    /// <summary>Of those below that are open, the one that failed is what ends the others.</summary>
    private void EndBelow(Line line, JournalEvent happened)
    {
        foreach (var child in line.Children.Values)
        {
            var hasFailed = child.Row is { } number && (HasFailed(rows[number]) || rows[number].Type == "Fail");
            End(child, happened, hasFailed ? RowStatus.Failed : RowStatus.Aborted);
        }
    }

    /// <summary>What is below is over for good.</summary>
    private void Forget(Line line, DateTimeOffset at)
    {
        foreach (var child in line.Children.Values)
        {
            Forget(child, at);
            Change(child, row => row.ExitedAt is not null ? row : row with
            {
                ExitedAt = at, Status = RowStatus.Aborted, Attempts = Ended(row, at, AttemptOutcome.Aborted),
            });
            lines.Remove(child.Number);
        }

        line.Children.Clear();
    }

    private void Open(Line? parent, int index, StateGraph graph)
    {
        var line = new Line(nextLine++, parent, index, graph);
        lines.Add(line.Number, line);
        parent?.Children.Add(index, line);
    }

    private void Close(Line line)
    {
        lines.Remove(line.Number);
        line.Parent!.Children.Remove(line.Index);
    }

    private void Change(Line line, Func<TimelineRow, TimelineRow> change)
    {
        if (line.Row is { } number)
        {
            rows[number] = change(rows[number]);
        }
    }

    private void ChangeLast(Line line, Func<TimelineAttempt, TimelineAttempt> change) => Change(
        line,
        row => row.Attempts.Count == 0
            ? row
            : row with { Attempts = [.. row.Attempts.SkipLast(1), change(row.Attempts[^1])] });

    private static bool HasFailed(TimelineRow row) =>
        row.Attempts is [.., { Outcome: AttemptOutcome.Failed or AttemptOutcome.TimedOut }];

    /// <summary>A failure may have no event of its own: then only a catcher leads elsewhere.</summary>
    private static bool IsCaught(Line line, TimelineRow row, string? next) =>
        line.Graph.States[row.State] is WorkingState state && state.Next != next;

    private static IReadOnlyList<TimelineAttempt> Ended(TimelineRow row, DateTimeOffset at, AttemptOutcome outcome) =>
        row.Attempts is [.., { Outcome: AttemptOutcome.Running } last]
            ? [.. row.Attempts.SkipLast(1), last with { EndedAt = at, Outcome = outcome }]
            : row.Attempts;

    /// <summary>A line of control.</summary>
    private sealed class Line(int number, Line? parent, int index, StateGraph graph)
    {
        public int Number { get; } = number;

        public Line? Parent { get; } = parent;

        public int Index { get; } = index;

        public StateGraph Graph { get; } = graph;

        /// <summary>By their places.</summary>
        public SortedDictionary<int, Line> Children { get; } = [];

        public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

        /// <summary>The row of the state it is in.</summary>
        public int? Row { get; set; }
    }
}
