using System.Text.Json.Nodes;
using Xunit;

namespace Lambent.Server.Tests.Access.Clients;

/// <summary>
/// Runs the Python programs beside this file with every Python that has boto3: the system's, whose boto3 is some years
/// old, and the first on the path, whose is often the newest. Without any the test is skipped.
/// </summary>
internal static class PythonClient
{
    private static readonly Task<IReadOnlyList<string>> Interpreters = FindAsync();

    /// <summary>Runs a program and parses its output, one JSON value a line; one list for each interpreter.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<JsonObject>>> RunAsync(
        string program, IReadOnlyDictionary<string, string> variables, Func<Task<string[]>> arguments)
    {
        var interpreters = await Interpreters;
        Assert.SkipWhen(interpreters.Count == 0, "No Python with boto3 is installed (Debian: python3-boto3).");
        var path = Path.Combine(AppContext.BaseDirectory, "Access", "Clients", program);
        var runs = new List<IReadOnlyList<JsonObject>>();
        foreach (var interpreter in interpreters)
        {
            var result = await ClientProcess.RunAsync(interpreter, [path, .. await arguments()], variables);
            var (exitCode, output, error) = result!.Value;
            Assert.True(exitCode == 0, $"{interpreter} {program} ended with {exitCode}: {error}");
            runs.Add(
            [
                .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonNode.Parse(line)!.AsObject()),
            ]);
        }

        return runs;
    }

    private static async Task<IReadOnlyList<string>> FindAsync()
    {
        var found = new Dictionary<string, string>();
        foreach (var candidate in new[] { "/usr/bin/python3", "python3" })
        {
            const string Program = "import sys, boto3; print(sys.executable)";
            var result = await ClientProcess.RunAsync(candidate, ["-c", Program], new Dictionary<string, string>());
            if (result is (0, var executable, _))
            {
                found.TryAdd(executable.Trim(), candidate);
            }
        }

        return [.. found.Values];
    }
}
