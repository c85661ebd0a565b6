using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Executions;

/// <summary>
/// Rules for executions. What is on the disk counts: each journal is whole and in order, a task has one result, what
/// was recorded is not called for again, a message is sent once, and what was started ends as it ends without faults.
/// </summary>
internal sealed class ExecutionAuditor(World world, bool isAlone)
{
    private readonly Dictionary<string, long> lasts = new(StringComparer.Ordinal);
    private readonly HashSet<(string Key, long Task)> done = [];
    private readonly Dictionary<(string Key, int Branch), long> open = [];
    private readonly Dictionary<string, int> messages = new(StringComparer.Ordinal);

    public int CallCount { get; private set; }

    public IReadOnlyDictionary<string, int> Messages => messages;

    public static IReadOnlyDictionary<string, ObserveTable> Observed(PlantedBug bug) =>
        new Dictionary<string, ObserveTable>
        {
            ["get_Journal"] = (table, calls) => Watch(BuggyParts.Journal(bug, (IJournalTable)table), calls),
            ["get_Messages"] = (table, calls) => Watch((IMessageTable)table, calls),
        };

    public void Committed(Machine<ExecutionParts> machine, IReadOnlyList<TableCall> calls)
    {
        foreach (var call in calls)
        {
            switch (call)
            {
                case { Table: nameof(IJournalTable), Method: "Append" }:
                    Append((string)call.Arguments[1]!, (IReadOnlyList<JournalEvent>)call.Arguments[2]!);
                    break;
                case { Table: nameof(IMessageTable), Method: "Add" }:
                    var body = ((MessageContent)call.Arguments[2]!).Body;
                    messages[body] = messages.GetValueOrDefault(body) + 1;
                    if (messages[body] > 1)
                    {
                        world.Break($"the message of {body} was sent {messages[body]} times");
                    }

                    break;
            }
        }
    }

    /// <summary>A machine that was replaced, and does not know it yet, may call once more.</summary>
    public void Called(ExecutionRecord record, OpenTask task)
    {
        CallCount++;
        world.Note($"{record.Id.Machine}/{record.Id.Name} calls for task {task.Number}");
        if (isAlone && done.Contains((record.Key, task.Number)))
        {
            world.Break($"task {task.Number} of {record.Id.Name} was called for after its result was recorded");
        }
    }

    private static T Watch<T>(T table, List<TableCall> calls)
        where T : class =>
        TableProxy.Around(table, (method, arguments, proceed) =>
        {
            var result = proceed();
            if ((method == "Append" && result is true) || method == "Add")
            {
                calls.Add(new TableCall(typeof(T).Name, method, arguments));
            }

            return result;
        });

    private void Append(string key, IReadOnlyList<JournalEvent> events)
    {
        world.Note($"{key} {events[0].Sequence}-{events[^1].Sequence} {events[^1].Type}");
        foreach (var happened in events)
        {
            var last = lasts.GetValueOrDefault(key);
            if (happened.Sequence != last + 1)
            {
                world.Break($"the journal {key} has event {happened.Sequence} after {last}");
            }

            lasts[key] = happened.Sequence;
            Follow(key, happened);
        }
    }

    private void Follow(string key, JournalEvent happened)
    {
        var line = (key, happened.Branch);
        switch (happened.Type)
        {
            case JournalEventType.LambdaFunctionScheduled or JournalEventType.TaskScheduled:
                if (!open.TryAdd(line, happened.Sequence))
                {
                    world.Break($"{key}: branch {happened.Branch} has two tasks at a time");
                }

                break;
            case JournalEventType.LambdaFunctionSucceeded or JournalEventType.LambdaFunctionFailed
                or JournalEventType.TaskSucceeded or JournalEventType.TaskFailed
                or JournalEventType.ExecutionContinued:
                if (!open.Remove(line, out var task))
                {
                    world.Break($"{key}: event {happened.Sequence} ends a task that is not open");
                }

                done.Add((key, task));
                break;
        }
    }
}
