using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Load.Workflows;

/// <summary>A machine, what it gets, and how its tasks answer.</summary>
/// <param name="Name">For people.</param>
/// <param name="Definition">The machine.</param>
/// <param name="Input">Of the execution.</param>
/// <param name="Tasks">Answers by attempt, under the name of the state or the task's resource: an object with result or
/// error and cause, and afterSeconds.</param>
/// <param name="HasRaces">Whether lines of control that run side by side may fail: which of them is first then depends
/// on their order, and an execution that was cut off may come to another end than one that was not.</param>
internal sealed record ScriptedMachine(
    string Name,
    StateMachineDefinition Definition,
    DataValue Input,
    IReadOnlyDictionary<string, IReadOnlyList<DataValue>> Tasks,
    bool HasRaces = false)
{
    /// <summary>What is in the file that a Map's items were read into.</summary>
    public IReadOnlyList<DataValue> Items { get; init; } = [];
}

/// <summary>Runs a machine on virtual time, with tasks that answer as they are told, from any point of a journal.
/// </summary>
internal sealed class MachineRun
{
    private const int StepsMax = 100_000;

    private static readonly DateTimeOffset Begin = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly ScriptedMachine machine;
    private readonly Interpreter interpreter;
    private readonly SortedDictionary<long, string> attempts = [];
    private readonly HashSet<long> begun = [];
    private readonly PriorityQueue<(OpenTask Task, DataValue Answer), (DateTimeOffset At, long Number)> answers = new();
    private readonly Dictionary<string, string> resources = [];
    private DateTimeOffset now;

    /// <param name="machine">Which.</param>
    /// <param name="journal">What has happened; empty: it begins.</param>
    public MachineRun(ScriptedMachine machine, IReadOnlyList<JournalEvent>? journal = null)
    {
        this.machine = machine;
        Learn(machine.Definition.Graph);
        var id = new ExecutionId(AccountId.Parse("000000000000"), "machine", "run");
        var identity = new ExecutionIdentity(
            id,
            id.Arn("us-east-1"),
            "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
            "arn:aws:iam::000000000000:role/workflows",
            42);
        var execution = new Execution(identity, machine.Definition);
        foreach (var happened in journal ?? [])
        {
            execution.Apply(happened);
            Note(happened);
            Journal.Add(happened);
            now = happened.At;
        }

        interpreter = new Interpreter(execution);
        if (Journal.Count == 0)
        {
            now = Begin;
            interpreter.Start(machine.Input, now);
        }
    }

    public List<JournalEvent> Journal { get; } = [];

    public Execution Execution => interpreter.Execution;

    /// <summary>Status, output and error.</summary>
    public string Outcome
    {
        get
        {
            var status = Execution.Status switch
            {
                ExecutionStatus.Succeeded => "SUCCEEDED",
                ExecutionStatus.TimedOut => "TIMED_OUT",
                var other => other.ToString().ToUpperInvariant(),
            };
            return $"{status} {Execution.Output} {Execution.Error}";
        }
    }

    /// <summary>What AWS's history shows: types, with the state's name where there is one.</summary>
    public IEnumerable<string> History => Journal
        .Where(happened => happened.Id > 0)
        .Select(happened => happened.Name is null || !HasState(happened.Type)
            ? happened.Type.ToString()
            : $"{happened.Type} {happened.Name}");

    /// <summary>Until it has ended.</summary>
    public MachineRun ToEnd()
    {
        for (var step = 0; step < StepsMax && !Execution.IsOver; step++)
        {
            interpreter.Advance(now);
            HandItems();
            Take();
            if (Execution.IsOver || interpreter.IsRunnable || BeginTasks() || AnswerOne())
            {
                continue;
            }

            // Nothing can happen now: the time goes on to what is due next.
            var due = Execution.NextDueAt;
            if (answers.TryPeek(out _, out var next) && (due is null || next.At <= due))
            {
                due = next.At;
            }

            now = due ?? throw new InvalidOperationException($"{machine.Name} waits for nothing.");
            if (!AnswerOne())
            {
                interpreter.Tick(now);
            }
        }

        Take();
        return this;
    }

    /// <summary>Two at a time.</summary>
    private void HandItems()
    {
        while (interpreter.Wanted() is { } wanted)
        {
            interpreter.Supply(wanted, [.. machine.Items.Skip(wanted.First).Take(2)]);
        }
    }

    private void Take()
    {
        foreach (var happened in interpreter.TakeEvents())
        {
            Journal.Add(happened);
            Note(happened);
        }
    }

    private bool BeginTasks()
    {
        var hasBegun = false;
        foreach (var task in Execution.OpenTasks.Where(open => begun.Add(open.Number)).ToList())
        {
            hasBegun = true;
            var answer = AnswerOf(task);
            var delay = answer["afterSeconds"] is DataNumber seconds ? seconds.Value : 0;

            // From when it was scheduled, also when that was before the cut: as if the worker had gone on.
            answers.Enqueue((task, answer), (Journal[(int)task.Number - 1].At.AddSeconds(delay), task.Number));
            if (task.Resource.Kind == TaskResourceKind.Activity)
            {
                interpreter.StartActivity(task.Number, "worker", now);
            }
            else if (task.Resource.Pattern != IntegrationPattern.RequestResponse)
            {
                interpreter.Submit(task.Number, DataObject.Empty, now);
            }
        }

        return hasBegun;
    }

    private bool AnswerOne()
    {
        if (!answers.TryPeek(out var next, out var when) || when.At > now)
        {
            return false;
        }

        answers.Dequeue();
        var (task, answer) = next;
        _ = answer["error"] is DataText error
            ? interpreter.Fail(task.Number, error.Value, (answer["cause"] as DataText)?.Value, now)
            : interpreter.Succeed(task.Number, answer["result"] ?? DataNull.Value, now);
        return true;
    }

    private DataValue AnswerOf(OpenTask task)
    {
        var list = machine.Tasks.GetValueOrDefault(KeyOf(task))
            ?? throw new InvalidOperationException($"{machine.Name}: no answers for {KeyOf(task)}");
        var attempt = attempts.Count(earlier => earlier.Key < task.Number && earlier.Value == KeyOf(task));
        return list[Math.Min(attempt, list.Count - 1)];
    }

    private void Learn(StateGraph graph)
    {
        foreach (var state in graph.States.Values)
        {
            switch (state)
            {
                case TaskState task:
                    resources[task.Name] = task.Resource.Arn;
                    break;
                case ParallelState parallel:
                    parallel.Branches.ToList().ForEach(Learn);
                    break;
                case MapState map:
                    Learn(map.Processor);
                    break;
            }
        }
    }

    private string KeyOf(OpenTask task) => KeyOf(task.StateName, task.Resource.Arn);

    private string KeyOf(string state, string resource) => machine.Tasks.ContainsKey(state) ? state : resource;

    /// <summary>Which tasks there were: the answer depends on how many came before.</summary>
    private void Note(JournalEvent happened)
    {
        if (happened.Type is JournalEventType.TaskScheduled or JournalEventType.LambdaFunctionScheduled
            or JournalEventType.ActivityScheduled)
        {
            attempts[happened.Sequence] = KeyOf(happened.Name!, resources[happened.Name!]);
        }
        else if (happened.Type == JournalEventType.MapDataScheduled)
        {
            attempts[happened.Sequence] = happened.Name!;
        }
    }

    private static bool HasState(JournalEventType type) =>
        type.IsEntered() || type.IsExited()
        || type is >= JournalEventType.TaskStateAborted and <= JournalEventType.MapStateAborted
            or >= JournalEventType.MapIterationStarted and <= JournalEventType.MapIterationAborted
            or JournalEventType.EvaluationFailed;
}
