using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Frames;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Channels;

/// <summary>
/// The conversation with one of our shims, over frames. One loop reads; callers write through
/// <see cref="FrameWriter"/>.
/// When anything is in doubt the channel breaks: the process is killed, and each call in flight ends with what the
/// exit of the process says.
/// </summary>
internal sealed class FrameChannel : IEnvironmentChannel
{
    /// <summary>A process whose socket closed is given this long to report how it ended before it is killed.</summary>
    private static readonly TimeSpan ExitGrace = TimeSpan.FromMilliseconds(300);

    private static readonly byte[] BodyBrokeOff = "The request's body broke off."u8.ToArray();

    private readonly SandboxProcess process;
    private readonly TimeProvider time;
    private readonly EnvironmentLog log;
    private readonly Socket socket;
    private readonly FrameReader reader;
    private readonly FrameWriter writer;
    private readonly LogPace pace;
    private readonly CancellationTokenSource breaking = new();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<InvocationOutcome?> ready =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock slotGate = new();
    private readonly Stack<PendingCall> freeSlots = new();
    private PendingCall[] slots = [];
    private EnvironmentSpecification? specification;
    private volatile bool broken;

    public FrameChannel(SandboxProcess process, Socket socket, EnvironmentLog log, TimeProvider time)
    {
        this.process = process;
        this.socket = socket;
        this.log = log;
        this.time = time;
        reader = new FrameReader(socket);
        writer = new FrameWriter(socket) { Failed = _ => Break() };
        pace = new LogPace(time);
        process.OutputDropped = (lines, bytes) => log.Drop(requestId: null, lines, bytes);
        process.Output = WriteRawOutput;
        Reading = ReadAsync();
    }

    public Task Closed => closed.Task;

    private Task Reading { get; }

    public async Task<InvocationOutcome?> InitializeAsync(
        EnvironmentSpecification specification, IReadOnlyDictionary<string, string> variables, TimeSpan limit)
    {
        this.specification = specification;
        CreateSlots(specification.Concurrency);
        var message = new SpecializeMessage
        {
            Handler = specification.Handler,
            TaskRoot = variables["LAMBDA_TASK_ROOT"],
            FunctionName = specification.Function.Name,
            FunctionVersion = specification.Version,
            MemoryMegabytes = specification.MemoryMegabytes,
            LogGroup = specification.LogGroup,
            LogStream = variables["AWS_LAMBDA_LOG_STREAM_NAME"],
            LogFormat = variables.GetValueOrDefault("AWS_LAMBDA_LOG_FORMAT", "Text"),
            Concurrency = specification.Concurrency,
            ResponseBytesMax = Limits.ResponsePayloadBytesMax,
            StreamWindowBytes = Limits.StreamWindowBytes,
            LogLinesPerSecond = Limits.EnvironmentLogLinesPerSecond,
            LogBytesPerSecond = Limits.EnvironmentLogBytesPerSecond,
            LogBytesBurst = Limits.EnvironmentLogBytesBurst,
            Variables = variables,
        };
        try
        {
            await hello.Task.WaitAsync(limit, time);
            writer.Append(
                FrameKind.Specialize,
                0,
                JsonSerializer.SerializeToUtf8Bytes(message, FrameJson.Default.SpecializeMessage));
            return await ready.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            Break();
            return OutcomeErrors.InitializationTimedOut(limit);
        }
    }

    public ValueTask<InvocationOutcome> InvokeAsync(Invocation invocation, TimeSpan timeout)
    {
        PendingCall? call;
        lock (slotGate)
        {
            freeSlots.TryPop(out call);
        }

        if (call is null)
        {
            throw new InvalidOperationException("More calls than the environment's concurrency.");
        }

        var now = time.GetTimestamp();
        ValueTask<InvocationOutcome> pending;
        RequestPump? body = null;
        lock (call.StreamGate)
        {
            pending = call.Begin(
                invocation, timeout, now, now + (long)(timeout.TotalSeconds * time.TimestampFrequency));
            if (invocation.RequestBody is { } streamed)
            {
                body = CreateRequestPump(call, streamed);
            }
        }

        var deadline = time.GetUtcNow().Add(timeout).ToUnixTimeMilliseconds();
        var length = InvokeHead.Measure(
            invocation.RequestId,
            invocation.InvokedArn,
            XRayHeader.Measure(invocation.Trace.Passed),
            invocation.ClientContext);
        var sent = writer.Append(
            FrameKind.Invoke,
            call.CallId,
            length + invocation.Payload.Length,
            (invocation, deadline, length),
            static (destination, state) =>
            {
                var passed = state.invocation.Trace.Passed;
                Span<byte> trace = stackalloc byte[XRayHeader.Measure(passed)];
                XRayHeader.Write(trace, passed);
                InvokeHead.Write(
                    destination,
                    state.deadline,
                    state.invocation.RequestId,
                    state.invocation.InvokedArn,
                    trace,
                    state.invocation.ClientContext,
                    state.invocation.RequestBody is null ? (ushort)0 : InvokeHead.FlagBodyFollows);
                state.invocation.Payload.Span.CopyTo(destination[state.length..]);
            });
        body?.Start();
        if (!sent || broken)
        {
            // The end of the reading loop answers the calls it finds; one that came after it is answered here.
            _ = AnswerLateAsync(call);
        }

        return pending;
    }

    /// <summary>
    /// With one call at a time the environment is killed at once; with several the others keep theirs, and the
    /// environment ends after them.
    /// </summary>
    public bool SweepDeadlines(long nowTimestamp, Action? beforeEnding = null)
    {
        var overdue = false;
        foreach (var call in slots)
        {
            if (call.IsWaiting && call.DeadlineTimestamp <= nowTimestamp && call.TryClaim())
            {
                if (!overdue)
                {
                    overdue = true;
                    beforeEnding?.Invoke();
                }

                writer.Append(FrameKind.Cancel, call.CallId, ReadOnlyMemory<byte>.Empty);
                if (slots.Length == 1)
                {
                    Break();
                }

                var outcome = OutcomeErrors.TimedOut(call.Invocation!.RequestId, call.Timeout);
                End(call, outcome);
            }
        }

        return overdue;
    }

    public async ValueTask DisposeAsync()
    {
        writer.Append(FrameKind.Shutdown, 0, ReadOnlyMemory<byte>.Empty);
        Break();
        await Reading;
        await process.DisposeAsync();
    }

    private void CreateSlots(int count)
    {
        var created = new PendingCall[count];
        for (var index = count - 1; index >= 0; index--)
        {
            created[index] = new PendingCall((uint)index) { Released = ReleaseSlot };
            freeSlots.Push(created[index]);
        }

        slots = created;
    }

    private void ReleaseSlot(PendingCall call)
    {
        lock (slotGate)
        {
            freeSlots.Push(call);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                while (reader.TryRead(out var header, out var payload))
                {
                    Handle(header, payload);
                }

                if (!await reader.FillAsync())
                {
                    break;
                }

                if (pace.Pause is { } pause)
                {
                    await Task.Delay(pause, time, breaking.Token).ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        catch (Exception exception) when (
            exception is SocketException or ObjectDisposedException or InvalidDataException)
        {
            // The connection ended or is in doubt; what follows is the same for both.
        }

        await FinishAsync();
    }

    private void Handle(FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        switch (header.Kind)
        {
            case FrameKind.Response:
                Answer(header.CallId, OutcomeKind.Success, payload);
                break;
            case FrameKind.Error:
                Answer(header.CallId, OutcomeErrors.KindOf(payload.Span), payload);
                break;
            case FrameKind.Log:
                WriteLog(header, payload);
                break;
            case FrameKind.LogDropped:
                TakeDropped(header, payload);
                break;
            case FrameKind.StreamStart or FrameKind.StreamChunk:
                TakeStream(header, payload);
                break;
            case FrameKind.BodyWindow:
                TakeBodyWindow(header.CallId, payload.Span);
                break;
            case FrameKind.StreamEnd:
                Answer(header.CallId, payload.IsEmpty ? OutcomeKind.Success : OutcomeKind.HandlerError, payload);
                break;
            case FrameKind.Hello:
                hello.TrySetResult();
                break;
            case FrameKind.Ready:
                ready.TrySetResult(null);
                break;
            case FrameKind.InitError:
                ready.TrySetResult(InvocationOutcome.Owned(OutcomeKind.InitializationError, payload.ToArray()));
                break;
            default:
                break;
        }
    }

    private PendingCall? Find(uint callId)
    {
        var slot = callId & 0xFFFF;
        if (slot >= slots.Length)
        {
            return null;
        }

        var call = slots[slot];
        return call.IsWaiting && call.CallId == callId ? call : null;
    }

    private void Answer(uint callId, OutcomeKind kind, ReadOnlyMemory<byte> payload)
    {
        if (Find(callId) is not { } call || !call.TryClaim())
        {
            return;
        }

        var copy = ArrayPool<byte>.Shared.Rent(Math.Max(payload.Length, 1));
        payload.Span.CopyTo(copy);
        End(call, InvocationOutcome.Rented(kind, copy, payload.Length));
    }

    private void End(PendingCall call, InvocationOutcome outcome)
    {
        ResponsePump? response;
        RequestPump? request;
        lock (call.StreamGate)
        {
            (response, request) = (call.Response, call.Request);
            (call.Response, call.Request) = (null, null);
        }

        if (response is not null || request is not null)
        {
            outcome = EndStreams(response, request, outcome);
        }

        outcome.Duration = time.GetElapsedTime(call.StartedTimestamp);
        outcome.EnvironmentId = process.EnvironmentId;
        call.Complete(outcome);
    }

    private static InvocationOutcome EndStreams(
        ResponsePump? response, RequestPump? request, InvocationOutcome outcome)
    {
        response?.Complete();
        request?.Stop();
        if (response is { IsTooLarge: true })
        {
            outcome.Dispose();
            outcome = OutcomeErrors.ResponseTooLarge(response.BytesMax);
        }

        outcome.StreamsEnded = EndedAsync();
        return outcome;

        async Task EndedAsync()
        {
            if (request is not null)
            {
                await request.Ended;
                request.Dispose();
            }

            if (response is not null)
            {
                await response.Ended;
            }
        }
    }

    private RequestPump CreateRequestPump(PendingCall call, Stream body)
    {
        var callId = call.CallId;
        return call.Request = new RequestPump(
            body,
            part =>
            {
                writer.Append(FrameKind.BodyChunk, callId, part);
                return writer.WhenSentAsync();
            },
            whole => writer.Append(
                FrameKind.BodyEnd, callId, whole ? ReadOnlyMemory<byte>.Empty : BodyBrokeOff));
    }

    private void TakeStream(FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        if (Find(header.CallId) is not { } call)
        {
            return;
        }

        lock (call.StreamGate)
        {
            // Asked again inside the gate: the sweep may have ended the call, and its slot may serve another.
            if (Find(header.CallId) != call)
            {
                return;
            }

            if (header.Kind == FrameKind.StreamStart)
            {
                call.Response ??= CreateResponsePump(call, payload.ToArray());
            }
            else if (!payload.IsEmpty && !(call.Response ??= CreateResponsePump(call, null)).TryAppend(payload))
            {
                throw new InvalidDataException("More of a stream came than its window allows.");
            }

            if (call.Response is not { IsTooLarge: true } || slots.Length > 1 || !call.TryClaim())
            {
                return;
            }
        }

        // With one call at a time it ends now, and the environment with it, whose handler would write on; with several
        // the others keep theirs, and the call ends when its handler does.
        Break();
        End(call, OutcomeErrors.ResponseTooLarge(call.Invocation!.StreamedResponseBytesMax));
    }

    private ResponsePump CreateResponsePump(PendingCall call, byte[]? prelude)
    {
        var callId = call.CallId;
        return new ResponsePump(
            call.Invocation!.ResponseStream,
            call.Invocation!.StreamedResponseBytesMax,
            prelude,
            bytes => writer.Append(
                FrameKind.Window, callId, sizeof(uint), (uint)bytes, static (destination, value) =>
                    BinaryPrimitives.WriteUInt32LittleEndian(destination, value)),
            () => writer.Append(FrameKind.Cancel, callId, ReadOnlyMemory<byte>.Empty));
    }

    private void TakeBodyWindow(uint callId, ReadOnlySpan<byte> payload)
    {
        if (Find(callId) is not { } call)
        {
            return;
        }

        lock (call.StreamGate)
        {
            var right = payload.Length == sizeof(uint)
                && (call.Request?.TryGrant(BinaryPrimitives.ReadInt32LittleEndian(payload)) ?? true);
            if (!right)
            {
                throw new InvalidDataException("More of a request's body was read than was sent.");
            }
        }
    }

    private void WriteLog(FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        var call = header.CallId == 0 ? null : Find(header.CallId);
        pace.Charge(payload.Length, log.Write(call?.Invocation?.RequestId, payload.Span, call?.Tail));
    }

    /// <summary>Output that bypassed the shim; it belongs to the call in flight when there is only one.</summary>
    private void WriteRawOutput(ReadOnlyMemory<byte> text)
    {
        var call = slots.Length == 1 && slots[0].IsWaiting ? slots[0] : null;
        log.Write(call?.Invocation?.RequestId, text.Span, call?.Tail);
    }

    private void TakeDropped(FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        var call = header.CallId == 0 ? null : Find(header.CallId);
        pace.Charge(payload.Length, wanted: true);
        if (LogDropped.TryRead(payload.Span) is { } dropped)
        {
            log.Drop(call?.Invocation?.RequestId, dropped.Lines, dropped.Bytes);
        }
    }

    private void Break()
    {
        if (!broken)
        {
            broken = true;
            process.Kill();
            breaking.Cancel();
        }
    }

    /// <summary>The reading loop is over: no frame will come, so every call ends with how the process ended.</summary>
    private async Task FinishAsync()
    {
        var exit = await AwaitExitAsync();
        broken = true;
        foreach (var call in slots)
        {
            if (call.IsWaiting && call.TryClaim())
            {
                End(call, OutcomeErrors.Exited(call.Invocation!.RequestId, exit));
            }
        }

        hello.TrySetResult();
        ready.TrySetResult(OutcomeErrors.Exited("", exit));
        writer.Dispose();
        reader.Dispose();
        socket.Dispose();
        closed.TrySetResult();
    }

    private async Task AnswerLateAsync(PendingCall call)
    {
        await closed.Task;
        var exit = await process.Exited;
        if (call.IsWaiting && call.TryClaim())
        {
            var outcome = OutcomeErrors.Exited(call.Invocation!.RequestId, exit);
            outcome.NeverStarted = true;
            End(call, outcome);
        }
    }

    private async Task<SandboxExit> AwaitExitAsync()
    {
        try
        {
            await process.Exited.WaitAsync(ExitGrace, time);
        }
        catch (TimeoutException)
        {
            process.Kill();
        }

        await process.DrainOutputAsync();
        return await process.Exited;
    }
}
