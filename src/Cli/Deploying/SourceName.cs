using Lambent.Cli.Commands;

namespace Lambent.Cli.Deploying;

/// <summary>A function's name from the path it is deployed from.</summary>
internal static class SourceName
{
    private const int LengthMax = 64;

    /// <summary>File names that say nothing about what the function does; the folder's name does.</summary>
    private static readonly HashSet<string> Generic = new(StringComparer.OrdinalIgnoreCase)
    {
        "index", "app", "main", "handler", "lambda_function", "bootstrap", "function", "package", "code", "dist",
        "build", "out", "publish",
    };

    public static string Of(string fullPath)
    {
        var trimmed = Path.TrimEndingDirectorySeparator(fullPath);
        var stem = Directory.Exists(fullPath) ? Path.GetFileName(trimmed) : Path.GetFileNameWithoutExtension(trimmed);
        var parent = Path.GetFileName(Path.GetDirectoryName(trimmed) ?? "");
        var name = Sanitize(Generic.Contains(stem) && Sanitize(parent).Length > 0 ? parent : stem);
        return name.Length > 0
            ? name
            : throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, $"No name for a function can be made of {fullPath}.",
                "--name NAME");
    }

    /// <summary>Letters, digits, dash and underscore, as the API allows; everything else becomes one dash.</summary>
    private static string Sanitize(string text)
    {
        var parts = new string([.. text.Select(
            letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '-')])
            .Split('-', StringSplitOptions.RemoveEmptyEntries);
        var name = string.Join('-', parts);
        return name.Length > LengthMax ? name[..LengthMax].TrimEnd('-') : name;
    }
}
