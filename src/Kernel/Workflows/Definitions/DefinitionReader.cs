using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Definitions;

/// <param name="IsExpress">The machine is EXPRESS: it may not wait for others.</param>
public sealed record DefinitionOptions(bool IsExpress);

/// <param name="Definition">The machine; null when any diagnostic is an error.</param>
/// <param name="Diagnostics">What is wrong, in the order in which AWS lists it.</param>
public sealed record DefinitionReading(
    StateMachineDefinition? Definition,
    IReadOnlyList<DefinitionDiagnostic> Diagnostics);

/// <param name="IsError">Otherwise it is a warning, and the definition can be used.</param>
/// <param name="Code">As ValidateStateMachineDefinition has it, such as <c>SCHEMA_VALIDATION_FAILED</c>.</param>
/// <param name="Message">What is wrong, in AWS's words where they are known.</param>
/// <param name="Location">Such as <c>/States/Pay/Retry[0]/ErrorEquals</c>; empty when it is about all of it.</param>
public sealed record DefinitionDiagnostic(bool IsError, string Code, string Message, string Location)
{
    /// <summary>As CreateStateMachine writes it: <c>CODE: message at /location</c>.</summary>
    public override string ToString() =>
        Location.Length == 0 ? $"{Code}: {Message}" : $"{Code}: {Message} at {Location}";
}

/// <summary>
/// Reads a state machine written in the Amazon States Language and says everything that is wrong with it. All that can
/// be known before the machine runs is found here: expressions are compiled, so that an execution never meets one that
/// cannot be read.
/// </summary>
public static class DefinitionReader
{
    /// <summary>Never throws, whatever the text holds; time and memory are in proportion to its length.</summary>
    public static DefinitionReading Read(string text, DefinitionOptions options)
    {
        var problems = new DefinitionProblems();
        var definition = Parse(text, problems) is { } members ? ReadMachine(members, options, problems) : null;
        return new DefinitionReading(problems.HasErrors ? null : definition, problems.All);
    }

    private static DataObject? Parse(string text, DefinitionProblems problems)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > Limits.DefinitionBytesMax)
        {
            problems.AddSchema(
                $"The definition has {bytes} bytes; at most {Limits.DefinitionBytesMax} are allowed", string.Empty);
            return null;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            problems.AddSchema("Definition must be a valid JSON object", string.Empty);
            return null;
        }

        var reading = DataReader.Read(text);
        switch (reading.Value)
        {
            case null:
                problems.Add("INVALID_JSON_DESCRIPTION", reading.Problem!, string.Empty);
                return null;
            case DataObject members:
                return members;
            default:
                problems.AddSchema("Definition must be a valid JSON object", string.Empty);
                return null;
        }
    }

    private static StateMachineDefinition? ReadMachine(
        DataObject members,
        DefinitionOptions options,
        DefinitionProblems problems)
    {
        var fields = new DefinitionFields(members, "/", problems);
        fields.Require("States", "StartAt");
        fields.Allow("Comment", "QueryLanguage", "StartAt", "TimeoutSeconds", "Version", "States");
        fields.OneOf("Version", "1.0");
        var language = QueryLanguages.OfMachine(fields);
        var comment = fields.Text("Comment");
        var timeoutSeconds = fields.Integer("TimeoutSeconds", 1, Limits.WorkflowSecondsMax);
        var reading = new DefinitionScope(problems, language, options.IsExpress);
        var graph = GraphReader.Read(fields, reading);
        return graph is null
            ? null
            : new StateMachineDefinition
            {
                Graph = graph,
                Comment = comment,
                TimeoutSeconds = timeoutSeconds,
                QueryLanguage = language,
            };
    }
}
