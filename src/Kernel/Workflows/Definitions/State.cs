using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions;

namespace Lambent.Kernel.Workflows.Definitions;

public enum QueryLanguage
{
    JsonPath,
    Jsonata,
}

/// <summary>States and where they start: a whole machine, a branch, or what is done for each item.</summary>
public sealed record StateGraph
{
    public required string StartAt { get; init; }

    public required IReadOnlyDictionary<string, State> States { get; init; }
}

/// <summary>A definition that was read and found valid.</summary>
public sealed record StateMachineDefinition
{
    public required StateGraph Graph { get; init; }

    public string? Comment { get; init; }

    /// <summary>After how long the execution times out, or null.</summary>
    public int? TimeoutSeconds { get; init; }

    public required QueryLanguage QueryLanguage { get; init; }
}

/// <summary>
/// A state of the Amazon States Language (https://states-language.net/). Fields that a query language does not have are
/// null; what is null is as if the field was absent, and then the language's default holds.
/// </summary>
public abstract record State
{
    public required string Name { get; init; }

    /// <summary>"Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map".</summary>
    public abstract string Type { get; }

    public required QueryLanguage QueryLanguage { get; init; }

    /// <summary>The state after this one; null for one that ends, and for Choice, Succeed and Fail.</summary>
    public string? Next { get; init; }

    /// <summary>JSONPath: what of the raw input the state sees; null is all of it (<c>$</c>). A path <c>null</c> gives
    /// an empty object.</summary>
    public IExpression? InputPath { get; init; }

    /// <summary>JSONPath: what of the result leaves the state.</summary>
    public IExpression? OutputPath { get; init; }

    /// <summary>JSONata: what leaves the state.</summary>
    public IExpression? Output { get; init; }

    /// <summary>Yields an object: the variables that are set, by name.</summary>
    public IExpression? Assign { get; init; }
}

/// <summary>A state that does something and can fail, so that it may try again or catch.</summary>
public abstract record WorkingState : State
{
    /// <summary>JSONPath: the input put together anew (<c>Parameters</c>); JSONata: <c>Arguments</c>.</summary>
    public IExpression? Arguments { get; init; }

    /// <summary>JSONPath: the result put together anew.</summary>
    public IExpression? ResultSelector { get; init; }

    /// <summary>JSONPath: where in the raw input the result goes. Null is <c>$</c>: it replaces the input.</summary>
    public ResultTarget? ResultPath { get; init; }

    public IReadOnlyList<Retrier> Retry { get; init; } = [];

    public IReadOnlyList<Catcher> Catch { get; init; } = [];
}

public sealed record TaskState : WorkingState
{
    public override string Type => "Task";

    public required TaskResource Resource { get; init; }

    /// <summary>Yields whole seconds from 1 to 99,999,999. Null: no limit of its own.</summary>
    public IExpression? TimeoutSeconds { get; init; }

    /// <summary>Yields whole seconds.</summary>
    public IExpression? HeartbeatSeconds { get; init; }

    /// <summary>The role a task is to take (<c>Credentials.RoleArn</c>), or null.</summary>
    public IExpression? Credentials { get; init; }
}

public sealed record PassState : State
{
    public override string Type => "Pass";

    /// <summary>JSONPath: <c>Result</c>, taken as it stands.</summary>
    public DataValue? Result { get; init; }

    /// <summary>JSONPath: <c>Parameters</c>.</summary>
    public IExpression? Parameters { get; init; }

    public ResultTarget? ResultPath { get; init; }
}

public sealed record WaitState : State
{
    public override string Type => "Wait";

    /// <summary>Yields whole seconds from 0 to 99,999,999; null when <see cref="Timestamp"/> is given.</summary>
    public IExpression? Seconds { get; init; }

    /// <summary>Yields a time in RFC 3339's notation.</summary>
    public IExpression? Timestamp { get; init; }
}

public sealed record SucceedState : State
{
    public override string Type => "Succeed";
}

public sealed record FailState : State
{
    public override string Type => "Fail";

    public IExpression? Error { get; init; }

    public IExpression? Cause { get; init; }
}

public sealed record ChoiceState : State
{
    public override string Type => "Choice";

    public required IReadOnlyList<ChoiceRule> Choices { get; init; }

    public string? Default { get; init; }
}

/// <param name="Condition">Yields a boolean.</param>
/// <param name="Next">The state that follows when it is true.</param>
/// <param name="Assign">Variables set when it is taken.</param>
/// <param name="Output">JSONata: what leaves the state when it is taken.</param>
public sealed record ChoiceRule(IExpression Condition, string Next, IExpression? Assign, IExpression? Output);

public sealed record ParallelState : WorkingState
{
    public override string Type => "Parallel";

    public required IReadOnlyList<StateGraph> Branches { get; init; }

    /// <summary>Ours, <c>"Completion": "FIRST"</c>: it ends with the first branch that succeeds, whose output is the
    /// result; the others are given up. It fails when the last of them has failed.</summary>
    public bool IsRace { get; init; }
}

public sealed record MapState : WorkingState
{
    public override string Type => "Map";

    public required StateGraph Processor { get; init; }

    public required bool IsDistributed { get; init; }

    /// <summary>Of the child executions of a distributed Map: STANDARD (true) or EXPRESS.</summary>
    public bool IsStandard { get; init; } = true;

    /// <summary>JSONPath: <c>ItemsPath</c>; JSONata: <c>Items</c>. Yields an array (a distributed Map takes an object
    /// too). Null is the state's input.</summary>
    public IExpression? Items { get; init; }

    /// <summary>What each iteration gets (<c>ItemSelector</c>, formerly <c>Parameters</c>); null is the item.</summary>
    public IExpression? ItemSelector { get; init; }

    /// <summary>Yields a whole number; 0 is no limit.</summary>
    public IExpression? MaxConcurrency { get; init; }

    /// <summary>Yields a whole number.</summary>
    public IExpression? ToleratedFailureCount { get; init; }

    /// <summary>Yields a number from 0 to 100.</summary>
    public IExpression? ToleratedFailurePercentage { get; init; }

    public ItemReader? ItemReader { get; init; }

    public ItemBatcher? ItemBatcher { get; init; }

    public ResultWriter? ResultWriter { get; init; }

    public string? Label { get; init; }
}

/// <param name="Resource">Such as <c>arn:aws:states:::s3:getObject</c>.</param>
/// <param name="Arguments">Yields an object: Bucket, Key, Prefix.</param>
/// <param name="InputType">CSV, JSON, JSONL, MANIFEST; null for a list of objects.</param>
/// <param name="CsvHeaderLocation">FIRST_ROW or GIVEN.</param>
/// <param name="CsvHeaders">The columns when they are given.</param>
/// <param name="CsvDelimiter">One character; a comma by default.</param>
/// <param name="MaxItems">Yields how many items are read at most.</param>
/// <param name="ItemsPointer">JSON: RFC 6901 pointer to the array within the document.</param>
public sealed record ItemReader(
    string Resource,
    IExpression? Arguments,
    string? InputType,
    string? CsvHeaderLocation,
    IReadOnlyList<string> CsvHeaders,
    char CsvDelimiter,
    IExpression? MaxItems,
    string? ItemsPointer);

/// <param name="MaxItemsPerBatch">Yields a whole number, or null.</param>
/// <param name="MaxInputBytesPerBatch">Yields a whole number, or null.</param>
/// <param name="BatchInput">Yields an object that each batch gets.</param>
public sealed record ItemBatcher(
    IExpression? MaxItemsPerBatch,
    IExpression? MaxInputBytesPerBatch,
    IExpression? BatchInput);

/// <param name="Resource">Such as <c>arn:aws:states:::s3:putObject</c>; null when only the form is set.</param>
/// <param name="Arguments">Yields an object: Bucket, Prefix.</param>
/// <param name="Transformation">NONE, COMPACT or FLATTEN; null by default.</param>
/// <param name="OutputType">JSON or JSONL.</param>
public sealed record ResultWriter(string? Resource, IExpression? Arguments, string? Transformation, string? OutputType);

public sealed record Retrier
{
    public required IReadOnlyList<string> ErrorEquals { get; init; }

    public double IntervalSeconds { get; init; } = 1;

    public int MaxAttempts { get; init; } = 3;

    public double BackoffRate { get; init; } = 2;

    public int? MaxDelaySeconds { get; init; }

    /// <summary><c>JitterStrategy</c> is FULL instead of NONE.</summary>
    public bool HasFullJitter { get; init; }
}

/// <param name="ErrorEquals">Names of errors; <c>States.ALL</c> is all but those that cannot be caught.</param>
/// <param name="Next">The state that goes on.</param>
/// <param name="ResultPath">JSONPath: where the error goes; null replaces the input.</param>
/// <param name="Assign">Variables set when it catches.</param>
/// <param name="Output">JSONata: what the next state gets.</param>
public sealed record Catcher(
    IReadOnlyList<string> ErrorEquals,
    string Next,
    ResultTarget? ResultPath,
    IExpression? Assign,
    IExpression? Output);
