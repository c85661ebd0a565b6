using Lambent.Cli.Commands;
using Lambent.Server;

namespace Lambent.Cli.Serving;

/// <summary>Runs the real server. The only file of the command line, with the doctor's, that knows it.</summary>
internal sealed class HostRunner : IServerRunner
{
    public async Task<Failure?> RunAsync(ServerSettings settings, IServerWatcher watcher, CancellationToken stop)
    {
        var options = new ServerOptions
        {
            BindAddress = settings.BindAddress,
            Port = settings.Port,
            DataFolder = settings.DataFolder,
            Region = settings.Region,
            RuntimesFolder = InstalledFolders.Runtimes,
        };
        if (settings.EnvironmentIdleTimeout is { } idle)
        {
            options = options with { EnvironmentIdleTimeout = idle };
        }

        var failure = await ServerStart.RunAsync(options, new Announcer(watcher), stop);
        return failure is null ? null : Explain(failure, settings);
    }

    private static Failure Explain(ServerStartFailure failure, ServerSettings settings)
    {
        var exit = ExitCodes.From(failure.Status, failure.Code);
        var (code, hint) = (exit, failure.Field) switch
        {
            (ExitCode.Conflict, "port") =>
                (FailureCodes.PortBusy, $"lambent up --port {(settings.Port < 65535 ? settings.Port + 1 : 0)}"),
            (ExitCode.Conflict, _) => (FailureCodes.ServerRunning, "lambent up --data ANOTHER-FOLDER --port 0"),
            _ => (failure.Code, "lambent doctor"),
        };
        return new Failure(exit, code, failure.Message) { Where = "the start of the server", Hint = hint };
    }

    private sealed class Announcer(IServerWatcher watcher) : IServerAnnouncer
    {
        public void Ready(Uri address) => watcher.Ready(address);

        public void Warn(string message) => watcher.Warn(message);
    }
}
