using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Launching;

/// <summary>
/// One thread that waits for many descriptors (epoll) and runs their handlers one after the other. State that only
/// handlers and posted actions touch needs no lock. Handlers must be quick: they share the thread.
/// </summary>
internal sealed unsafe class Reactor : IDisposable
{
    private const int BatchSize = 64;
    private const int OperationAdd = 1;
    private const int OperationDelete = 2;

    // The kernel packs epoll_event on x64 and nowhere else.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int TokenOffset = EventSize - sizeof(ulong);

    private readonly Descriptor epoll;
    private readonly Descriptor wake;
    private readonly Thread thread;
    private readonly Action<string> warn;
    private readonly ConcurrentQueue<Action> posted = new();
    private readonly Dictionary<ulong, Action> handlers = [];
    private ulong lastToken;
    private int wakePending;
    private volatile bool stopping;

    public Reactor(string name, Action<string> warn)
    {
        this.warn = warn;
        epoll = new Descriptor(NativeException.Check(Libc.EpollCreate(Libc.OpenCloseOnExec), "epoll_create1"));
        wake = new Descriptor(NativeException.Check(
            Libc.EventDescriptor(0, Libc.OpenCloseOnExec | Libc.OpenNonBlocking), "eventfd"));
        Control(OperationAdd, wake, token: 0);
        thread = new Thread(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    public bool IsCurrentThread => Thread.CurrentThread == thread;

    /// <summary>Runs <paramref name="action"/> on the thread, after what was posted before.</summary>
    public void Post(Action action)
    {
        ObjectDisposedException.ThrowIf(stopping, this);
        posted.Enqueue(action);
        Wake();
    }

    /// <summary>Runs <paramref name="action"/> on the thread and hands over what it returns or throws.</summary>
    public Task<T> RunAsync<T>(Func<T> action)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                completion.SetResult(action());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        return completion.Task;
    }

    /// <summary>
    /// Calls <paramref name="handler"/> whenever the descriptor is readable or its other side is gone, until
    /// <see cref="Remove"/>. On the thread only.
    /// </summary>
    public ulong Add(Descriptor descriptor, Action handler)
    {
        var token = ++lastToken;
        handlers.Add(token, handler);
        Control(OperationAdd, descriptor, token);
        return token;
    }

    /// <summary>On the thread only, before the descriptor is closed.</summary>
    public void Remove(ulong token, Descriptor descriptor)
    {
        if (handlers.Remove(token))
        {
            Control(OperationDelete, descriptor, token);
        }
    }

    public void Dispose()
    {
        if (stopping)
        {
            return;
        }

        stopping = true;
        Wake();
        if (!IsCurrentThread)
        {
            thread.Join();
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref wakePending, 1) == 0)
        {
            ulong one = 1;
            _ = Libc.Write(wake.Number, (byte*)&one, sizeof(ulong));
        }
    }

    private void Control(int operation, Descriptor descriptor, ulong token)
    {
        var entry = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(entry, 4), Libc.PollIn);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(entry + TokenOffset, sizeof(ulong)), token);
        NativeException.Check(Libc.EpollControl(epoll.Number, operation, descriptor.Number, entry), "epoll_ctl");
    }

    private void Run()
    {
        var events = stackalloc byte[16 * BatchSize];
        while (!stopping)
        {
            var count = Libc.EpollWait(epoll.Number, events, BatchSize, -1);
            if (count < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.ErrorInterrupted)
                {
                    continue;
                }

                throw new NativeException("epoll_wait", error);
            }

            for (var index = 0; index < count; index++)
            {
                Dispatch(BinaryPrimitives.ReadUInt64LittleEndian(
                    new ReadOnlySpan<byte>(events + (index * EventSize) + TokenOffset, sizeof(ulong))));
            }
        }

        epoll.Dispose();
        wake.Dispose();
    }

    private void Dispatch(ulong token)
    {
        if (token == 0)
        {
            RunPosted();
        }
        else if (handlers.TryGetValue(token, out var handler))
        {
            Guard(handler);
        }
    }

    private void RunPosted()
    {
        ulong value;
        _ = Libc.Read(wake.Number, (byte*)&value, sizeof(ulong));
        Volatile.Write(ref wakePending, 0);
        Interlocked.MemoryBarrier();
        while (posted.TryDequeue(out var action))
        {
            Guard(action);
        }
    }

    private void Guard(Action action)
    {
        // A handler that throws is a bug of its owner; the other owners' descriptors must go on being served.
        try
        {
            action();
        }
        catch (Exception exception)
        {
            warn($"{Thread.CurrentThread.Name}: {exception}");
        }
    }
}
