using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Storage;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Objects;

/// <summary>
/// Removes contents that nothing refers to: those that a change released at once, those that a crash left behind in a
/// sweep of all at the start and each hour. Gives up uploads that nobody completed.
/// </summary>
internal sealed partial class ContentSweeper(
    IStore store, IContentStore contents, TimeProvider time, ILogger<ContentSweeper> logger) : IAsyncDisposable
{
    private const int UploadsAtOnce = 100;

    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource stopping = new();
    private Task sweeping = Task.CompletedTask;

    public void Start() => sweeping = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await sweeping;
        stopping.Dispose();
    }

    /// <summary>These may have lost their last reference, in a change that is committed.</summary>
    public void Release(IReadOnlyCollection<string> digests)
    {
        if (digests.Count == 0)
        {
            return;
        }

        try
        {
            contents.Collect(digests, IsUsed);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StoreException)
        {
            // The change itself is done; the next sweep finds them.
            LogFailed(failure);
        }
    }

    /// <summary>Removes all that nothing refers to, and uploads that are too old.</summary>
    /// <returns>The bytes freed.</returns>
    public async Task<long> SweepAsync(CancellationToken cancellation)
    {
        await GiveUpUploadsAsync(cancellation);
        return contents.Collect(contents.All().TakeWhile(_ => !cancellation.IsCancellationRequested), IsUsed);
    }

    private bool IsUsed(string digest) => store.Read(transaction => transaction.Objects.IsContentUsed(digest));

    private async Task GiveUpUploadsAsync(CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - Limits.UploadAgeMax;
        while (store.Read(transaction => transaction.Uploads.Stale(before, UploadsAtOnce)) is { Count: > 0 } stale)
        {
            var done = await store.WriteAsync<Done>(
                transaction =>
                {
                    foreach (var upload in stale)
                    {
                        transaction.Uploads.Delete(upload);
                        transaction.Uploads.DeleteParts(upload.Name.Account, upload.Id);
                    }

                    return Done.Value;
                },
                cancellation);
            if (!done.IsSuccess)
            {
                return;
            }
        }
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                try
                {
                    await SweepAsync(stopping.Token);
                }
                catch (Exception failure)
                    when (failure is IOException or UnauthorizedAccessException or StoreException)
                {
                    LogFailed(failure);
                }
            }
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    [LoggerMessage(2601, LogLevel.Warning, "Contents that nothing uses could not be removed; it is tried again")]
    private partial void LogFailed(Exception exception);
}
