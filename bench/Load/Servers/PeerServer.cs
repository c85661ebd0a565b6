using System.Globalization;
using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Processes;

namespace Lambent.Load.Servers;

/// <summary>Something that answers the same request as our function, measured in turns with it.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromMilliseconds(50);

    private readonly ChildProcess process;

    private PeerServer(string name, ChildProcess process, int port)
    {
        Name = name;
        this.process = process;
        Request = new LoadRequest(new Uri($"http://127.0.0.1:{port}/"));
    }

    public string Name { get; }

    public int ProcessId => process.Id;

    public LoadRequest Request { get; }

    /// <summary>A bare node:http server with the same handler.</summary>
    public static Task<PeerServer> StartNodeAsync(string folder, CancellationToken cancellation)
    {
        EmbeddedProgram.Write(folder, "peers/server.mjs", "node/hello.mjs");
        return StartAsync("node:http", "node", port => ["server.mjs", port], folder, null, cancellation);
    }

    /// <summary>workerd, the engine of Cloudflare Workers.</summary>
    public static Task<PeerServer> StartWorkerdAsync(
        string folder, PeerPackages packages, CancellationToken cancellation)
    {
        EmbeddedProgram.Write(folder, "peers/worker.mjs", "node/hello.mjs");
        return StartAsync(
            "workerd",
            packages.Workerd,
            port =>
            {
                var configuration = EmbeddedProgram.ReadText("peers/workerd.capnp").Replace("PORT", port);
                File.WriteAllText(Path.Combine(folder, "workerd.capnp"), configuration);
                return ["serve", "workerd.capnp"];
            },
            folder,
            null,
            cancellation);
    }

    /// <summary>Google's framework for functions on Node.</summary>
    public static Task<PeerServer> StartFunctionsFrameworkAsync(
        string folder, PeerPackages packages, CancellationToken cancellation)
    {
        EmbeddedProgram.Write(folder, "peers/framework.mjs", "peers/package.json", "node/hello.mjs");
        return StartAsync(
            "functions-framework",
            packages.FunctionsFramework,
            port => ["--target=hello", "--signature-type=http", $"--port={port}"],
            folder,
            new Dictionary<string, string> { ["NODE_ENV"] = "production" },
            cancellation);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<PeerServer> StartAsync(
        string name,
        string program,
        Func<string, string[]> arguments,
        string folder,
        IReadOnlyDictionary<string, string>? variables,
        CancellationToken cancellation)
    {
        var port = FreePort.Find();
        var child = ChildProcess.Start(
            program,
            arguments(port.ToString(CultureInfo.InvariantCulture)),
            folder: folder,
            variables: variables);
        var server = new PeerServer(name, child, port);
        try
        {
            await server.AwaitAnswerAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Not each of them says when it is ready, so it is asked until it answers.</summary>
    private async Task AwaitAnswerAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        while (true)
        {
            try
            {
                await ExpectedAnswer.CheckAsync(Request, limit.Token);
                return;
            }
            catch (HttpRequestException) when (!limit.IsCancellationRequested && !process.HasExited)
            {
                await Task.Delay(ProbePeriod, limit.Token);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new BenchFailureException($"{Name} did not answer: {process.LastOutput}", inner: exception);
            }
        }
    }
}
