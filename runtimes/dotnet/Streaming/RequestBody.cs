using System.Buffers.Binary;
using Lambent.Protocol.Frames;
using Lambent.Runtime.Dotnet.Calls;

namespace Lambent.Runtime.Dotnet.Streaming;

/// <summary>
/// The request's body as it comes. The host sends what was read before; memory holds no more than its window.
/// </summary>
internal sealed class RequestBody(Call call, int windowBytes) : Stream
{
    private readonly object gate = new();
    private readonly Queue<byte[]> parts = [];
    private int readOfFirst;
    private TaskCompletionSource? come;
    private string? problem;
    private bool complete;
    private bool disposed;
    private int unreported;

    public override bool CanRead => !disposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Takes a part; it is copied.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            if (!disposed && bytes.Length > 0)
            {
                parts.Enqueue(bytes.ToArray());
                WakeReader();
            }
        }
    }

    /// <summary>The body is complete, or it broke off for the reason given.</summary>
    public void Finish(string reason)
    {
        lock (gate)
        {
            complete = true;
            problem = reason.Length == 0 ? null : reason;
            WakeReader();
        }
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            int count = TryRead(buffer, out Task? more);
            if (more is null)
            {
                return count;
            }
#pragma warning disable VSTHRD002 // The thread that reads frames completes it, and that is never this one.
            more.Wait();
#pragma warning restore VSTHRD002
        }
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            int count = TryRead(buffer.Span, out Task? more);
            if (more is null)
            {
                return count;
            }
            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (gate)
        {
            disposed = true;
            parts.Clear();
            WakeReader();
        }
        base.Dispose(disposing);
    }

    /// <summary>Reads what is there; <paramref name="more"/> is null unless that is nothing yet.</summary>
    private int TryRead(Span<byte> buffer, out Task? more)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            more = null;
            if (buffer.Length == 0)
            {
                return 0;
            }
            if (parts.TryPeek(out byte[]? first))
            {
                int count = Math.Min(buffer.Length, first.Length - readOfFirst);
                first.AsSpan(readOfFirst, count).CopyTo(buffer);
                readOfFirst += count;
                if (readOfFirst == first.Length)
                {
                    parts.Dequeue();
                    readOfFirst = 0;
                }
                Report(count);
                return count;
            }
            if (problem is not null)
            {
                throw new IOException(problem);
            }
            if (!complete)
            {
                more = (come ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            return 0;
        }
    }

    private void Report(int count)
    {
        unreported += count;
        if (unreported >= windowBytes / 2)
        {
            Span<byte> payload = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteInt32LittleEndian(payload, unreported);
            call.Environment.Writer.Write(FrameKind.BodyWindow, 0, call.Id, payload);
            unreported = 0;
        }
    }

    private void WakeReader()
    {
        come?.TrySetResult();
        come = null;
    }
}
