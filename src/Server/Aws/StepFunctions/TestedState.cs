using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>A state that is tried, as it was written.</summary>
/// <param name="Name">Its name, or the one that a state without a machine gets.</param>
/// <param name="Fields">What it says.</param>
/// <param name="Language">The query language of its machine, or null.</param>
internal sealed record TestedState(string Name, DataObject Fields, DataValue? Language)
{
    private const string UnnamedState = "StateName";

    /// <summary>What a Parallel or Map does with a result is what a Task does with it.</summary>
    private static readonly string[] FieldsOfTask =
    [
        "Comment", "QueryLanguage", "InputPath", "OutputPath", "Output", "Assign", "Next", "End", "ResultPath",
        "ResultSelector", "Retry", "Catch",
    ];

    public string? Type => (Fields["Type"] as DataText)?.Value;

    private bool IsFanOut => Type is "Parallel" or "Map";

    /// <summary>Finds the state: the definition itself, or the one of that name in it, branches included.</summary>
    public static Result<TestedState> Read(string definition, string? name)
    {
        var reading = DataReader.Read(definition);
        if (reading.Value is not DataObject fields)
        {
            return Invalid($"INVALID_JSON_DESCRIPTION: {reading.Problem ?? "Definition must be a valid JSON object"}");
        }

        if (name is null)
        {
            return new TestedState(UnnamedState, fields, null);
        }

        return Find(fields, name, Limits.StateNestingMax) is { } found
            ? new TestedState(name, found, fields["QueryLanguage"])
            : new Error(
                ErrorCode.InvalidParameter, $"State not found in the definition: '{name}'", "stateName");
    }

    /// <summary>A machine of this state and those it leads to, which only end it.</summary>
    /// <param name="isMocked">Somebody gives the result of its work, so it may be of any type.</param>
    public Result<StateMachineDefinition> Compile(bool isMocked)
    {
        if (IsFanOut && !isMocked)
        {
            return new Error(
                ErrorCode.DefinitionInvalid,
                "TestState API does not support Map or Parallel states. Supported state types include: "
                + "[Task, Wait, Pass, Succeed, Fail, Choice]");
        }

        var read = Compile(Fields);
        if (!read.IsSuccess || !isMocked)
        {
            return read.Then(machine => Waits(machine) is { } refused
                ? refused
                : (Result<StateMachineDefinition>)machine);
        }

        return IsFanOut ? Compile(AsTask()) : read;
    }

    private Error? Waits(StateMachineDefinition machine) =>
        machine.Graph.States[Name] is TaskState
        {
            Resource: { Kind: TaskResourceKind.Activity } or { Pattern: not IntegrationPattern.RequestResponse },
        }
            ? new Error(
                ErrorCode.DefinitionInvalid,
                "TestState API does not support activities and the patterns .sync and .waitForTaskToken when a mock is "
                + "not specified.")
            : null;

    private DataObject AsTask()
    {
        var members = new OrderedDictionary<string, DataValue>
        {
            ["Type"] = "Task",
            ["Resource"] = "arn:aws:states:::lambda:invoke",
        };
        foreach (var field in FieldsOfTask)
        {
            if (Fields[field] is { } value)
            {
                members[field] = value;
            }
        }

        return new DataObject(members);
    }

    private Result<StateMachineDefinition> Compile(DataObject fields)
    {
        var states = new OrderedDictionary<string, DataValue> { [Name] = fields };
        foreach (var target in Targets(fields))
        {
            states.TryAdd(target, new DataObject(("Type", "Succeed")));
        }

        var machine = new DataObject(("StartAt", Name), ("States", new DataObject(states)));
        machine = Language is null ? machine : machine.With("QueryLanguage", Language);
        var reading = DefinitionReader.Read(machine.ToString(), new DefinitionOptions(IsExpress: false));
        return reading.Definition is { } definition
            ? definition
            : Invalid(string.Join(", ", reading.Diagnostics.Where(diagnostic => diagnostic.IsError)));
    }

    private static IEnumerable<string> Targets(DataObject fields)
    {
        var rules = new[] { "Catch", "Choices" }.SelectMany(list => (fields[list] as DataArray)?.Items ?? []);
        return new[] { fields["Next"], fields["Default"] }
            .Concat(rules.Select(rule => rule["Next"]))
            .OfType<DataText>()
            .Select(target => target.Value);
    }

    private static DataObject? Find(DataObject fields, string name, int depth)
    {
        if (depth == 0 || fields["States"] is not DataObject states)
        {
            return null;
        }

        if (states[name] is DataObject found)
        {
            return found;
        }

        foreach (var state in states.Members.Values.OfType<DataObject>())
        {
            var inner = ((state["Branches"] as DataArray)?.Items ?? [])
                .Append(state["ItemProcessor"] ?? state["Iterator"] ?? DataNull.Value);
            foreach (var graph in inner.OfType<DataObject>())
            {
                if (Find(graph, name, depth - 1) is { } deeper)
                {
                    return deeper;
                }
            }
        }

        return null;
    }

    private static Error Invalid(string problems) => new(
        ErrorCode.DefinitionInvalid, $"Invalid State Machine Definition: '{problems}'", "definition");
}
