using System.Buffers;
using System.IO.Pipelines;
using Lambent.Kernel;
using Lambent.Kernel.Invocations;

namespace Lambent.Sandbox.Channels;

/// <summary>
/// Carries one streamed response from the environment to the caller at the caller's pace. The environment may send
/// only what the window allows and is given more as the caller takes it, so a slow caller slows its own handler: not
/// the other calls of the environment, and at no cost in memory.
/// </summary>
internal sealed class ResponsePump
{
    /// <summary>Credit goes back in large pieces: one frame for each chunk would double the traffic.</summary>
    private const int GrantBytesMin = Limits.StreamWindowBytes / 2;

    /// <summary>Each segment is one write to the caller, so small ones would cost a large stream dearly.</summary>
    private const int SegmentBytes = 32 * Limits.KiB;

    private readonly Pipe pipe = new(new PipeOptions(
        pauseWriterThreshold: 0, minimumSegmentSize: SegmentBytes, useSynchronizationContext: false));

    private readonly IResponseStream stream;
    private readonly Action<int> grant;
    private readonly Action cancel;
    private long total;
    private int unconsumed;
    private int ungranted;
    private volatile bool callerGone;

    /// <summary>Starts to write.</summary>
    /// <param name="stream">Where the response goes, or null when nobody wants it.</param>
    /// <param name="bytesMax">What the response may have, without the prelude.</param>
    /// <param name="prelude">Of the StreamStart frame; null when there was none.</param>
    /// <param name="grant">Lets the environment send so many bytes more.</param>
    /// <param name="cancel">Tells the environment that the caller is gone, once.</param>
    public ResponsePump(
        IResponseStream? stream, long bytesMax, byte[]? prelude, Action<int> grant, Action cancel)
    {
        BytesMax = bytesMax;
        this.stream = stream ?? Nobody.Instance;
        this.grant = grant;
        this.cancel = cancel;
        Ended = RunAsync(prelude);
    }

    /// <summary>Completes, never faults, after the last write to the caller.</summary>
    public Task Ended { get; }

    public long BytesMax { get; }

    /// <summary>The handler wrote more than a streamed response may have; the rest is dropped.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>False when the environment sent more than its window.</summary>
    public bool TryAppend(ReadOnlyMemory<byte> chunk)
    {
        if (callerGone || IsTooLarge)
        {
            return true;
        }

        if (Interlocked.Add(ref unconsumed, chunk.Length) > Limits.StreamWindowBytes)
        {
            return false;
        }

        total += chunk.Length;
        if (total > BytesMax)
        {
            IsTooLarge = true;
            cancel();
            return true;
        }

        // Completes at once: the window, not the pipe, holds the writer back.
        pipe.Writer.Write(chunk.Span);
        _ = pipe.Writer.FlushAsync().AsTask();
        return true;
    }

    /// <summary>Nothing more comes; what is there is still written.</summary>
    public void Complete() => pipe.Writer.Complete();

    private async Task RunAsync(byte[]? prelude)
    {
        // Off the reading loop, which serves the other calls of the environment.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (prelude is not null)
            {
                await stream.StartAsync(prelude);
            }

            while (!await WriteNextAsync())
            {
            }
        }
        catch (Exception)
        {
            // The caller is gone: tell the handler, drop what it still writes, and let it end as it wants.
            callerGone = true;
            cancel();
        }

        await pipe.Reader.CompleteAsync();
    }

    private async ValueTask<bool> WriteNextAsync()
    {
        var read = await pipe.Reader.ReadAsync(stream.CallerGone);
        foreach (var segment in read.Buffer)
        {
            await stream.WriteAsync(segment);
        }

        var written = (int)read.Buffer.Length;
        pipe.Reader.AdvanceTo(read.Buffer.End);
        ungranted += written;
        if (ungranted >= GrantBytesMin)
        {
            Interlocked.Add(ref unconsumed, -ungranted);
            grant(ungranted);
            ungranted = 0;
        }

        return read.IsCompleted;
    }

    private sealed class Nobody : IResponseStream
    {
        public static Nobody Instance { get; } = new();

        public ValueTask StartAsync(ReadOnlyMemory<byte> prelude) => ValueTask.CompletedTask;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> chunk) => ValueTask.CompletedTask;
    }
}
