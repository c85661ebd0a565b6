using System.Text.Json;
using Lambent.Kernel;

namespace Lambent.Sandbox.Pool;

/// <summary>Why an environment did not start, in a line.</summary>
internal static class StartFailure
{
    /// <summary>The phase and the reason: "init: Error: no table", or "start: ..." for the platform's part.</summary>
    public static string Describe(StartedEnvironment started) =>
        started.Error is { Code: ErrorCode.AccountConcurrencyExceeded } ? "start: this node has no room for it"
        : started.Error is { } error ? $"start: {error.Message}"
        : started.Outcome is { } outcome ? $"init: {Explain(outcome.Payload)}"
        : "start: unknown";

    /// <summary>What the function's runtime reported, which is JSON unless the function had a hand in it.</summary>
    private static string Explain(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var report = JsonDocument.Parse(payload);
            var type = Text(report, "errorType");
            var message = Text(report, "errorMessage");
            return string.Join(": ", new[] { type, message }.Where(part => part.Length > 0));
        }
        catch (JsonException)
        {
            return "the function ended with an error that cannot be read";
        }
    }

    private static string Text(JsonDocument report, string name) =>
        report.RootElement.ValueKind == JsonValueKind.Object
        && report.RootElement.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
