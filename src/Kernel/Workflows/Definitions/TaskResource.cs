namespace Lambent.Kernel.Workflows.Definitions;

public enum TaskResourceKind
{
    /// <summary>A function's own ARN: the result is what it returns, events are <c>LambdaFunction*</c>.</summary>
    Function,

    /// <summary>An activity's ARN: a worker of somebody else asks for the work.</summary>
    Activity,

    /// <summary>An integration such as <c>arn:aws:states:::sqs:sendMessage</c>.</summary>
    Integration,

    /// <summary>Reading the items of a Map, or writing its results; no state of its own.</summary>
    MapData,
}

public enum IntegrationPattern
{
    /// <summary>The answer of the call is the result.</summary>
    RequestResponse,

    /// <summary><c>.sync</c>: the result is there when the work that was started has ended.</summary>
    Sync,

    /// <summary><c>.sync:2</c>: the same, with the output as JSON instead of text.</summary>
    SyncAsJson,

    /// <summary><c>.waitForTaskToken</c>: somebody sends the result with the token.</summary>
    WaitForTaskToken,
}

/// <summary>What a Task calls.</summary>
/// <param name="Arn">As it was written.</param>
/// <param name="Kind">How it is called.</param>
/// <param name="Service">Integration: "lambda", "sqs", "states", "http", "events", "sns"; otherwise "lambda" or
/// "states".</param>
/// <param name="Action">Integration: "invoke", "sendMessage", "startExecution"; otherwise "invoke" or "activity".
/// </param>
/// <param name="Pattern">When the task is done.</param>
public sealed record TaskResource(
    string Arn,
    TaskResourceKind Kind,
    string Service,
    string Action,
    IntegrationPattern Pattern = IntegrationPattern.RequestResponse);

/// <summary>
/// A reference path such as <c>$.order.result</c>: one place, where a result is put. Discard (<c>null</c>) drops the
/// result.
/// </summary>
public sealed record ResultTarget(string Text, IReadOnlyList<ResultStep> Steps, bool IsDiscard)
{
    public static readonly ResultTarget Discard = new("null", [], true);

    public static readonly ResultTarget Root = new("$", [], false);
}

/// <param name="Name">The member of an object, or null.</param>
/// <param name="Index">The item of an array when <paramref name="Name"/> is null.</param>
public readonly record struct ResultStep(string? Name, int Index);
