using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Lambent.Protocol.Frames;
using Lambent.Runtime.Dotnet.Calls;
using Lambent.Runtime.Dotnet.Frames;
using Lambent.Runtime.Dotnet.Loading;
using Lambent.Runtime.Dotnet.Logs;

namespace Lambent.Runtime.Dotnet;

/// <summary>The execution environment: specialized once, then a table of the calls in flight.</summary>
internal sealed class ExecutionEnvironment
{
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    private readonly Socket? socket;
    private readonly FrameReader? reader;
    private readonly Dictionary<uint, Call> calls = [];
    private readonly AsyncLocal<Call?> callOfFlow = new();
    private Call? callAlone;
    private Func<Call, Task>? handler;
    private string trace = "";

    /// <param name="socket">The connection, or null in a rehearsal.</param>
    /// <param name="writer">What is answered goes here.</param>
    /// <param name="reader">What calls <see cref="Receive"/>, or null in a rehearsal.</param>
    public ExecutionEnvironment(Socket? socket, FrameWriter writer, FrameReader? reader)
    {
        this.socket = socket;
        this.reader = reader;
        Writer = writer;
        Log = new LogSink(writer, () => CurrentCall);
    }

    public FrameWriter Writer { get; }

    /// <summary>Set when Specialize has come.</summary>
    public ManualResetEvent Specializing { get; } = new(false);

    public LogSink Log { get; }

    public Specialization Specialization { get; private set; } = null!;

    /// <summary>The call whose code is running, or null outside any.</summary>
    private Call? CurrentCall
    {
        get
        {
            Call? call = Specialization is { Concurrency: > 1 } ? callOfFlow.Value : callAlone;
            return call is { IsFinished: false } ? call : null;
        }
    }

    /// <summary>Takes a frame; false for what a host that keeps to the protocol does not send.</summary>
    public bool Receive(FrameKind kind, uint callId, ArraySegment<byte> payload)
    {
        switch (kind)
        {
            case FrameKind.Invoke:
                return Invoke(callId, payload);
            case FrameKind.Specialize:
                return Specialize(payload);
            case FrameKind.Cancel:
                Find(callId)?.Cancel();
                return true;
            case FrameKind.Window:
                if (payload.Count != sizeof(uint))
                {
                    return false;
                }
                Find(callId)?.Response?.Widen(BinaryPrimitives.ReadUInt32LittleEndian(payload));
                return true;
            case FrameKind.BodyChunk:
                Find(callId)?.Body?.Take(payload);
                return true;
            case FrameKind.BodyEnd:
                Find(callId)?.Body?.Finish(Encoding.UTF8.GetString(payload));
                return true;
            case FrameKind.Shutdown:
                return false;
            default:
                return true;
        }
    }

    /// <summary>Makes it ready for calls without touching the process: no variables, console or threads.</summary>
    public void Rehearse(Specialization specialization, Func<Call, Task> rehearsed)
    {
        Specialization = specialization;
        handler = rehearsed;
    }

    /// <summary>
    /// A call's handler may wait for frames. Alone in its environment it runs on the thread that reads them, which
    /// saves a change of threads to all that wait for none.
    /// </summary>
    public void LetAnotherThreadRead(Call call)
    {
        if (Specialization.Concurrency == 1 && !call.IsFinished)
        {
            reader?.HandOver(Receive);
        }
    }

    /// <summary>A call has its answer in the writer.</summary>
    public void Release(Call call)
    {
        lock (calls)
        {
            calls.Remove(call.Id);
        }
    }

    private Call? Find(uint callId)
    {
        lock (calls)
        {
            return calls.GetValueOrDefault(callId);
        }
    }

    private bool Specialize(ArraySegment<byte> payload)
    {
        if (Specialization is not null || Specialization.TryRead(payload) is not { } specialization)
        {
            return false;
        }
        Specialization = specialization;
        Specializing.Set();
        foreach ((string name, string value) in specialization.Variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
        TimeZoneInfo.ClearCachedData();
        Log.Capture(specialization.LogsJson, specialization.LogLimits);
        AppDomain.CurrentDomain.UnhandledException += (_, failure) => FailAll(failure.ExceptionObject);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => FlushBeforeExit();
        if (specialization.Concurrency == 1)
        {
            ProcessExit.LeaveWhenClosed((int)socket!.Handle);
        }
        else
        {
            // A handler may block its thread; the pool would add threads only slowly.
            ThreadPool.GetMinThreads(out int workers, out int completions);
            ThreadPool.SetMinThreads(Math.Max(workers, specialization.Concurrency), completions);
        }
        Load(specialization);
        return true;
    }

    private void Load(Specialization specialization)
    {
        try
        {
            if (Directory.Exists(specialization.TaskRoot))
            {
                Environment.CurrentDirectory = specialization.TaskRoot;
            }
            handler = HandlerLoader.Load(specialization.TaskRoot, specialization.Handler);
        }
        catch (Exception exception)
        {
            byte[] error = ErrorObject.Write(exception);
            Log.Error(exception, call: null);
            Log.FinishOutside();
            Writer.Write(FrameKind.InitError, 0, 0, error);
            Writer.Flush();
            ProcessExit.WithStatus(1);
        }
        Log.FinishOutside();
        Writer.Write(FrameKind.Ready, 0, 0, []);
    }

    private bool Invoke(uint callId, ArraySegment<byte> payload)
    {
        if (handler is null || Call.TryRead(this, callId, payload) is not { } call)
        {
            return false;
        }
        lock (calls)
        {
            if (calls.Count >= Specialization.Concurrency || !calls.TryAdd(callId, call))
            {
                return false;
            }
        }
        if (Specialization.Concurrency == 1)
        {
            SetTraceVariable(call.TraceHeader);
            callAlone = call;
            Run(call);
        }
        else
        {
            call.KeepEvent();
            ThreadPool.UnsafeQueueUserWorkItem(static call => call.Environment.RunInItsFlow(call), call, false);
        }
        return true;
    }

    private void RunInItsFlow(Call call)
    {
        callOfFlow.Value = call;
        Run(call);
    }

    private void Run(Call call)
    {
        Debug.Assert(handler is not null, "A call is accepted only after Ready");
        Task task;
        try
        {
            task = handler(call);
        }
        catch (Exception exception)
        {
            call.Fail(exception);
            return;
        }
        if (!task.IsCompletedSuccessfully)
        {
            _ = FailWhenFaultedAsync(call, task);
        }
    }

    private static async Task FailWhenFaultedAsync(Call call, Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
    }

    /// <summary>Tracing libraries read the current trace from the environment.</summary>
    private void SetTraceVariable(string value)
    {
        if (value != trace)
        {
            trace = value;
            Environment.SetEnvironmentVariable(TraceVariable, value.Length == 0 ? null : value);
        }
    }

    /// <summary>The process is in doubt: every call in flight ends with the error, then the environment ends.</summary>
    private void FailAll(object failure)
    {
        Exception exception = failure as Exception ?? new InvalidOperationException(failure.ToString());
        Call[] inFlight;
        lock (calls)
        {
            inFlight = [.. calls.Values];
        }
        Log.Error(exception, CurrentCall);
        foreach (Call call in inFlight)
        {
            call.Fail(exception, logged: true);
        }
        if (handler is null)
        {
            Writer.Write(FrameKind.InitError, 0, 0, ErrorObject.Write(exception));
        }
        FlushBeforeExit();
        ProcessExit.WithStatus(1);
    }

    private void FlushBeforeExit()
    {
        Call[] inFlight;
        lock (calls)
        {
            inFlight = [.. calls.Values];
        }
        foreach (Call call in inFlight)
        {
            Log.Finish(call);
        }
        Log.FinishOutside();
        Writer.Flush();
    }
}
