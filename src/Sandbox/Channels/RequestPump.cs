using System.Buffers;
using Lambent.Kernel;

namespace Lambent.Sandbox.Channels;

/// <summary>
/// Carries the body of one request into the environment while the handler reads it. No more is read from the caller
/// than the handler has room for, so that a body of any size needs one window of memory.
/// </summary>
/// <param name="body">Where the body comes from.</param>
/// <param name="send">
/// Sends a part of the body; ends when it has left. Waited for, because an environment could claim to have read what it
/// leaves lying in the socket.
/// </param>
/// <param name="end">Says that there is no more; false when the body broke off.</param>
internal sealed class RequestPump(Stream body, Func<ReadOnlyMemory<byte>, Task> send, Action<bool> end) : IDisposable
{
    private const int ReadBytes = 64 * 1024;

    private readonly CancellationTokenSource stopped = new();
    private readonly SemaphoreSlim granted = new(0);
    private int credit = Limits.StreamWindowBytes;

    /// <summary>Completes, never faults, when the body is read from no more.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public void Start() => Ended = RunAsync();

    /// <summary>The handler has read so many bytes. False when it cannot have.</summary>
    public bool TryGrant(int bytes)
    {
        if (bytes <= 0 || Interlocked.Add(ref credit, bytes) > Limits.StreamWindowBytes)
        {
            return false;
        }

        granted.Release();
        return true;
    }

    /// <summary>The call has ended; what was not read stays unread.</summary>
    public void Stop() => stopped.Cancel();

    public void Dispose()
    {
        stopped.Dispose();
        granted.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            while (true)
            {
                while (Volatile.Read(ref credit) == 0)
                {
                    await granted.WaitAsync(stopped.Token);
                }

                var room = Math.Min(buffer.Length, Volatile.Read(ref credit));
                var read = await body.ReadAsync(buffer.AsMemory(0, room), stopped.Token);
                if (read == 0)
                {
                    end(true);
                    return;
                }

                Interlocked.Add(ref credit, -read);
                await send(buffer.AsMemory(0, read)).WaitAsync(stopped.Token);
            }
        }
        catch (Exception)
        {
            // The caller broke off, or the call has ended and nobody listens.
            end(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
