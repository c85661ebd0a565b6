using System.Text.RegularExpressions;

namespace Lambent.Sandbox.Isolation;

/// <summary>Refuses options that no driver could start with, before anything is made.</summary>
internal static partial class SandboxOptionsCheck
{
    /// <exception cref="SandboxStartException">What is wrong.</exception>
    public static void Check(SandboxOptions options, bool canAttachCode)
    {
        // It becomes a host name and the name of folders.
        if (!EnvironmentId().IsMatch(options.EnvironmentId))
        {
            throw SandboxStartException.Because(
                $"'{options.EnvironmentId}' cannot name an environment: 1 to 63 letters, digits and hyphens can.");
        }

        if (options.Command.Count == 0 && options.UsesFrames)
        {
            throw SandboxStartException.Because("There is no program to start.");
        }

        if (options.CodeFolder is null && !canAttachCode)
        {
            throw SandboxStartException.Because("Generic environments are not possible here.");
        }

        foreach (var folder in Folders(options))
        {
            if (!Path.IsPathFullyQualified(folder) || !Directory.Exists(folder))
            {
                throw SandboxStartException.Because($"The folder {folder} does not exist.");
            }
        }
    }

    private static IEnumerable<string> Folders(SandboxOptions options)
    {
        if (options.CodeFolder is { } code)
        {
            yield return code;
        }

        if (options.LayersFolder is { } layers)
        {
            yield return layers;
        }

        foreach (var folder in options.ReadOnlyFolders)
        {
            yield return folder;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]{0,62}\\z")]
    private static partial Regex EnvironmentId();
}
