using System.Text;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;

namespace Lambent.Cli.Tests.Harness;

/// <summary>What a command line printed and returned.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public JsonElement ErrorJson => JsonDocument.Parse(Error).RootElement.GetProperty("error");

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>
/// Runs command lines in this process, in a folder of their own, with a terminal that only remembers.
/// </summary>
internal sealed class CommandLine : IDisposable
{
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
    };

    public TemporaryFolder Folder { get; } = new();

    public string Input { get; set; } = "";

    public bool IsTerminal { get; set; }

    public CommandLine With(string variable, string value)
    {
        variables[variable] = value;
        return this;
    }

    /// <summary>Writes the credentials and the address of a server, as a running one does.</summary>
    public CommandLine ConnectTo(FakeServer server)
    {
        Folder.Write(".lambent/credentials", FakeServer.Credentials);
        Folder.Write(".lambent/endpoint", server.Address + "\n");
        return this;
    }

    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(Program.CreateHost, arguments);

    public async Task<CommandResult> RunAsync(
        Func<Terminal, ProcessEnvironment, CommandHost> create, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            OutputBytes = output,
            Output = new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true },
            Error = error,
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            InputIsTerminal = IsTerminal,
            OutputIsTerminal = IsTerminal,
            ErrorIsTerminal = IsTerminal,
            ColorUnwanted = true,
        };
        var environment = new ProcessEnvironment(
            name => variables.GetValueOrDefault(name), Folder.Path, Folder.Combine("home"), TimeProvider.System);
        var status = await create(terminal, environment).RunAsync(arguments);
        return new CommandResult(status, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    public void Dispose() => Folder.Dispose();
}
