using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Servers;

/// <summary>The real program, started as a user starts it: <c>lambent up</c> on a data folder.</summary>
internal sealed class LambentServer : IAsyncDisposable
{
    private const string WarmMemory = "--warm-memory";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(45);

    private readonly Process process;
    private readonly StringBuilder output;

    private LambentServer(Process process, StringBuilder output, Uri address, string dataFolder)
    {
        this.process = process;
        this.output = output;
        Address = address;
        ProcessId = process.Id;
        DataFolder = dataFolder;
        Key = AccessKey.Read(Path.Combine(dataFolder, "credentials"), "default");
        Root = new LambdaClient(address, Key);
    }

    public Uri Address { get; }

    public string DataFolder { get; }

    public AccessKey Key { get; }

    /// <summary>Calls with the root account's key.</summary>
    public LambdaClient Root { get; }

    public int ProcessId { get; }

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Creates an account beside the first and returns its id, and a client with its key.</summary>
    public async Task<(string Id, LambdaClient Client)> SecondAccountAsync()
    {
        var created = await Root.SendAsync("POST", "/v1/accounts", new JsonObject { ["name"] = "second" });
        created.Status.ShouldBe(201, created.ToString());
        var key = new AccessKey((string)created.Json["accessKeyId"]!, (string)created.Json["secretAccessKey"]!);
        return ((string)created.Json["account"]!["id"]!, new LambdaClient(Address, key));
    }

    /// <summary>Starts the program and waits for its line <c>ready</c>.</summary>
    public static Task<LambentServer> StartAsync(string dataFolder, params string[] arguments) =>
        StartAsync(dataFolder, new Dictionary<string, string>(), arguments);

    /// <param name="variables">Set beside the test's own, such as LAMBENT_NODE.</param>
    public static async Task<LambentServer> StartAsync(
        string dataFolder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        // Many servers run here side by side: a pool of the usual size for each would be most of the work.
        IReadOnlyList<string> pool = arguments.Contains(WarmMemory) ? [] : [WarmMemory, "96"];
        var start = new ProcessStartInfo(
            Repository.Program, ["up", "--no-samples", "--port", "0", "--data", dataFolder, .. pool, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["LAMBENT_HOME"] = Repository.Root;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new StringBuilder();
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The server ended."));
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            var address = await ready.Task.WaitAsync(StartLimit);
            return new LambentServer(process, output, address, dataFolder);
        }
        catch (Exception exception)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
            throw new InvalidOperationException(
                $"lambent up did not get ready: {exception.Message}\n{output}", exception);
        }

        void Keep(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }

            if (line?.StartsWith("ready ", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(new Uri(line["ready ".Length..].Trim().Split(' ')[0]));
            }
        }
    }

    /// <summary>SIGTERM; returns the exit code after the drain.</summary>
    public async Task<int> StopAsync()
    {
        Signal("TERM");
        return await ExitAsync();
    }

    public void Signal(string name) =>
        Process.Start("/bin/kill", [$"-{name}", ProcessId.ToString()]).WaitForExit();

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>As the power failing: no handler of the program runs.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Root.Dispose();
        if (!process.HasExited)
        {
            try
            {
                await StopAsync();
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        process.Dispose();
    }
}
