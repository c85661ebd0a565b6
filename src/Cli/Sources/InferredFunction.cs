using Lambent.Cli.Commands;

namespace Lambent.Cli.Sources;

/// <summary>What the person wrote on the command line; null is to be inferred.</summary>
internal sealed record WrittenChoices(string? Name, string? Runtime, string? Handler);

/// <summary>What the server says that bears on the choice of a runtime; each null when it is not known.</summary>
/// <param name="Runtimes">What it can run.</param>
/// <param name="Current">What the function runs on so far.</param>
internal sealed record KnownRuntimes(IReadOnlyList<string>? Runtimes, string? Current);

/// <summary>How a package runs, and how that was found out.</summary>
/// <param name="Language">node, python, dotnet or custom.</param>
/// <param name="Handler">As the runtime wants it.</param>
/// <param name="Reason">What the inference saw, for a person to check.</param>
internal sealed record InferredFunction(string Language, string Handler, string Reason)
{
    /// <summary>The language's version the package was built for, such as 8; null for any.</summary>
    public string? LanguageVersion { get; init; }
}

/// <summary>The failures that inference ends with, in one voice.</summary>
internal static class InferenceFailures
{
    public static CommandFailedException Unrecognized(string message, string? hint = null) =>
        new(ExitCode.Usage, FailureCodes.SourceUnrecognized, message, hint);

    public static CommandFailedException NoHandler(string message, string? hint = null) =>
        new(ExitCode.Usage, FailureCodes.HandlerNotFound, message, hint ?? "--handler FILE.FUNCTION");

    public static CommandFailedException Ambiguous(IEnumerable<string> candidates)
    {
        var listed = candidates.Order(StringComparer.Ordinal).ToList();
        var more = listed.Count > 8 ? $" and {listed.Count - 8} more" : "";
        return new CommandFailedException(
            ExitCode.Usage, FailureCodes.HandlerAmbiguous,
            $"There are several functions that could be the handler: {string.Join(", ", listed.Take(8))}{more}.",
            $"--handler {listed[0]}");
    }
}
