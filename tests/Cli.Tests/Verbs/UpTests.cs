using System.Net;
using Lambent.Cli.Commands;
using Lambent.Cli.Serving;
using Lambent.Cli.Tests.Harness;
using Lambent.Cli.Verbs;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class UpTests : IDisposable
{
    private readonly CommandLine commandLine = new();
    private readonly FakeRunner runner = new();

    [Fact]
    public async Task Up_started_saysReadyFirst()
    {
        var result = await UpAsync();
        result.ExitCode.ShouldBe(0, result.Error);
        result.Lines[0].ShouldBe("ready http://127.0.0.1:9550");
        result.Lines[1].ShouldBe("  dashboard http://127.0.0.1:9550/login#token=secret");
        result.Lines[^1].ShouldBe("stopped");
        result.Output.ShouldContain("lambent deploy FILE --url");
        runner.Settings!.DataFolder.ShouldBe(commandLine.Folder.Combine(".lambent"));
        runner.Settings.BindAddress.ShouldBe(IPAddress.Loopback);
        runner.Settings.Region.ShouldBe("us-east-1");
        runner.Settings.EnvironmentIdleTimeout.ShouldBeNull();
    }

    [Fact]
    public async Task Up_options_reachTheServer()
    {
        var result = await UpAsync(
            "--port", "0", "--data", "d", "--bind", "0.0.0.0", "--region", "eu-north-1", "--idle", "7",
            "--store", "sqlite", "--environment-age-max", "30", "--public-url", "https://lambent.example.org");
        result.ExitCode.ShouldBe(0, result.Error);
        runner.Settings!.CallbackNetworks.ShouldBeEmpty();
        (runner.Settings with { CallbackNetworks = Array.Empty<IPNetwork>() }).ShouldBe(new ServerSettings
        {
            DataFolder = commandLine.Folder.Combine("d"),
            BindAddress = IPAddress.Any,
            Port = 0,
            Region = "eu-north-1",
            EnvironmentIdleTimeout = TimeSpan.FromSeconds(7),
            EnvironmentAgeMax = TimeSpan.FromSeconds(30),
            PublicUrl = new Uri("https://lambent.example.org"),
            CallbackNetworks = Array.Empty<IPNetwork>(),
        });
        result.Error.ShouldContain("open to the network");
    }

    [Fact]
    public async Task Up_exports_reachTheServer()
    {
        var result = await UpAsync(
            "--syslog", "tcp://logs.example.com", "--syslog-account", "111122223333", "--syslog-account",
            "000000000000", "--otlp-endpoint", "http://127.0.0.1:4318", "--otlp-header", "x-key=a=b",
            "--otlp-signals", "logs, metrics", "--otlp-account", "111122223333", "--otlp-gzip");
        result.ExitCode.ShouldBe(0, result.Error);
        var exports = runner.Settings!.Exports;
        exports.SyslogTarget.ShouldBe(new Uri("tcp://logs.example.com:514"));
        exports.SyslogAccounts.ShouldBe(["111122223333", "000000000000"]);
        exports.OtlpHeaders.ShouldBe([KeyValuePair.Create("x-key", "a=b")]);
        exports.OtlpSignals.ShouldBe(["logs", "metrics"]);
        exports.OtlpAccounts.ShouldBe(["111122223333"]);
        exports.OtlpGzip.ShouldBeTrue();
        (await UpAsync("--otlp-endpoint", "http://127.0.0.1:4318")).ExitCode.ShouldBe(0);
        runner.Settings.Exports.OtlpSignals.ShouldBe(["traces", "logs", "metrics"]);
    }

    [Theory]
    [InlineData("'spans' is no signal", "--otlp-endpoint", "http://h", "--otlp-signals", "traces,spans")]
    [InlineData("is no signal", "--otlp-endpoint", "http://h", "--otlp-signals", ",")]
    [InlineData("'me' is no account", "--otlp-endpoint", "http://h", "--otlp-account", "me")]
    [InlineData("--otlp-endpoint is sent to, which is not given", "--otlp-signals", "logs")]
    [InlineData("which is not given", "--syslog-account", "111122223333")]
    public async Task Up_exportsThatSayNothing_areRefused(string expected, params string[] arguments)
    {
        var result = await UpAsync(arguments);
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(expected);
        runner.Settings.ShouldBeNull();
    }

    [Theory]
    [InlineData("9")]
    [InlineData("41401")]
    public async Task Up_environmentAgeOutOfBounds_isRefused(string seconds)
    {
        var result = await UpAsync("--environment-age-max", seconds);
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("10 to 41400 s");
        runner.Settings.ShouldBeNull();
    }

    [Fact]
    public async Task Up_json_isOneEventALine()
    {
        runner.Warning = "careful";
        var result = await UpAsync("--json");
        result.Lines.ShouldBe(
        [
            "{\"schema\":\"lambent.up/1\",\"event\":\"ready\",\"url\":\"http://127.0.0.1:9550\","
            + "\"dashboard\":\"http://127.0.0.1:9550/login#token=secret\"}",
            "{\"schema\":\"lambent.up/1\",\"event\":\"warning\",\"message\":\"careful\"}",
            "{\"schema\":\"lambent.up/1\",\"event\":\"stopped\"}",
        ]);
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Up_cannotStart_exitsWithTheReason()
    {
        runner.Failure = new Failure(ExitCode.Conflict, FailureCodes.PortBusy, "Port 9550 is taken.");
        var result = await UpAsync();
        result.ExitCode.ShouldBe(5);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("Port 9550 is taken.");
    }

    [Theory]
    [InlineData("not available in this version", "--store", "postgres://localhost/x")]
    [InlineData("There is no store 'redis'", "--store", "redis")]
    [InlineData("no address of a server", "--public-url", "lambent.example.org")]
    [InlineData("no address of a server", "--public-url", "https://lambent.example.org/dashboard")]
    [InlineData("no address of a server", "--public-url", "ftp://lambent.example.org")]
    [InlineData("not a port", "--port", "70000")]
    [InlineData("not an IP address", "--bind", "everywhere")]
    [InlineData("less than 0 s", "--idle", "-1")]
    public async Task Up_wrongOption_isRefusedBeforeAnythingStarts(string expected, params string[] options)
    {
        var result = await UpAsync(options);
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(expected);
        runner.Settings.ShouldBeNull();
    }

    [Fact]
    public async Task Up_firstStart_deploysAndCallsTheSamples()
    {
        await using var server = await FakeServer.StartAsync();
        _ = new FakeFunction(server, "greet");
        server.On(
            "POST /2015-03-31/functions/greet/invocations", http => http.Request.Body.CopyToAsync(http.Response.Body));
        commandLine.Folder.Write("home/samples/greet/index.js", "exports.handler = () => 1;");
        commandLine.Folder.Write("home/samples/greet/event.json", "{\"body\":\"x\"}");
        commandLine.Folder.Write("home/samples/broken/event.json", "{}");
        commandLine.Folder.Write("home/samples/no-sample/readme.md", "");
        commandLine.Folder.Write(".lambent/credentials", FakeServer.Credentials);
        commandLine.With("LAMBENT_HOME", commandLine.Folder.Combine("home"));
        runner.Address = new Uri(server.Address);

        var result = await UpAsync("--json");

        result.Lines.Where(line => line.Contains("warning")).ShouldBeEmpty();
        var samples = result.Lines.Where(line => line.Contains("\"sample\"")).ToList();
        samples.Count.ShouldBe(2);
        samples[0].ShouldContain("\"name\":\"broken\",\"runtime\":null,\"works\":false");
        samples[1].ShouldContain(
            "\"name\":\"greet\",\"runtime\":\"nodejs20.x\",\"works\":true,\"url\":\"http://greet.localhost/\"");

        server.Requests.Clear();
        await UpAsync("--json");
        server.Requests.ShouldBeEmpty();
    }

    public void Dispose() => commandLine.Dispose();

    private Task<CommandResult> UpAsync(params string[] options) => commandLine.RunAsync(
        (terminal, environment) => new CommandHost([new UpVerb(() => runner)], terminal, environment),
        ["up", .. options]);

    /// <summary>A server that is ready at once and ends at once.</summary>
    private sealed class FakeRunner : IServerRunner
    {
        public ServerSettings? Settings { get; private set; }

        public Uri Address { get; set; } = new("http://127.0.0.1:9550");

        public Failure? Failure { get; set; }

        public string? Warning { get; set; }

        public Task<Failure?> RunAsync(ServerSettings settings, IServerWatcher watcher, CancellationToken stop)
        {
            Settings = settings;
            if (Failure is null)
            {
                watcher.Ready(Address, new Uri(Address, "/login#token=secret"));
                if (Warning is not null)
                {
                    watcher.Warn(Warning);
                }
            }

            return Task.FromResult(Failure);
        }
    }
}
