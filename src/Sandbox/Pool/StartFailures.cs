using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Pool;

/// <summary>The steps of a start, as <see cref="StartPhases"/> measures them.</summary>
internal enum StartPhase
{
    Fetch,
    Start,
    Init,
}

/// <summary>What the caller hears of a start that failed: which step it was, and why.</summary>
internal static class StartFailures
{
    public static Error Of(StartPhase phase, Exception exception) => Of(phase, Reason(phase, exception));

    /// <summary>Why, whatever it was that went wrong.</summary>
    public static Error Reason(StartPhase phase, Exception exception) => exception switch
    {
        SandboxStartException refused => refused.Error,
        StoreException store => Fetched(store.Message),
        SandboxEndedException ended => Failed($"The sandbox ended before it was ready: {ended.Exit.Description}."),
        OperationCanceledException => Failed(
            $"The sandbox was not ready within {Limits.InitializationTimeout.TotalSeconds:0} s."),
        _ when phase == StartPhase.Fetch => Fetched(exception.Message),
        _ => Failed(exception.Message),
    };

    public static Error Of(StartPhase phase, Error error) => error with
    {
        Message = $"The environment did not start, its phase {Name(phase)} failed: {error.Message}",
    };

    /// <summary>The phase and the reason, in a line: "init: Error: no table".</summary>
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

    private static Error Fetched(string message) =>
        new(ErrorCode.PackageUnreadable, $"The stored code cannot be read. {message}");

    private static Error Failed(string message) => new(ErrorCode.EnvironmentStartFailed, message);

    private static string Name(StartPhase phase) => phase switch
    {
        StartPhase.Fetch => "fetch",
        StartPhase.Start => "start",
        _ => "init",
    };
}
