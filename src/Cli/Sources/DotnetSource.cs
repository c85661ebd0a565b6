using System.Text.Json;

namespace Lambent.Cli.Sources;

/// <summary>Finds the handler of a published .NET library.</summary>
internal static class DotnetSource
{
    private const string ConfigurationEnd = ".runtimeconfig.json";

    public static bool Recognizes(IPackageTree tree) =>
        tree.Files.Any(file => file.EndsWith(ConfigurationEnd, StringComparison.Ordinal) && !file.Contains('/'));

    public static InferredFunction Infer(IPackageTree tree)
    {
        var configurations = tree.Files
            .Where(file => file.EndsWith(ConfigurationEnd, StringComparison.Ordinal) && !file.Contains('/'))
            .ToList();
        var found = configurations
            .Select(file => file[..^ConfigurationEnd.Length])
            .Where(stem => tree.Has(stem + ".dll"))
            .SelectMany(stem => HandlersIn(tree, stem))
            .ToList();
        if (found.Count == 0)
        {
            throw InferenceFailures.NoHandler(
                "No public class named Function, …Function or …Handler has a public method FunctionHandler, "
                + "HandleAsync "
                    + "or Handle.",
                "--handler Assembly::Namespace.Class::Method");
        }

        // The best method name decides; two classes with it are two candidates.
        var best = found.Where(handler => MethodOf(handler) == MethodOf(found[0])).ToList();
        return best is [var handler]
            ? new InferredFunction("dotnet", handler, $"it is the only handler in {configurations.Count switch
            {
                1 => configurations[0][..^ConfigurationEnd.Length] + ".dll",
                _ => "the assemblies",
            }}")
            {
                LanguageVersion = Version(tree, configurations[0]),
            }
            : throw InferenceFailures.Ambiguous(best);
    }

    /// <summary>The major version of .NET the package was built for, or null.</summary>
    public static string? Version(IPackageTree tree)
    {
        var configuration = tree.Files.FirstOrDefault(
            file => file.EndsWith(ConfigurationEnd, StringComparison.Ordinal) && !file.Contains('/'));
        return configuration is null ? null : Version(tree, configuration);
    }

    private static IReadOnlyList<string> HandlersIn(IPackageTree tree, string stem)
    {
        try
        {
            using var copy = new MemoryStream();
            using (var stream = tree.Open(stem + ".dll"))
            {
                stream.CopyTo(copy);
            }

            copy.Position = 0;
            return AssemblyHandlers.Find(copy);
        }
        catch (BadImageFormatException)
        {
            throw InferenceFailures.Unrecognized($"{stem}.dll is not a .NET assembly.", "dotnet publish -c Release");
        }
    }

    private static string? Version(IPackageTree tree, string configuration)
    {
        try
        {
            using var document = JsonDocument.Parse(tree.ReadText(configuration));
            var options = document.RootElement.GetProperty("runtimeOptions");
            var framework = options.TryGetProperty("framework", out var one)
                ? one
                : options.GetProperty("frameworks")[0];
            return framework.GetProperty("version").GetString()?.Split('.')[0];
        }
        catch (Exception unreadable) when (
            unreadable is JsonException or KeyNotFoundException or InvalidOperationException
                or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static string MethodOf(string handler) => handler[(handler.LastIndexOf(':') + 1)..];
}
