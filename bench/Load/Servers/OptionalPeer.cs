namespace Lambent.Load.Servers;

/// <summary>A peer that may not install or start here: then the rest is measured, and the report says why.</summary>
/// <param name="Server">The peer, or null.</param>
/// <param name="Reason">Why there is none.</param>
internal sealed record OptionalPeer<T>(T? Server, string? Reason) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    /// <summary>For the note beside a figure; null when the peer is there.</summary>
    public string? Note => Reason is null ? null : $"peer not available: {Reason.ReplaceLineEndings(" ")}";

    public static async Task<OptionalPeer<T>> StartAsync(Func<Task<T>> startAsync)
    {
        try
        {
            return new OptionalPeer<T>(await startAsync(), null);
        }
        catch (BenchFailureException failure)
        {
            return new OptionalPeer<T>(null, failure.Message);
        }
    }

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
