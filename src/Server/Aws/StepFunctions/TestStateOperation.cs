using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Runs a state alone, without a state machine.</summary>
internal static class TestStateOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("TestState", null, call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var input = call.Input;
        var definition = input.RequiredText("definition", 1, Limits.DefinitionBytesMax);
        var role = input.Text("roleArn", 1, WorkflowArns.LengthMax);
        var payload = input.Text("input", 0, PayloadText.LengthMax);
        var variables = input.Text("variables", 0, PayloadText.LengthMax);
        var level = input.OneOf("inspectionLevel", "INFO", "DEBUG", "TRACE") ?? "INFO";
        var stateName = input.Text("stateName", 1, Limits.StateNameLengthMax);
        var isRevealing = input.Flag("revealSecrets") ?? false;
        var mock = TestStateMock.Read(input);
        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        if ((MachineRequests.CheckRole(role) ?? TestStateMock.Check(input, mock, isRevealing)) is { } refused)
        {
            return refused;
        }

        if (PayloadText.Input(payload).Failed(out var given, out var wrong)
            || PayloadText.Input(variables).Failed(out var set, out wrong)
            || TestedState.Read(definition, stateName).Failed(out var state, out wrong)
            || TestStateMock.Match(state, mock).Failed(out var ending, out wrong)
            || state.Compile(mock is not null).Failed(out var machine, out wrong))
        {
            return wrong;
        }

        if (role is null && mock is null && state.Type == "Task")
        {
            return MachineErrors.Invalid("RoleArn must be specified when testing a Task state");
        }

        var (outcome, exchange) = await services.Tester.RunAsync(
            new StateTest
            {
                Account = call.Account,
                Definition = machine,
                RoleArn = role ?? "",
                Input = given,
                Variables = set as DataObject ?? DataObject.Empty,
                Mock = ending,
                RetriesBefore = TestStateMock.RetriesBefore(input),
            },
            call.Aborted);
        return Shape(outcome, level, level == "TRACE" ? exchange : null);
    }

    private static DataObject Shape(StateTrialOutcome outcome, string level, HttpExchange? exchange)
    {
        var answer = new AnswerBuilder()
            .Add("output", outcome.Output?.ToString())
            .Add("error", outcome.Error)
            .Add("cause", outcome.Cause)
            .Add("nextState", outcome.NextState)
            .Add("status", outcome.Status switch
            {
                StateTrialStatus.Succeeded => "SUCCEEDED",
                StateTrialStatus.Retriable => "RETRIABLE",
                StateTrialStatus.CaughtError => "CAUGHT_ERROR",
                _ => "FAILED",
            });
        return level == "INFO" ? answer.Build() : answer.Add("inspectionData", Inspection(outcome, exchange)).Build();
    }

    private static DataObject Inspection(StateTrialOutcome outcome, HttpExchange? exchange)
    {
        var details = new AnswerBuilder()
            .Add("catchIndex", outcome.CatchIndex)
            .Add("retryIndex", outcome.RetryIndex)
            .Add("retryBackoffIntervalSeconds", (int?)outcome.RetryDelaySeconds)
            .Build();
        var inspection = details.Count == 0 ? outcome.Inspection : outcome.Inspection.With("errorDetails", details);
        inspection = exchange?.Request is { } request ? inspection.With("request", request) : inspection;
        return exchange?.Response is { } response ? inspection.With("response", response) : inspection;
    }
}
