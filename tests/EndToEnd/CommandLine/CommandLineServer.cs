namespace Lambent.EndToEnd.CommandLine;

/// <summary>
/// A server whose data folder is <c>.lambent</c> of a scratch folder, where commands find it by themselves.
/// </summary>
public sealed class CommandLineServer : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private LambentServer? server;

    internal string Folder => folder.Path;

    internal LambdaClient Lambda => Server.Root;

    internal LambentServer Server => server ?? throw new InvalidOperationException("The server did not start.");

    public async ValueTask InitializeAsync()
    {
        server = await LambentServer.StartAsync(folder[".lambent"]);
        Directory.CreateDirectory(folder["bin"]);
        // What the documents call `lambent` is the built program; `aws` 2.9 does not know AWS_ENDPOINT_URL yet.
        Script("lambent", $"exec '{Repository.Program}' \"$@\"");
        Script("aws", "exec /usr/bin/aws ${AWS_ENDPOINT_URL:+--endpoint-url \"$AWS_ENDPOINT_URL\"} \"$@\"");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (server is not null)
            {
                (await server.StopAsync()).ShouldBe(0, server.Output);
                await server.DisposeAsync();
            }
        }
        finally
        {
            folder.Dispose();
        }
    }

    /// <summary>Runs <c>lambent</c> in the scratch folder.</summary>
    internal Task<ToolResult> RunAsync(params string[] arguments) =>
        ToolRun.RunAsync(Repository.Program, arguments, Variables(), Folder);

    /// <summary>Runs lines of a shell in a folder below the scratch folder.</summary>
    internal Task<ToolResult> ShellAsync(string script, string inFolder) =>
        ToolRun.RunAsync("/bin/bash", ["-c", script], Variables(), inFolder);

    internal async Task<ToolResult> OkAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        run.ExitCode.ShouldBe(0, run.Everything);
        return run;
    }

    internal void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        File.WriteAllText(folder[path], text);
    }

    private Dictionary<string, string> Variables() => new()
    {
        ["NO_COLOR"] = "1",
        ["LAMBENT_HOME"] = Repository.Root,
        ["AWS_CONFIG_FILE"] = folder["aws-config"],
        ["AWS_PAGER"] = "",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["PATH"] = $"{folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}",
    };

    private void Script(string name, string line)
    {
        var path = Path.Combine(folder["bin"], name);
        File.WriteAllText(path, $"#!/bin/bash\n{line}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
    }
}
