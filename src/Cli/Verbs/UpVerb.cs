using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;
using Lambent.Cli.Serving;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent up</c>: runs the server until it is told to stop.</summary>
internal sealed class UpVerb(Func<IServerRunner> runner) : Verb("up", "Start the server")
{
    private const int AgeMaxSecondsMin = 10;

    /// <summary>The credentials of an environment are good for 12 h, and its last call may take 15 min.</summary>
    private const int AgeMaxSecondsMax = 41_400;

    private const int LogDaysMax = 3_650;
    private const int LogMegabytesMin = 16;

    private readonly Option<int> port = new("--port")
    {
        HelpName = "PORT",
        Description = "The port for everything; 0 picks a free one",
        DefaultValueFactory = _ => 9550,
    };

    private readonly Option<string> bind = new("--bind")
    {
        HelpName = "ADDRESS",
        Description = "The address to listen on; anything but loopback is open to the network",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<string?> publicUrl = new("--public-url")
    {
        HelpName = "URL",
        Description = "The address by which browsers come, when something before the server speaks TLS for it",
    };

    private readonly Option<string> store = new("--store")
    {
        HelpName = "STORE",
        Description = "Where the data is kept: sqlite, in the data folder",
        DefaultValueFactory = _ => "sqlite",
    };

    private readonly Option<string> region = new("--region")
    {
        HelpName = "REGION",
        Description = "The region in ARNs and signatures",
        DefaultValueFactory = _ => "us-east-1",
    };

    private readonly Option<int?> idle = new("--idle")
    {
        HelpName = "SECONDS",
        Description = "How long an environment without calls is kept; default: predicted from its function's calls",
    };

    private readonly Option<int?> ageMax = new("--environment-age-max")
    {
        HelpName = "SECONDS",
        Description = "From which age an environment takes no calls, its replacement being ready; default: 21600",
    };

    private readonly Option<int?> warmMemory = new("--warm-memory")
    {
        HelpName = "MB",
        Description = "Memory for environments started ahead of first calls; 0: none; default: 1/16 of the machine's",
    };

    private readonly Option<bool> cpuQuota = new("--cpu-quota")
    {
        Description = "Hold each function to the processor share of its memory (1,769 MB: one core), idle or not",
    };

    private readonly Option<string[]> callbackAllow = new("--callback-allow")
    {
        HelpName = "CIDR",
        Description = "A network that callbacks may reach although it is not on the internet; may be repeated",
    };

    private readonly Option<int?> logDays = new("--log-days")
    {
        HelpName = "DAYS",
        Description = "How long log lines and records of calls are kept; default: 14",
    };

    private readonly Option<int?> logMegabytes = new("--log-mb")
    {
        HelpName = "MB",
        Description = "What they may take on disk; above it the oldest are removed; default: 1024",
    };

    private readonly Option<bool> noTelemetry = new("--no-telemetry")
    {
        Description = "Keep nothing of calls: no records, lines of functions, traces or metrics",
    };

    private readonly Option<bool> noLogMasking = new("--no-log-masking")
    {
        Description = "Keep values of variables named *_SECRET, *_TOKEN, *_PASSWORD or *_KEY in log lines",
    };

    private readonly UpCallOptions calls = new();

    private readonly UpExportOptions exports = new();

    private readonly Option<string?> smtp = new("--smtp")
    {
        HelpName = "URL",
        Description = "Send alerts by e-mail: smtp:// or smtps://USER:PASSWORD@HOST:PORT; better in LAMBENT_SMTP",
    };

    private readonly Option<string?> smtpFrom = new("--smtp-from")
    {
        HelpName = "ADDRESS", Description = "The sender of alerts",
    };

    private readonly Option<bool> noSamples = new("--no-samples")
    {
        Description = "Do not deploy and call the samples at the first start",
    };

    protected override IEnumerable<Symbol> Symbols =>
        [
        port, bind, publicUrl, store, region, idle, ageMax, warmMemory, cpuQuota, callbackAllow, logDays, logMegabytes,
        noLogMasking, noTelemetry, .. exports.Symbols, smtp, smtpFrom, .. calls.Symbols, noSamples,
    ];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var settings = Settings(context);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var samplesFolder = context.Value(noSamples)
            ? null
            : InstalledFolders.Samples(context.Environment.Variable("LAMBENT_HOME"));
        var welcome = new Welcome(context, settings, samplesFolder, stop.Token);
        var failure = await runner().RunAsync(settings, welcome, stop.Token);
        await welcome.EndAsync();
        if (failure is not null)
        {
            throw new CommandFailedException(failure);
        }

        welcome.Stopped();
        return ExitCode.Ok;

        void Stop(PosixSignalContext signal)
        {
            // The default would end the process at once, with the calls in flight.
            signal.Cancel = true;
            context.Note("stopping: calls in flight are given time to end");
            stop.Cancel();
        }
    }

    private ServerSettings Settings(CommandContext context)
    {
        CheckStore(context);
        var wantedPort = context.Value(port);
        if (wantedPort is < 0 or > 65535)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                $"{wantedPort} is not a port: 0 to 65535 are.",
                "lambent up --port 9550");
        }

        if (!IPAddress.TryParse(
            context.Value(bind) is "localhost" ? "127.0.0.1" : context.Value(bind), out var address))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, $"'{context.Value(bind)}' is not an IP address.",
                "lambent up --bind 0.0.0.0");
        }

        CheckAmounts(context);
        return new ServerSettings
        {
            // A new server is this folder's own: one above is not continued by accident.
            DataFolder = context.NamedDataFolder
                ?? Path.Combine(context.Environment.CurrentFolder, Connection.DataFolder.DefaultName),
            BindAddress = address,
            Port = wantedPort,
            PublicUrl = context.Value(publicUrl) is { } seen ? Public(seen) : null,
            Region = context.Value(region) ?? "us-east-1",
            EnvironmentIdleTimeout = context.Value(idle) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            WarmMemoryBytes = context.Value(warmMemory) * 1024L * 1024,
            EnvironmentAgeMax = context.Value(ageMax) is { } age ? TimeSpan.FromSeconds(age) : null,
            LimitsProcessor = context.Value(cpuQuota),
            LogRetention = context.Value(logDays) is { } days ? TimeSpan.FromDays(days) : null,
            LogBytesMax = context.Value(logMegabytes) * 1024L * 1024,
            MasksSecretsInLogs = !context.Value(noLogMasking),
            KeepsTelemetry = !context.Value(noTelemetry),
            Calls = calls.Read(context),
            Exports = exports.Read(context),
            DashboardFolder = context.Environment.Variable("LAMBENT_DASHBOARD"),
            SmtpUrl = context.Value(smtp) ?? context.Environment.Variable("LAMBENT_SMTP"),
            SmtpFrom = context.Value(smtpFrom),
            CallbackNetworks = [.. (context.Value(callbackAllow) ?? []).Select(Network)],
        };
    }

    private static IPNetwork Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new CommandFailedException(
            ExitCode.Usage, FailureCodes.Usage, $"'{text}' is not a network.",
            "lambent up --callback-allow 10.1.0.0/16");

    private static Uri Public(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0
            ? url
            : throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage,
                $"'{text}' is no address of a server: it is http or https, a host and perhaps a port.",
                "lambent up --public-url https://lambent.example.org");

    private void CheckStore(CommandContext context)
    {
        var wantedStore = context.Value(store);
        if (wantedStore != "sqlite")
        {
            var postgres = wantedStore?.StartsWith("postgres", StringComparison.Ordinal) == true;
            throw new CommandFailedException(
                ExitCode.Usage,
                postgres ? FailureCodes.NotSupported : FailureCodes.Usage,
                postgres
                    ? "PostgreSQL as a store is not available in this version; SQLite in the data folder is."
                    : $"There is no store '{wantedStore}'; there is sqlite.",
                "lambent up --store sqlite");
        }
    }

    private void CheckAmounts(CommandContext context)
    {
        if (context.Value(idle) is < 0)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                "Idle environments cannot be kept for less than 0 s.",
                "--idle 300");
        }

        if (context.Value(ageMax) is < AgeMaxSecondsMin or > AgeMaxSecondsMax)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                $"Environments are replaced at an age from {AgeMaxSecondsMin} to {AgeMaxSecondsMax} s.",
                "--environment-age-max 21600");
        }

        if (context.Value(logDays) is < 1 or > LogDaysMax || context.Value(logMegabytes) is < LogMegabytesMin)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                $"Logs are kept for 1 to {LogDaysMax} days, in at least {LogMegabytesMin} MB.",
                "--log-days 14 --log-mb 1024");
        }

        if (context.Value(warmMemory) is < 0)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, "Less than no memory cannot be set aside.", "--warm-memory 512");
        }
    }
}
