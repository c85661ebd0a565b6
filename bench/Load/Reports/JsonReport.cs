using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Load.Measures;

namespace Lambent.Load.Reports;

/// <summary>The document of --json: lambent.bench/1.</summary>
internal static class JsonReport
{
    private const string Schema = "lambent.bench/1";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Write(TextWriter output, MachineFacts machine, IReadOnlyList<ScenarioResult> results) =>
        output.WriteLine(JsonSerializer.Serialize(new Document(Schema, machine, results), Options));

    /// <summary>A run that failed as a whole, so that a reader of --json always finds a document.</summary>
    public static void WriteFailure(TextWriter output, BenchFailureException failure) =>
        output.WriteLine(JsonSerializer.Serialize(
            new FailureDocument(Schema, new FailureText(failure.Message, failure.Hint)), Options));

    private sealed record Document(string Schema, MachineFacts Machine, IReadOnlyList<ScenarioResult> Scenarios);

    private sealed record FailureDocument(string Schema, FailureText Error);

    private sealed record FailureText(string Message, string? Hint);
}
