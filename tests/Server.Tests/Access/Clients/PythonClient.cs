using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Lambent.Server.Tests.Access.Clients;

/// <summary>
/// Runs the Python programs beside this file, with a Python that has boto3; without one the test is skipped.
/// </summary>
internal static class PythonClient
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(120);

    private static readonly Task<string?> Interpreter = FindAsync();

    /// <summary>Runs a program and parses its output, one JSON value a line.</summary>
    public static async Task<IReadOnlyList<JsonObject>> RunAsync(
        string program, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var interpreter = await Interpreter;
        Assert.SkipWhen(interpreter is null, "No Python with boto3 is installed (Debian: python3-boto3).");
        var path = Path.Combine(AppContext.BaseDirectory, "Access", "Clients", program);
        var (exitCode, output, error) = await RunAsync(interpreter, [path, .. arguments], variables);
        Assert.True(exitCode == 0, $"{program} ended with {exitCode}: {error}");
        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!.AsObject()),
        ];
    }

    private static async Task<string?> FindAsync()
    {
        var chosen = Environment.GetEnvironmentVariable("LAMBENT_TEST_PYTHON");
        string?[] candidates = [chosen, "/usr/bin/python3", "python3"];
        foreach (var candidate in candidates)
        {
            if (candidate is not null && await HasClientAsync(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static async Task<bool> HasClientAsync(string interpreter)
    {
        try
        {
            var variables = new Dictionary<string, string>();
            return (await RunAsync(interpreter, ["-c", "import boto3"], variables)).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the machine's user has configured must not leak into the test.
        var inherited = start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal));
        foreach (var name in inherited.ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        start.Environment["AWS_CONFIG_FILE"] = "/nonexistent";
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = "/nonexistent";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
