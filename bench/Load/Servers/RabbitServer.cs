using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Processes;

namespace Lambent.Load.Servers;

/// <summary>
/// A RabbitMQ node of this run alone: its data in a folder of the run, its ports on loopback, and a name server (epmd)
/// of its own that ends with it.
/// </summary>
internal sealed class RabbitServer : IAsyncDisposable
{
    private const string Started = "Server startup complete";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly ChildProcess names;
    private readonly ChildProcess broker;
    private readonly PeerPackages packages;
    private readonly string folder;
    private readonly string port;

    private RabbitServer(ChildProcess names, ChildProcess broker, PeerPackages packages, string folder, string port)
    {
        this.names = names;
        this.broker = broker;
        this.packages = packages;
        this.folder = folder;
        this.port = port;
    }

    /// <exception cref="BenchFailureException">It does not start here.</exception>
    public static async Task<RabbitServer> StartAsync(
        string folder, RabbitPackages rabbit, PeerPackages packages, CancellationToken cancellation)
    {
        EmbeddedProgram.Write(folder, "peers/rabbit.mjs");
        RabbitPackages.WriteErlang(Path.Combine(folder, "bin"));
        await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), "[].\n", cancellation);
        var (namesPort, port) = (Text(FreePort.Find()), Text(FreePort.Find()));
        var variables = Variables(folder, rabbit, namesPort, port);
        var names = ChildProcess.Start(
            rabbit.Epmd, ["-port", namesPort, "-address", "127.0.0.1"], folder: folder, variables: variables);
        try
        {
            var broker = ChildProcess.Start(
                rabbit.Server,
                [],
                line => line.Contains(Started, StringComparison.Ordinal),
                folder,
                variables);
            var server = new RabbitServer(names, broker, packages, folder, port);
            try
            {
                await broker.WaitUntilReadyAsync(StartLimit, cancellation);
                return server;
            }
            catch
            {
                await broker.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await names.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes and consumes for a while, until all that was published is acknowledged.</summary>
    /// <param name="clients">Publishers, each with one batch that waits for its confirmation.</param>
    /// <param name="batch">Messages that are confirmed, and acknowledged, together.</param>
    /// <param name="bytes">Of each message.</param>
    /// <param name="duration">How long to publish.</param>
    /// <param name="cancellation">Ends the run.</param>
    public async Task<QueueRound> RunAsync(
        int clients, int batch, int bytes, TimeSpan duration, CancellationToken cancellation)
    {
        broker.EnsureRuns();
        var before = ProcessTree.ProcessorSeconds(broker.Id);
        var output = await ChildProcess.RunAsync(
            "/usr/bin/env",
            [
                $"PEER_PACKAGES={packages.Folder}",
                "node",
                "rabbit.mjs",
                port,
                duration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                Text(clients),
                Text(batch),
                Text(bytes),
            ],
            cancellation,
            folder);
        var processorSeconds = ProcessTree.ProcessorSeconds(broker.Id) - before;
        return Parse(output, processorSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await broker.DisposeAsync();
        await names.DisposeAsync();
    }

    /// <summary>Reads what rabbit.mjs prints.</summary>
    /// <exception cref="BenchFailureException">It is not that, or messages were left in the queue.</exception>
    public static QueueRound Parse(string output, double brokerProcessorSeconds)
    {
        try
        {
            var round = JsonNode.Parse(output)!;
            var left = (long)round["left"]!;
            return left == 0
                ? new QueueRound(
                    (long)round["messages"]!,
                    (double)round["seconds"]!,
                    brokerProcessorSeconds,
                    (double)round["processorSeconds"]!)
                : throw new BenchFailureException($"RabbitMQ kept {left} messages that were acknowledged.");
        }
        catch (Exception exception)
            when (exception is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            throw new BenchFailureException($"The client of RabbitMQ did not report: {output}", inner: exception);
        }
    }

    private static Dictionary<string, string> Variables(
        string folder, RabbitPackages rabbit, string namesPort, string port) => new()
        {
            ["PATH"] = $"{Path.Combine(folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = folder,
            ["ERLANG_FOLDER"] = rabbit.Erlang,
            ["ERLANG_PROGRAMS"] = rabbit.ErlangPrograms,
            ["ERL_EPMD_PORT"] = namesPort,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = "bench@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = port,
            ["RABBITMQ_DIST_PORT"] = Text(FreePort.Find()),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder, "advanced"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),

            // So that the script becomes the server instead of starting it, and no Erlang shell reads our input.
            ["RUNNING_UNDER_SYSTEMD"] = "1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                "-noinput -start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
