using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Says what is wrong with a definition, without making a state machine of it.</summary>
internal static class ValidateStateMachineDefinitionOperation
{
    private const int DiagnosticsMax = 100;

    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("ValidateStateMachineDefinition", null, call => Handle(call));

    private static Result<DataObject> Handle(StepFunctionsCall call)
    {
        var input = call.Input;
        var definition = input.RequiredText("definition", 1, Limits.DefinitionBytesMax);
        var type = input.OneOf("type", "STANDARD", "EXPRESS");
        var severity = input.OneOf("severity", "ERROR", "WARNING");
        var most = (int)(input.Integer("maxResults", 0, DiagnosticsMax) ?? 0);
        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        var reading = DefinitionReader.Read(definition, new DefinitionOptions(type == "EXPRESS"));

        // Errors come first, so that a page that is cut off shows them.
        var shown = reading.Diagnostics
            .Where(diagnostic => diagnostic.IsError || severity == "WARNING")
            .OrderBy(diagnostic => diagnostic.IsError ? 0 : 1)
            .ToList();
        var size = most == 0 ? DiagnosticsMax : most;
        return new AnswerBuilder()
            .Add("result", reading.Definition is null ? "FAIL" : "OK")
            .Add("diagnostics", new DataArray([.. shown.Take(size).Select(Shape)]))
            .Add("truncated", (DataValue)(shown.Count > size))
            .Build();
    }

    private static DataObject Shape(DefinitionDiagnostic diagnostic) => new AnswerBuilder()
        .Add("severity", diagnostic.IsError ? "ERROR" : "WARNING")
        .Add("code", diagnostic.Code)
        .Add("message", diagnostic.Message)
        .Add("location", diagnostic.Location.Length == 0 ? null : diagnostic.Location)
        .Build();
}
