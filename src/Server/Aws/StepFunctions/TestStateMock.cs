using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What takes the place of a state's work when it is tried.</summary>
/// <param name="Result">JSON text, or null.</param>
/// <param name="Error">The name of a failure, or null.</param>
/// <param name="Cause">Of a failure.</param>
/// <param name="IsFailure">Whether a failure was given.</param>
internal sealed record TestStateMock(string? Result, string? Error, string? Cause, bool IsFailure)
{
    private static readonly string[] Unsupported =
        ["errorCausedByState", "mapIterationFailureCount", "mapItemReaderData"];

    public static TestStateMock? Read(JsonInput input)
    {
        var configuration = input.Structure("stateConfiguration");
        configuration?.Integer("retrierRetryCount", 0);
        configuration?.Integer("mapIterationFailureCount", 0);
        if (input.Structure("mock") is not { } mock)
        {
            return null;
        }

        mock.OneOf("fieldValidationMode", "STRICT", "PRESENT", "NONE");
        var failure = mock.Structure("errorOutput");
        return new TestStateMock(
            mock.Text("result", 0, PayloadText.LengthMax),
            failure?.Text("error", 0, ExecutionRequests.ErrorLengthMax),
            failure?.Text("cause", 0, Limits.WorkflowCauseLengthMax),
            failure is not null);
    }

    public static int RetriesBefore(JsonInput input) =>
        (int)(input.Structure("stateConfiguration")?.Integer("retrierRetryCount", 0) ?? 0);

    /// <summary>What does not go together.</summary>
    public static Error? Check(JsonInput input, TestStateMock? mock, bool isRevealing)
    {
        if (mock is { Result: not null, IsFailure: true })
        {
            return MachineErrors.Invalid(
                "A test mock should have only one of the following fields: [result, errorOutput].");
        }

        if (mock is not null && isRevealing)
        {
            return MachineErrors.Invalid("TestState does not support RevealSecrets when a mock is specified.");
        }

        var configuration = input.Structure("stateConfiguration");
        if (mock is null && configuration?.Has("mapIterationFailureCount") == true)
        {
            return MachineErrors.Invalid(
                "TestState does not support MapIterationFailureCount when a mock is not specified.");
        }

        var refused = configuration is null ? null : Unsupported.FirstOrDefault(configuration.Has);
        refused ??= input.Has("context") ? "context" : null;
        return refused is null
            ? null
            : new Error(ErrorCode.NotSupported, $"TestState of this server does not support '{refused}'.", refused);
    }

    /// <summary>What the state's work is taken to have come to; null when it is really done.</summary>
    public static Result<TaskEnding?> Match(TestedState state, TestStateMock? mock)
    {
        if (mock is null)
        {
            return default(TaskEnding);
        }

        if (state.Type is "Fail" or "Pass" or "Succeed" or "Wait" or "Choice")
        {
            return MachineErrors.Invalid($"State type '{state.Type}' is not supported when a mock is specified");
        }

        if (mock.IsFailure)
        {
            return TaskEnding.Failed(mock.Error ?? "States.TaskFailed", mock.Cause);
        }

        if (DataReader.Read(mock.Result ?? "null").Value is not { } result)
        {
            return MachineErrors.Invalid("Mocked result must be valid JSON");
        }

        return Misfit(state, result) is { } wrong ? MachineErrors.Invalid(wrong) : TaskEnding.Of(result);
    }

    private static string? Misfit(TestedState state, DataValue result)
    {
        var hasWriter = state.Type == "Map" && state.Fields.Has("ResultWriter");
        if (hasWriter)
        {
            return result is DataObject ? null : "Mocked result must be a JSON object.";
        }

        if (state.Type is "Map" or "Parallel" && result is not DataArray)
        {
            return "Mocked result must be an array.";
        }

        return state.Type == "Parallel" && state.Fields["Branches"] is DataArray branches
            && ((DataArray)result).Items.Count != branches.Items.Count
                ? "Mocked result must contain the same number of items as number of Parallel branches."
                : null;
    }
}
