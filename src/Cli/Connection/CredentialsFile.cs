using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>A key and the region to sign for.</summary>
internal sealed record AccessKeys(string AccessKeyId, string SecretAccessKey, string? SessionToken, string? Region);

/// <summary>Reads an AWS credentials file: sections in brackets, lines of name = value.</summary>
internal static class CredentialsFile
{
    /// <summary>The keys of each section that is complete, by the section's name.</summary>
    public static IReadOnlyDictionary<string, AccessKeys> Parse(string text)
    {
        var sections = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        Dictionary<string, string>? current = null;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line is ['[', .. var name, ']'])
            {
                current = sections[name.Trim()] = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            }
            else if (line is not ['#' or ';', ..] && line.Split('=', 2) is [var key, var value])
            {
                current?[key.Trim()] = value.Trim();
            }
        }

        return sections
            .Where(section => section.Value.ContainsKey("aws_access_key_id")
                && section.Value.ContainsKey("aws_secret_access_key"))
            .ToDictionary(
                section => section.Key,
                section => new AccessKeys(
                    section.Value["aws_access_key_id"],
                    section.Value["aws_secret_access_key"],
                    section.Value.GetValueOrDefault("aws_session_token"),
                    section.Value.GetValueOrDefault("region")),
                StringComparer.Ordinal);
    }

    /// <summary>Refuses a name that could not be a section's.</summary>
    public static void CheckProfileName(string name)
    {
        if (!name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage,
                $"'{name}' cannot name a section of the credentials file: letters, digits, '-', '_' and '.' can.");
        }
    }

    /// <summary>Adds a section to a file that stays readable only by its owner.</summary>
    public static void Append(string path, string section, string accessKeyId, string secretAccessKey, string region)
    {
        var text = $"""

            [{section}]
            aws_access_key_id = {accessKeyId}
            aws_secret_access_key = {secretAccessKey}
            region = {region}

            """;
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
