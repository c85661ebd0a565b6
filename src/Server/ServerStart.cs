using Lambent.Server.Aws.Protocols;

namespace Lambent.Server;

/// <summary>Why a server did not start, in words for who started it.</summary>
/// <param name="Code">The stable code; see docs/errors/.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Status">The HTTP status the same failure has in the API.</param>
/// <param name="Field">What was chosen wrongly, such as port; null when that is not it.</param>
public sealed record ServerStartFailure(string Code, string Message, int Status, string? Field);

/// <summary>The server as the command line runs it, which knows nothing of the kernel.</summary>
public static class ServerStart
{
    /// <summary>Runs until stopped, then drains. Null after a good end, otherwise why it could not start.</summary>
    public static async Task<ServerStartFailure?> RunAsync(
        ServerOptions options, IServerAnnouncer announcer, CancellationToken stop)
    {
        var result = await ServerHost.RunAsync(options, announcer, stop);
        return result.Error is { } error
            ? new ServerStartFailure(error.Code.ToString(), error.Message, AwsErrors.Map(error.Code).Status, error.Field)
            : null;
    }
}
