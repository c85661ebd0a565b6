using Lambent.Cli.Commands;
using Lambent.Server;
using Lambent.Server.Alerts;

namespace Lambent.Cli.Serving;

/// <summary>Runs the real server in this process. The only place that loads its assemblies.</summary>
internal sealed class ServerRunner : IServerRunner
{
    public async Task<Failure?> RunAsync(ServerSettings settings, IServerWatcher watcher, CancellationToken stop)
    {
        CompleteSocketsInline();
        var options = new ServerOptions
        {
            DataFolder = settings.DataFolder,
            BindAddress = settings.BindAddress,
            Port = settings.Port,
            Region = settings.Region,
            RuntimesFolder = InstalledFolders.Runtimes,
            DashboardFolder = settings.DashboardFolder,
            LimitsProcessor = settings.LimitsProcessor,
            CallbackNetworks = settings.CallbackNetworks,
            MasksSecretsInLogs = settings.MasksSecretsInLogs,
            KeepsTelemetry = settings.KeepsTelemetry,
            SyslogTarget = settings.Exports.SyslogTarget,
            SyslogAccounts = settings.Exports.SyslogAccounts,
            OtlpEndpoint = settings.Exports.OtlpEndpoint,
            OtlpHeaders = settings.Exports.OtlpHeaders,
            OtlpSignals = settings.Exports.OtlpSignals,
            OtlpAccounts = settings.Exports.OtlpAccounts,
            OtlpGzip = settings.Exports.OtlpGzip,
            EnvironmentIdleTimeout = settings.EnvironmentIdleTimeout,
            PublicUrl = settings.PublicUrl,
        };
        if (settings.EnvironmentAgeMax is { } ageMax)
        {
            options = options with { EnvironmentAgeMax = ageMax };
        }

        if (settings.WarmMemoryBytes is { } warmMemory)
        {
            options = options with { WarmMemoryBytes = warmMemory };
        }

        options = options with
        {
            LogRetention = settings.LogRetention ?? options.LogRetention,
            LogBytesMax = settings.LogBytesMax ?? options.LogBytesMax,
        };
        var (mode, kilobytes, days, megabytes) = settings.Calls;
        options = options.WithCalls(mode, kilobytes, days, megabytes);
        if (settings.SmtpUrl is { } url)
        {
            if (SmtpSettings.Parse(url, settings.SmtpFrom, out var problem) is not { } smtp)
            {
                return new Failure(ExitCode.Usage, FailureCodes.Usage, problem!)
                {
                    Hint = "lambent up --smtp smtp://127.0.0.1:25 --smtp-from lambent@example.org",
                };
            }

            options = options with { Smtp = smtp };
        }

        var failure = await ServerHost.RunAsync(options, new Announcer(watcher), stop);
        return failure is null ? null : ToFailure(failure);
    }

    /// <summary>
    /// What waits for a socket goes on where the socket's readiness is seen, without a change of threads in between.
    /// The runtime reads this once, when the process first waits for a socket.
    /// </summary>
    private static void CompleteSocketsInline() => System.Environment.SetEnvironmentVariable(
        "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS",
        System.Environment.GetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS") ?? "1");

    private static Failure ToFailure(ServerFailure failure) => failure.Kind switch
    {
        ServerFailureKind.DataFolderHeld => new Failure(ExitCode.Conflict, FailureCodes.ServerRunning, failure.Message)
        {
            Where = "server",
            Hint = "lambent up --data ANOTHER_FOLDER",
        },
        ServerFailureKind.PortTaken => new Failure(ExitCode.Conflict, FailureCodes.PortBusy, failure.Message)
        {
            Where = "server",
            Hint = "lambent up --port 0",
        },
        _ => new Failure(
            ExitCode.Internal, failure.Code, failure.Message) { Where = "server", Hint = "lambent doctor" },
    };

    private sealed class Announcer(IServerWatcher watcher) : IServerAnnouncer
    {
        public void Ready(Uri address, Uri dashboard) => watcher.Ready(address, dashboard);

        public void Warn(string message) => watcher.Warn(message);
    }
}
