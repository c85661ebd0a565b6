using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Events of the journal as GetExecutionHistory shows them.</summary>
/// <param name="record">Whose.</param>
/// <param name="tasks">The tasks of its definition, by name of the state.</param>
/// <param name="region">Of this server.</param>
/// <param name="withData">Whether inputs and outputs are shown.</param>
internal sealed class HistoryShapes(
    ExecutionRecord record, IReadOnlyDictionary<string, TaskState> tasks, string region, bool withData)
{
    private static readonly DataObject Whole = new(("truncated", false));

    public DataObject Of(JournalEvent happened)
    {
        var answer = new AnswerBuilder()
            .Add("timestamp", happened.At)
            .Add("type", TypeOf(happened).ToString())
            .Add("id", (DataValue)happened.Id)
            .Add("previousEventId", (DataValue)happened.Previous);
        if (DetailsOf(happened) is var (name, details))
        {
            answer.Add(name, details.Build());
        }

        return answer.Build();
    }

    /// <summary>AWS has no word for an execution that goes on as another one; this one has ended well.</summary>
    private static JournalEventType TypeOf(JournalEvent happened) =>
        happened.Type == JournalEventType.ExecutionContinued
            ? JournalEventType.ExecutionSucceeded
            : happened.Type;

    private (string Name, AnswerBuilder Details)? DetailsOf(JournalEvent happened)
    {
        var type = happened.Type;
        if (type.IsEntered())
        {
            return ("stateEnteredEventDetails", Input(new AnswerBuilder().Add("name", happened.Name), happened));
        }

        if (type.IsExited())
        {
            return ("stateExitedEventDetails", Exited(happened));
        }

        return type switch
        {
            JournalEventType.ExecutionStarted => ("executionStartedEventDetails", Started(happened)),
            JournalEventType.ExecutionRedriven =>
                ("executionRedrivenEventDetails", new AnswerBuilder().Add("redriveCount", happened.Index)),
            JournalEventType.MapStateStarted =>
                ("mapStateStartedEventDetails", new AnswerBuilder().Add("length", happened.Index)),
            JournalEventType.MapRunStarted => ("mapRunStartedEventDetails", new AnswerBuilder()
                .Add("mapRunArn", MapRuns.ArnOf(record, happened, region))),
            JournalEventType.EvaluationFailed => ("evaluationFailedEventDetails", Failed(new AnswerBuilder(), happened)
                .Add("location", happened.Location)
                .Add("state", happened.Name)),
            JournalEventType.LambdaFunctionScheduled =>
                ("lambdaFunctionScheduledEventDetails", Scheduled(happened)),
            JournalEventType.ActivityScheduled => ("activityScheduledEventDetails", Scheduled(happened)
                .Add("heartbeatInSeconds", happened.HeartbeatSeconds)),
            JournalEventType.ActivityStarted =>
                ("activityStartedEventDetails", new AnswerBuilder().Add("workerName", happened.Name)),
            JournalEventType.TaskScheduled => ("taskScheduledEventDetails", TaskScheduled(happened)),
            _ => Ended(happened),
        };
    }

    /// <summary>Events with an output or a failure, and nothing else than what they belong to.</summary>
    private (string Name, AnswerBuilder Details)? Ended(JournalEvent happened)
    {
        var name = MemberOf(TypeOf(happened));
        return happened.Type switch
        {
            JournalEventType.TaskStarted => (name, Integration(happened)),
            JournalEventType.TaskSubmitted or JournalEventType.TaskSucceeded =>
                (name, Output(Integration(happened), happened)),
            JournalEventType.TaskFailed or JournalEventType.TaskSubmitFailed or JournalEventType.TaskTimedOut =>
                (name, Failed(Integration(happened), happened)),
            JournalEventType.ExecutionSucceeded or JournalEventType.ExecutionContinued
                or JournalEventType.LambdaFunctionSucceeded
                or JournalEventType.ActivitySucceeded => (name, Output(new AnswerBuilder(), happened)),
            JournalEventType.ExecutionFailed or JournalEventType.ExecutionTimedOut or JournalEventType.ExecutionAborted
                or JournalEventType.LambdaFunctionFailed or JournalEventType.LambdaFunctionTimedOut
                or JournalEventType.ActivityFailed or JournalEventType.ActivityTimedOut
                or JournalEventType.MapRunFailed => (name, Failed(new AnswerBuilder(), happened)),
            JournalEventType.MapIterationStarted or JournalEventType.MapIterationSucceeded
                or JournalEventType.MapIterationFailed or JournalEventType.MapIterationAborted =>
                (name, new AnswerBuilder().Add("name", happened.Name).Add("index", happened.Index)),
            _ => null,
        };
    }

    private AnswerBuilder Started(JournalEvent happened) => Input(new AnswerBuilder(), happened)
        .Add("roleArn", record.RoleArn)
        .Add("stateMachineAliasArn", ExecutionShapes.AliasArn(record, region))
        .Add("stateMachineVersionArn", ExecutionShapes.VersionArn(record, region));

    private AnswerBuilder Exited(JournalEvent happened)
    {
        var answer = Output(new AnswerBuilder().Add("name", happened.Name), happened);
        if (happened.Assigned is { } assigned && withData)
        {
            var variables = new OrderedDictionary<string, DataValue>();
            foreach (var (name, value) in assigned.Members)
            {
                variables[name] = value.ToString();
            }

            answer.Add("assignedVariables", new DataObject(variables)).Add("assignedVariablesDetails", Whole);
        }

        return answer;
    }

    private AnswerBuilder Scheduled(JournalEvent happened) =>
        Input(new AnswerBuilder().Add("resource", Resource(happened)), happened)
            .Add("timeoutInSeconds", happened.TimeoutSeconds);

    private AnswerBuilder TaskScheduled(JournalEvent happened) => Integration(happened)
        .Add("region", region)
        .Add("parameters", withData ? happened.Input?.ToString() : "")
        .Add("timeoutInSeconds", happened.TimeoutSeconds)
        .Add("heartbeatInSeconds", happened.HeartbeatSeconds);

    /// <summary>The service, and what is done with it, from <c>arn:aws:states:::SERVICE:ACTION</c>.</summary>
    private AnswerBuilder Integration(JournalEvent happened)
    {
        const string Prefix = "arn:aws:states:::";
        const string Sdk = "aws-sdk:";
        var arn = Resource(happened);
        var named = arn.StartsWith(Prefix, StringComparison.Ordinal) ? arn[Prefix.Length..] : arn;
        var from = named.StartsWith(Sdk, StringComparison.Ordinal) ? Sdk.Length : 0;
        var end = named.IndexOf(':', from);
        return new AnswerBuilder()
            .Add("resourceType", end < 0 ? named : named[..end])
            .Add("resource", end < 0 ? named : named[(end + 1)..]);
    }

    private string Resource(JournalEvent happened) =>
        happened.Name is { } state && tasks.TryGetValue(state, out var task) ? task.Resource.Arn : "";

    private AnswerBuilder Input(AnswerBuilder answer, JournalEvent happened) => answer
        .Add("input", withData ? happened.Input?.ToString() : null)
        .Add("inputDetails", Whole);

    private AnswerBuilder Output(AnswerBuilder answer, JournalEvent happened) => answer
        .Add("output", withData ? happened.Output?.ToString() : null)
        .Add("outputDetails", Whole);

    private static AnswerBuilder Failed(AnswerBuilder answer, JournalEvent happened) => answer
        .Add("error", happened.Error)
        .Add("cause", happened.Cause);

    /// <summary>What the API calls the details of an event: its type with a small letter first.</summary>
    private static string MemberOf(JournalEventType type)
    {
        var name = type.ToString();
        return $"{char.ToLowerInvariant(name[0])}{name[1..]}EventDetails";
    }
}
