using System.Diagnostics;
using System.Globalization;
using Lambent.Load.Deploying;
using Lambent.Load.Processes;
using Lambent.Protocol.Signing;

namespace Lambent.Load.Servers;

/// <summary>The product, started for one scenario with its own data folder and ended with it.</summary>
internal sealed class LambentServer : IAsyncDisposable
{
    private const string ReadyPrefix = "ready http://";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(45);

    private readonly ChildProcess process;

    private readonly SigningCredentials credentials;

    private LambentServer(
        ChildProcess process, Uri address, TimeSpan startDuration, SigningCredentials credentials)
    {
        this.process = process;
        this.credentials = credentials;
        Address = address;
        StartDuration = startDuration;
        Lambda = new LambdaClient(address, credentials, TimeProvider.System);
    }

    public int ProcessId => process.Id;

    public Uri Address { get; }

    /// <summary>From the start of the process to its ready line.</summary>
    public TimeSpan StartDuration { get; }

    public LambdaClient Lambda { get; }

    /// <summary>A client of the server's queues, for the caller to dispose of.</summary>
    public SqsClient CreateQueueClient() => new(Address, credentials, TimeProvider.System);

    public StepFunctionsClient CreateWorkflowClient() => new(Address, credentials, TimeProvider.System);

    /// <summary>Starts the server and waits until it accepts calls.</summary>
    /// <param name="program">Path of the product's executable.</param>
    /// <param name="dataFolder">Its data folder, which may be empty or missing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="arguments">Of <c>lambent up</c>, beside those that every scenario needs.</param>
    public static async Task<LambentServer> StartAsync(
        string program, string dataFolder, CancellationToken cancellation, params IEnumerable<string> arguments)
    {
        var port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
        var started = Stopwatch.GetTimestamp();
        var process = ChildProcess.Start(
            program,
            ["up", "--no-samples", "--port", port, "--data", dataFolder, .. arguments],
            line => line.StartsWith(ReadyPrefix, StringComparison.Ordinal));
        try
        {
            var line = await process.WaitUntilReadyAsync(StartLimit, cancellation);
            var duration = Stopwatch.GetElapsedTime(started);
            var address = new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
            var credentials = await ReadCredentialsAsync(Path.Combine(dataFolder, "credentials"), cancellation);
            return new LambentServer(process, address, duration, credentials);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Resident bytes of the server process.</summary>
    public long ResidentBytes()
    {
        process.EnsureRuns();
        return ProcessMemory.ResidentBytes(ProcessId);
    }

    /// <summary>Kills the server, as a machine that loses power would end it.</summary>
    public Task KillAsync() => process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Lambda.Dispose();
        await process.StopAsync(StopLimit);
        await process.DisposeAsync();
    }

    private static async Task<SigningCredentials> ReadCredentialsAsync(string path, CancellationToken cancellation)
    {
        var values = (await File.ReadAllLinesAsync(path, cancellation))
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0].Trim(), parts => parts[1].Trim())
            .ToDictionary(group => group.Key, group => group.First());
        return new SigningCredentials(values["aws_access_key_id"], values["aws_secret_access_key"]);
    }
}
