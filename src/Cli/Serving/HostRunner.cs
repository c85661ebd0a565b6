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
        return failure is null
            ? null
            : new Failure(ExitCodes.From(failure.Status, failure.Code), failure.Code, failure.Message)
            {
                Where = "the start of the server",
                Hint = "lambent doctor",
            };
    }

    private sealed class Announcer(IServerWatcher watcher) : IServerAnnouncer
    {
        public void Ready(Uri address) => watcher.Ready(address);

        public void Warn(string message) => watcher.Warn(message);
    }
}
