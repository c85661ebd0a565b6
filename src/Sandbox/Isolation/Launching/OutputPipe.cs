using System.Runtime.InteropServices;
using System.Text;
using Lambent.Kernel;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Launching;

/// <summary>
/// The host's end of the pipe that a process has as its standard output and error. It is read as fast as it fills and
/// nothing is kept here, so a process that prints without end costs no memory. One that prints more than an environment
/// may waits after each 64 KiB for some milliseconds, and what is too much is counted and dropped: so it costs next to
/// no time either. Until somebody takes the output the pipe is not read: the kernel holds its 64 KiB and then lets the
/// process wait.
/// </summary>
internal sealed unsafe class OutputPipe
{
    private const int BufferSize = 64 * 1024;

    /// <summary>How long a pipe that has used up its share is left alone: at most 13 MB a second pass.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>While output is dropped without an end it is told at this pace.</summary>
    private static readonly TimeSpan DroppedPeriod = TimeSpan.FromSeconds(1);

    /// <summary>One buffer for all pipes of a reactor: its thread reads one at a time.</summary>
    [ThreadStatic]
    private static byte[]? shared;

    private readonly Reactor reactor;
    private readonly Descriptor reader;
    private readonly TimeProvider time;
    private readonly Action<string> warn;
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Action<ReadOnlyMemory<byte>>? output;
    private volatile byte[]? unclaimed;
    private ulong token;
    private bool ended;
    private int reading;
    private double bytesLeft = Limits.EnvironmentLogBytesBurst;
    private long filledAt;
    private ITimer? resuming;
    private bool pausing;
    private long droppedLines;
    private long droppedBytes;
    private long droppedToldAt;

    public OutputPipe(Reactor reactor, Descriptor reader, TimeProvider time, Action<string> warn)
    {
        this.time = time;
        filledAt = time.GetTimestamp();
        this.reactor = reactor;
        this.reader = reader;
        this.warn = warn;
        reader.SetNonBlocking();
    }

    /// <summary>Called on the reactor's thread; the memory is only valid during the call.</summary>
    public Action<ReadOnlyMemory<byte>>? Output
    {
        get => output;
        set
        {
            output = value;
            if (!closed.Task.IsCompleted || unclaimed is not null)
            {
                reactor.Post(Follow);
            }
        }
    }

    /// <summary>
    /// Called on the reactor's thread with the lines and bytes that were dropped since the last time.
    /// </summary>
    public Action<long, long>? Dropped { get; set; }

    /// <summary>Completes when all that was written before the call was handed over.</summary>
    public ValueTask DrainAsync()
    {
        if (output is null || (unclaimed is null && (closed.Task.IsCompleted || IsIdle())))
        {
            return ValueTask.CompletedTask;
        }

        return new ValueTask(reactor.RunAsync(() =>
        {
            Follow();
            ReadWaiting();
            return true;
        }));
    }

    /// <summary>
    /// Hands over what is left and closes the pipe. Where nobody has taken the output yet, it is kept for whoever does.
    /// </summary>
    public Task CloseAsync()
    {
        if (!closed.Task.IsCompleted)
        {
            reactor.Post(() =>
            {
                ReadWaiting();
                KeepUnclaimed();
                End();
            });
        }

        return closed.Task;
    }

    /// <summary>After <see cref="CloseAsync"/>: what was written and nobody took.</summary>
    public string UnclaimedText => Encoding.UTF8.GetString(unclaimed ?? []);

    /// <summary>
    /// Whether nothing waits and nothing is being handed over. The order matters: once the pipe is seen empty, what
    /// was in it is either handed over or in the hands of a reader that had said so before it took it.
    /// </summary>
    private bool IsIdle()
    {
        try
        {
            using var held = reader.Hold();
            return Waiting() == 0 && Volatile.Read(ref reading) == 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private int Waiting()
    {
        int count;
        return Libc.ReadableBytes(reader.Number, Libc.BytesReadable, &count) == 0 ? count : 0;
    }

    private void KeepUnclaimed()
    {
        if (ended || output is not null)
        {
            return;
        }

        var kept = new byte[Waiting()];
        fixed (byte* start = kept)
        {
            var count = kept.Length == 0 ? 0 : (int)Libc.Read(reader.Number, start, kept.Length);
            unclaimed = count > 0 ? kept[..count] : null;
        }
    }

    private void Follow()
    {
        if (output is not null && unclaimed is { } kept)
        {
            HandOver(kept);
            unclaimed = null;
        }

        if (ended)
        {
            return;
        }

        if (output is not null && token == 0 && !pausing)
        {
            token = reactor.Add(reader, ReadAndPace);
        }
        else if (output is null && token != 0)
        {
            Unfollow();
        }
    }

    private void Unfollow()
    {
        if (token != 0)
        {
            reactor.Remove(token, reader);
            token = 0;
        }
    }

    private void ReadAndPace()
    {
        ReadOnce(BufferSize);
        if (bytesLeft <= 0 && !ended && !pausing)
        {
            pausing = true;
            Unfollow();
            resuming ??= time.CreateTimer(_ => Resume(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            resuming.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Resume()
    {
        try
        {
            reactor.Post(() =>
            {
                pausing = false;
                TellDropped(atOnce: false);
                Follow();
            });
        }
        catch (ObjectDisposedException)
        {
            // The server has stopped, and the process with it.
        }
    }

    private void ReadWaiting()
    {
        // What is written from now on is not waited for: a process that never stops writing must not hold us here.
        for (var left = ended || output is null ? 0 : Waiting(); left > 0;)
        {
            var count = ReadOnce(left);
            if (count <= 0)
            {
                return;
            }

            left -= count;
        }
    }

    private int ReadOnce(int limit)
    {
        var buffer = shared ??= new byte[BufferSize];
        Interlocked.Exchange(ref reading, 1);
        try
        {
            int count;
            fixed (byte* start = buffer)
            {
                count = (int)Libc.Read(reader.Number, start, Math.Min(limit, BufferSize));
            }

            if (count > 0)
            {
                TakeOrDrop(buffer.AsMemory(0, count));
            }
            else if (count == 0 || Marshal.GetLastPInvokeError() is not (Libc.ErrorTryAgain or Libc.ErrorInterrupted))
            {
                End();
            }

            return count;
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }

    private void TakeOrDrop(ReadOnlyMemory<byte> text)
    {
        var now = time.GetTimestamp();
        var filled = time.GetElapsedTime(filledAt, now).TotalSeconds * Limits.EnvironmentLogBytesPerSecond;
        bytesLeft = Math.Min(Limits.EnvironmentLogBytesBurst, bytesLeft + filled);
        filledAt = now;
        if (bytesLeft <= 0)
        {
            droppedLines += text.Span.Count((byte)'\n');
            droppedBytes += text.Length;
            return;
        }

        bytesLeft -= text.Length;
        HandOver(text);
    }

    private void TellDropped(bool atOnce)
    {
        var now = time.GetTimestamp();
        if (droppedBytes > 0
            && (atOnce || droppedToldAt == 0 || time.GetElapsedTime(droppedToldAt, now) >= DroppedPeriod))
        {
            droppedToldAt = now;
            Dropped?.Invoke(droppedLines, droppedBytes);
            (droppedLines, droppedBytes) = (0, 0);
        }
    }

    private void HandOver(ReadOnlyMemory<byte> text)
    {
        try
        {
            output?.Invoke(text);
        }
        catch (Exception exception)
        {
            // The reading goes on without the piece that its taker could not digest.
            warn($"The output of an environment was lost: {exception.Message}");
        }
    }

    private void End()
    {
        if (!ended)
        {
            ended = true;
            resuming?.Dispose();
            Unfollow();
            TellDropped(atOnce: true);
            reader.Dispose();
            closed.TrySetResult();
        }
    }
}
