using System.Text.Json;
using Lambent.Protocol.Frames;
using Lambent.Runtime.Dotnet.Calls;

namespace Lambent.Runtime.Dotnet.Streaming;

/// <summary>
/// A response that the handler writes piece by piece. Each write leaves at once, as far as the window allows; a handler
/// that writes faster than its caller reads waits. The stream ends with the call, not when it is disposed.
/// </summary>
/// <param name="call">The call that is answered.</param>
/// <param name="prelude">Status, headers and cookies as JSON, or empty; sent with the first write or flush.</param>
/// <param name="windowBytes">Bytes that may be on their way without the host's leave.</param>
internal sealed class ResponseStream(Call call, byte[] prelude, long windowBytes) : Stream
{
    private const int ChunkBytesMax = 1024 * 1024;

    private readonly object gate = new();
    private long credit = windowBytes;
    private TaskCompletionSource? roomMade;
    private bool started;
    private bool disposed;
    private bool discarded;
    private bool ended;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !disposed;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Status, headers and cookies as the host reads them; empty when none was given.</summary>
    public static byte[] Prelude(
        int? statusCode, IEnumerable<KeyValuePair<string, string>>? headers, IEnumerable<string>? cookies)
    {
        if (statusCode is null && headers is null && cookies is null)
        {
            return [];
        }
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (statusCode is { } status)
            {
                json.WriteNumber("statusCode", status);
            }
            if (headers is not null)
            {
                json.WriteStartObject("headers");
                foreach ((string name, string value) in headers)
                {
                    json.WriteString(name, value);
                }
                json.WriteEndObject();
            }
            if (cookies is not null)
            {
                json.WriteStartArray("cookies");
                foreach (string cookie in cookies)
                {
                    json.WriteStringValue(cookie);
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>The host has taken so many bytes.</summary>
    public void Widen(uint bytes)
    {
        lock (gate)
        {
            credit += bytes;
            WakeWriter();
        }
    }

    /// <summary>The caller has gone: what is written goes nowhere.</summary>
    public void Discard()
    {
        lock (gate)
        {
            discarded = true;
            WakeWriter();
        }
    }

    /// <summary>Lets nothing more through: the call's answer follows. True when the response has begun.</summary>
    public bool End()
    {
        lock (gate)
        {
            ended = true;
            WakeWriter();
            return started;
        }
    }

    /// <summary>Sends status and headers, if they were not sent yet.</summary>
    public override void Flush()
    {
        lock (gate)
        {
            Start();
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (true)
        {
            buffer = buffer[Send(buffer, out Task? room)..];
            if (room is null)
            {
                return;
            }
#pragma warning disable VSTHRD002 // The thread that reads frames completes it, and that is never this one.
            room.Wait();
#pragma warning restore VSTHRD002
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            buffer = buffer[Send(buffer.Span, out Task? room)..];
            if (room is null)
            {
                return;
            }
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // Nothing is sent: a handler that fails before it wrote anything can still be answered with its error.
        disposed = true;
        base.Dispose(disposing);
    }

    /// <summary>Sends what there is room for and returns how much; <paramref name="room"/> completes when there is room
    /// for the rest, and is null when there is no rest.</summary>
    private int Send(ReadOnlySpan<byte> bytes, out Task? room)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            room = null;
            Start();
            if (discarded)
            {
                return bytes.Length;
            }
            int count = (int)Math.Min(Math.Min(bytes.Length, credit), ChunkBytesMax);
            if (count > 0)
            {
                credit -= count;
                call.Environment.Writer.Write(FrameKind.StreamChunk, 0, call.Id, bytes[..count]);
            }
            if (count < bytes.Length)
            {
                room = credit > 0 ? Task.CompletedTask
                    : (roomMade ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            return count;
        }
    }

    private void Start()
    {
        if (ended)
        {
            throw new InvalidOperationException("The call has ended, and with it its response.");
        }
        if (!started && !discarded)
        {
            started = true;
            call.Environment.Writer.Write(FrameKind.StreamStart, 0, call.Id, prelude);
        }
    }

    private void WakeWriter()
    {
        roomMade?.TrySetResult();
        roomMade = null;
    }
}
