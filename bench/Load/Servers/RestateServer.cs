using System.Globalization;
using System.Net.Http.Json;
using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Processes;

namespace Lambent.Load.Servers;

/// <summary>
/// Restate on one node with its defaults, and an empty durable handler in a Node process beside it, which counts how
/// often it has run.
/// </summary>
internal sealed class RestateServer : IAsyncDisposable
{
    private const string Ready = "ready";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ChildProcess server;
    private readonly ChildProcess handler;
    private readonly Uri count;
    private readonly Uri sendSteps;

    private RestateServer(ChildProcess server, ChildProcess handler, int ingressPort, int countPort)
    {
        this.server = server;
        this.handler = handler;
        count = Loopback(countPort, "/");
        Send = new LoadRequest(Loopback(ingressPort, "/bench/empty/send")) { Method = "POST" };
        sendSteps = Loopback(ingressPort, "/bench/steps/send");
    }

    /// <summary>The server and its handler.</summary>
    public IReadOnlyList<int> ProcessIds => [server.Id, handler.Id];

    /// <summary>A one-way call: answered once it is durable, executed some time after.</summary>
    public LoadRequest Send { get; }

    /// <exception cref="BenchFailureException">It does not start here.</exception>
    public static async Task<RestateServer> StartAsync(
        string folder, PeerPackages packages, CancellationToken cancellation)
    {
        var (fabric, ingress, admin) = (FreePort.Find(), FreePort.Find(), FreePort.Find());
        var (service, count) = (FreePort.Find(), FreePort.Find());
        EmbeddedProgram.Write(folder, "peers/durable.mjs");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "restate.toml"),
            EmbeddedProgram.ReadText("peers/restate.toml")
                .Replace("FOLDER", Path.Combine(folder, "data"))
                .Replace("FABRIC_PORT", Text(fabric))
                .Replace("INGRESS_PORT", Text(ingress))
                .Replace("ADMIN_PORT", Text(admin)),
            cancellation);
        var server = ChildProcess.Start(
            packages.RestateServer, ["--config-file", "restate.toml", "--no-logo"], folder: folder);
        ChildProcess handler;
        try
        {
            handler = ChildProcess.Start(
                "node",
                ["durable.mjs", Text(service), Text(count)],
                line => line == Ready,
                folder,
                new Dictionary<string, string> { ["PEER_PACKAGES"] = packages.Folder, ["RESTATE_LOGGING"] = "WARN" });
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        var peer = new RestateServer(server, handler, ingress, count);
        try
        {
            await handler.WaitUntilReadyAsync(StartLimit, cancellation);
            await peer.RegisterAsync(Loopback(admin, "/deployments"), Loopback(service, "/"), cancellation);
            await peer.CheckAsync(cancellation);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a durable run of so many steps; answered once it is durable.</summary>
    public async Task SendStepsAsync(int steps, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(sendSteps, steps, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How often the handler has run.</summary>
    public async Task<long> ExecutedAsync(CancellationToken cancellation) =>
        long.Parse(await http.GetStringAsync(count, cancellation), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        await handler.DisposeAsync();
    }

    private static Uri Loopback(int port, string path) => new($"http://127.0.0.1:{Text(port)}{path}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Tells the server of the handler, once it listens.</summary>
    private async Task RegisterAsync(Uri deployments, Uri service, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; waited < StartLimit; waited += ProbePeriod)
        {
            if (server.HasExited)
            {
                break;
            }

            try
            {
                using var answer = await http.PostAsJsonAsync(deployments, new { uri = service }, cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(ProbePeriod, cancellation);
        }

        throw new BenchFailureException($"Restate did not take its handler: {server.LastOutput}");
    }

    /// <summary>Before anything is measured, one call must be executed.</summary>
    private async Task CheckAsync(CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; waited < StartLimit; waited += ProbePeriod)
        {
            using var answer = await http.PostAsync(Send.Address, null, cancellation);
            await Task.Delay(ProbePeriod, cancellation);
            if (answer.IsSuccessStatusCode && await ExecutedAsync(cancellation) > 0)
            {
                return;
            }
        }

        throw new BenchFailureException($"Restate executes nothing: {server.LastOutput}\n{handler.LastOutput}");
    }
}
