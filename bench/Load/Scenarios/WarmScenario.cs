using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// T1 to T5: calls of functions that are warm, against servers that run the same handler without a cloud around it.
/// </summary>
internal sealed class WarmScenario() : Scenario(
    "warm", "Warm calls: function URL and signed Invoke against node:http, workerd and functions-framework (T1-T5)")
{
    private const int ConnectionsUsual = 32;
    private const int ConnectionsMany = 64;
    private const string Many = "hello-many";
    private const string Single = "hello-single";

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await Wrk.EnsureInstalledAsync(cancellation);
        await using var server = await LambentServer.StartAsync(context.Program, context.Folder("warm"), cancellation);
        await using var node = await PeerServer.StartNodeAsync(context.Folder("warm-node"), cancellation);
        var notes = new List<string>();
        await using var workerd = await TryStartAsync(
            context,
            notes,
            (folder, packages) => PeerServer.StartWorkerdAsync(folder, packages, cancellation),
            cancellation);
        await using var framework = await TryStartAsync(
            context,
            notes,
            (folder, packages) => PeerServer.StartFunctionsFrameworkAsync(folder, packages, cancellation),
            cancellation);

        var manyUrl = await DeployAsync(server, Many, ConnectionsMany, cancellation);
        var singleUrl = await DeployAsync(server, Single, 1, cancellation);

        // Signed once and replayed: the server verifies each as if it were the first. See Wrk.
        var signed = server.Lambda.PresignedInvoke(Single);
        var contenders = new List<Contender>();
        Contender Ours(string name, LoadRequest request, int connections)
        {
            contenders.Add(new Contender(name, () => request, connections, server.ProcessId));
            return contenders[^1];
        }

        Contender Theirs(PeerServer peer, string name, int connections)
        {
            contenders.Add(new Contender(name, () => peer.Request, connections, peer.ProcessId));
            return contenders[^1];
        }

        var bare = Theirs(node, "node:http", ConnectionsUsual);
        var many = Ours("URL, 64 per environment", manyUrl, ConnectionsUsual);
        var single = Ours("URL, 1 per environment", singleUrl, ConnectionsUsual);
        var invoke = Ours("signed Invoke", signed, ConnectionsUsual);
        var onWorkerd = workerd is null ? null : Theirs(workerd, workerd.Name, ConnectionsUsual);
        var onFramework = framework is null ? null : Theirs(framework, framework.Name, ConnectionsUsual);
        var bareMany = Theirs(node, "node:http, 64 clients", ConnectionsMany);
        var manyMany = Ours("URL, 64 per environment, 64 clients", manyUrl, ConnectionsMany);
        var bareOne = Theirs(node, "node:http, 1 client", 1);
        var singleOne = Ours("URL, 1 client", singleUrl, 1);
        await Contender.TakeTurnsAsync(contenders, context, cancellation);

        List<Measurement> measurements =
        [
            many.ThroughputAgainst(bare, "function URL, 64 at a time, 32 clients", Targets.ConcurrentUrl),
            manyMany.ThroughputAgainst(bareMany, "function URL, 64 at a time, 64 clients"),
            single.ThroughputAgainst(bare, "function URL, one at a time, 32 clients", Targets.SingleUrl),
            invoke.ThroughputAgainst(single, "signed Invoke, one at a time, 32 clients", Targets.SignedInvoke),
            singleOne.LatencyAgainst(bareOne, "function URL, 1 client, p50", Targets.OneClientLatency),
        ];
        AddPeer(onWorkerd, Targets.AgainstWorkerd);
        AddPeer(onFramework, Targets.AgainstFunctionsFramework);
        notes.ForEach(context.Progress);
        return measurements;

        void AddPeer(Contender? peer, Target target)
        {
            if (peer is not null)
            {
                measurements.Add(single.ThroughputAgainst(peer, "function URL, one at a time, 32 clients", target));
            }
        }
    }

    private static async Task<LoadRequest> DeployAsync(
        LambentServer server, string name, int concurrency, CancellationToken cancellation)
    {
        var package = FunctionPackage.ZipEmbedded("node/hello.mjs");
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var function = new FunctionDefinition(name, runtime, "hello.handler", package)
        {
            EnvironmentConcurrency = concurrency,
        };
        await server.Lambda.CreateAsync(function, cancellation);
        return new LoadRequest(await server.Lambda.CreateUrlAsync(name, cancellation));
    }

    /// <summary>A peer from npm, or null with a note when it does not install or start here.</summary>
    private static async Task<PeerServer?> TryStartAsync(
        ScenarioContext context,
        List<string> notes,
        Func<string, PeerPackages, Task<PeerServer>> startAsync,
        CancellationToken cancellation)
    {
        try
        {
            var packages = await PeerPackages.InstallAsync(context.CacheFolder, cancellation);
            return await startAsync(context.Folder($"peer-{Guid.CreateVersion7()}"), packages);
        }
        catch (BenchFailureException failure)
        {
            notes.Add($"T3 is measured without a peer: {failure.Message}");
            return null;
        }
    }
}
