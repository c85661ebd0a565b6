using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Lambent.Protocol.Frames;
using Lambent.Runtime.Dotnet.Logs;
using Lambent.Runtime.Dotnet.Streaming;

namespace Lambent.Runtime.Dotnet.Calls;

/// <summary>One call, from its Invoke to the one answer it can have.</summary>
internal sealed class Call
{
    private const int HeadBytes = 20;
    private const ushort FlagBodyFollows = 1;

    /// <summary>Most calls name the same ARN; its text is made once.</summary>
    private static KnownText lastArn = new([], "");

    private ReadOnlyMemory<byte> eventBytes;
    private byte[]? rentedEvent;
    private int finished;
    private CancellationTokenSource? cancellation;
    private bool cancelled;

    private Call(ExecutionEnvironment environment, uint id)
    {
        Environment = environment;
        Id = id;
    }

    public ExecutionEnvironment Environment { get; }

    public uint Id { get; }

    public string RequestId { get; private set; } = "";

    public string InvokedFunctionArn { get; private set; } = "";

    /// <summary>X-Amzn-Trace-Id, or empty.</summary>
    public string TraceHeader { get; private set; } = "";

    /// <summary>JSON, or empty.</summary>
    public string ClientContext { get; private set; } = "";

    public DateTimeOffset Deadline { get; private set; }

    /// <summary>Text written without a newline yet: standard output, standard error. Guarded by the log.</summary>
    public string[] PartialLines { get; } = ["", ""];

    /// <summary>The request's body when it is streamed, otherwise null.</summary>
    public RequestBody? Body { get; private set; }

    /// <summary>The response when the handler writes it piece by piece, otherwise null.</summary>
    public ResponseStream? Response { get; private set; }

    public bool IsFinished => Volatile.Read(ref finished) != 0;

    /// <summary>
    /// The event as JSON; an empty one is an empty object, as when it is invoked without a payload. Valid until the
    /// handler is called: whoever hands it on copies it.
    /// </summary>
    public ReadOnlySpan<byte> Event => eventBytes.Length == 0 ? "{}"u8 : eventBytes.Span;

    /// <summary>Cancelled when the caller has gone.</summary>
    public CancellationToken Cancellation
    {
        get
        {
            lock (PartialLines)
            {
                cancellation ??= new CancellationTokenSource();
                if (cancelled)
                {
                    cancellation.Cancel();
                }
                return cancellation.Token;
            }
        }
    }

    /// <summary>Null when the payload is not what the protocol says.</summary>
    public static Call? TryRead(ExecutionEnvironment environment, uint id, ArraySegment<byte> payload)
    {
        ReadOnlySpan<byte> head = payload;
        if (head.Length < HeadBytes)
        {
            return null;
        }
        int idEnd = HeadBytes + BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        int arnEnd = idEnd + BinaryPrimitives.ReadUInt16LittleEndian(head[10..]);
        int traceEnd = arnEnd + BinaryPrimitives.ReadUInt16LittleEndian(head[12..]);
        long eventStart = traceEnd + (long)BinaryPrimitives.ReadUInt32LittleEndian(head[16..]);
        long deadline = BinaryPrimitives.ReadInt64LittleEndian(head);
        if (eventStart > head.Length || deadline < 0 || deadline > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return null;
        }
        var call = new Call(environment, id)
        {
            Deadline = DateTimeOffset.FromUnixTimeMilliseconds(deadline),
            RequestId = Encoding.UTF8.GetString(head[HeadBytes..idEnd]),
            InvokedFunctionArn = ArnText(head[idEnd..arnEnd]),
            TraceHeader = Encoding.UTF8.GetString(head[arnEnd..traceEnd]),
            ClientContext = Encoding.UTF8.GetString(head[traceEnd..(int)eventStart]),
            eventBytes = payload.AsMemory((int)eventStart),
        };
        if ((BinaryPrimitives.ReadUInt16LittleEndian(head[14..]) & FlagBodyFollows) != 0)
        {
            call.Body = new RequestBody(call, environment.Specialization.StreamWindowBytes);
        }
        return call;
    }

    /// <summary>From here on the answer is what is written to the stream, up to the end of the handler.</summary>
    /// <param name="prelude">Status, headers and cookies as JSON, or empty.</param>
    public ResponseStream StartResponse(byte[] prelude)
    {
        lock (PartialLines)
        {
            if (Response is not null || IsFinished)
            {
                throw new InvalidOperationException(
                    IsFinished ? "The call has ended." : "The response of this call was started before.");
            }
            Response = new ResponseStream(this, prelude, Environment.Specialization.StreamWindowBytes);
            if (cancelled)
            {
                Response.Discard();
            }
        }
        Environment.LetAnotherThreadRead(this);
        return Response;
    }

    /// <summary>Copies the event, which otherwise lies in the reader's buffer.</summary>
    public void KeepEvent()
    {
        rentedEvent = ArrayPool<byte>.Shared.Rent(eventBytes.Length);
        eventBytes.CopyTo(rentedEvent);
        eventBytes = rentedEvent.AsMemory(0, eventBytes.Length);
    }

    public void Answer(ReadOnlySpan<byte> result)
    {
        if (Response is not null)
        {
            EndStream(returned: !result.SequenceEqual("null"u8));
            return;
        }
        int bytesMax = Environment.Specialization.ResponseBytesMax;
        if (result.Length > bytesMax)
        {
            End(FrameKind.Error, Encoding.UTF8.GetBytes(
                """{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded """
                + $$"""maximum allowed payload size ({{bytesMax}} bytes)."}"""));
        }
        else
        {
            End(FrameKind.Response, result);
        }
    }

    public void Fail(Exception exception, bool logged = false)
    {
        exception = ErrorObject.Unwrap(exception);
        if (!logged && !IsFinished)
        {
            Environment.Log.Error(exception, this);
        }
        End(FrameKind.Error, ErrorObject.Write(exception));
    }

    public void Cancel()
    {
        CancellationTokenSource? source;
        lock (PartialLines)
        {
            cancelled = true;
            source = cancellation;
            Response?.Discard();
        }
        // What a handler registered may run long; the reader must not.
        _ = source?.CancelAsync();
    }

    private void EndStream(bool returned)
    {
        if (IsFinished)
        {
            return;
        }
        if (returned)
        {
            Environment.Log.WriteLine(
                LogLevel.Warning, "The handler has streamed its response, so what it returned is ignored.", this);
        }
        Response!.Flush();
        End(FrameKind.StreamEnd, []);
    }

    private void End(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        Environment.Log.Finish(this);
        if (Interlocked.Exchange(ref finished, 1) != 0)
        {
            return;
        }
        // An error after the first byte can only break the stream off.
        if (Response?.End() == true)
        {
            kind = FrameKind.StreamEnd;
        }
        Body?.Dispose();
        if (rentedEvent is not null)
        {
            ArrayPool<byte>.Shared.Return(rentedEvent);
            rentedEvent = null;
            eventBytes = default;
        }
        Environment.Release(this);
        Environment.Writer.Write(kind, 0, Id, payload);
    }

    private static string ArnText(ReadOnlySpan<byte> bytes)
    {
        KnownText known = lastArn;
        if (!bytes.SequenceEqual(known.Bytes))
        {
            lastArn = known = new KnownText(bytes.ToArray(), Encoding.UTF8.GetString(bytes));
        }
        return known.Text;
    }

    private sealed record KnownText(byte[] Bytes, string Text);
}
