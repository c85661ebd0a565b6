namespace Lambent.Cli.Sources;

/// <summary>
/// Picks the runtime for a language: the newest the server has, unless the package wants a certain one.
/// </summary>
internal static class RuntimeChoice
{
    /// <summary>For a server that does not say what it has, and for a dry run without a server.</summary>
    private static readonly string[] Usual = ["nodejs20.x", "python3.11", "dotnet10", "provided.al2023"];

    /// <summary>The language of a runtime's identifier, or null when it is of no known family.</summary>
    public static string? LanguageOf(string runtime) => runtime switch
    {
        _ when runtime.StartsWith("nodejs", StringComparison.Ordinal) => "node",
        _ when runtime.StartsWith("python", StringComparison.Ordinal) => "python",
        _ when runtime.StartsWith("dotnet", StringComparison.Ordinal) => "dotnet",
        _ when runtime.StartsWith("provided", StringComparison.Ordinal) => "custom",
        _ => null,
    };

    /// <param name="language">node, python, dotnet or custom.</param>
    /// <param name="version">The version the package was built for, or null.</param>
    /// <param name="onServer">What the server can run, or null when it does not say.</param>
    /// <param name="current">What the function runs on so far, or null; kept as long as it fits.</param>
    public static string Choose(
        string language, string? version, IReadOnlyList<string>? onServer, string? current = null)
    {
        if (language == "dotnet" && version is not null)
        {
            return $"dotnet{version}";
        }

        if (current is not null && LanguageOf(current) == language && onServer?.Contains(current) != false)
        {
            return current;
        }

        var candidates = (onServer ?? Usual).Where(runtime => LanguageOf(runtime) == language).ToList();
        return candidates.MaxBy(Rank) ?? Usual.First(runtime => LanguageOf(runtime) == language);
    }

    /// <summary>nodejs22.x above nodejs20.x, python3.11 above python3.9, provided.al2023 above provided.al2.</summary>
    private static int Rank(string runtime)
    {
        var digits = new string([.. runtime.SkipWhile(letter => !char.IsAsciiDigit(letter))
            .TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.')]).Trim('.');
        return Version.TryParse(digits.Contains('.') ? digits : digits + ".0", out var version)
            ? (version.Major * 1000) + version.Minor
            : 0;
    }
}
