using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>
/// Opens the platform's listener inside a sandbox's network, which has nothing but a loopback interface. A socket stays
/// in the network it was made in, so the host can accept on it from outside.
/// </summary>
internal static unsafe class SandboxNetwork
{
    public const int Port = 9001;
    public const string Address = "127.0.0.1:9001";

    private const int Backlog = 128;
    private const int FamilyInternet = 2;
    private const int TypeStream = 1;
    private const int LevelSocket = 1;
    private const int OptionReuseAddress = 2;
    private const int LevelInternet = 0;
    private const int OptionFreeBind = 15;

    /// <summary>
    /// What makes the listener where the host may not: the shell starts it first, it says on a descriptor which number
    /// the listener has, and becomes the shell again with the listener open.
    /// </summary>
    private const string PerlListener =
        "$^F = 255; socket(my $s, 2, 1, 0) or die; setsockopt($s, 1, 2, 1); "
        + "bind($s, pack('Sna4x8', 2, 9001, \"\\x7f\\0\\0\\1\")) or die; listen($s, 128) or die; "
        + "open(my $r, '>&=', 4) or die; syswrite($r, fileno($s)); close($r); exec { $ARGV[0] } @ARGV;";

    private const string PythonListener =
        "import os, socket, sys; s = socket.socket(); s.setsockopt(1, 2, 1); s.bind(('127.0.0.1', 9001)); "
        + "s.listen(128); os.set_inheritable(s.fileno(), True); os.write(4, b'%d' % s.fileno()); os.close(4); "
        + "os.execv(sys.argv[1], sys.argv[1:])";

    /// <summary>For root: visits the network of <paramref name="process"/>. On the visiting thread only.</summary>
    public static Socket OpenListener(Descriptor process)
    {
        // Until the thread is back nothing may run that could start another thread: it would stay in the sandbox.
        using var held = process.Hold();
        using var home = Descriptor.Open("/proc/thread-self/ns/net", Libc.OpenReadOnly);
        NativeException.Check(Libc.JoinNamespace(held.Number, Libc.NamespaceNetwork), "setns");
        var listener = Listen();
        var error = Marshal.GetLastPInvokeError();
        NativeException.Check(Libc.JoinNamespace(home.Number, Libc.NamespaceNetwork), "setns back");
        return listener >= 0
            ? new Socket(new SafeSocketHandle(listener, ownsHandle: true))
            : throw new NativeException($"listen on {Address}", error);
    }

    /// <summary>
    /// For other users: the command that makes the listener from inside, or null when there is no tool for it.
    /// </summary>
    public static IReadOnlyList<string>? ListenerCommand() =>
        File.Exists("/usr/bin/perl") ? ["/usr/bin/perl", "-e", PerlListener, "--"]
        : File.Exists("/usr/bin/python3") ? ["/usr/bin/python3", "-I", "-S", "-c", PythonListener]
        : null;

    /// <summary>Fetches the listener that <see cref="ListenerCommand"/> made.</summary>
    /// <param name="process">The sandbox's first process, which the command still is.</param>
    /// <param name="number">The listener's number there.</param>
    public static Socket FetchListener(Descriptor process, int number)
    {
        using var held = process.Hold();
        var listener = NativeException.Check(Libc.CopyDescriptor(held.Number, number), "pidfd_getfd");
        return new Socket(new SafeSocketHandle(listener, ownsHandle: true));
    }

    private static int Listen()
    {
        var listener = Libc.CreateSocket(FamilyInternet, TypeStream | Libc.OpenCloseOnExec, 0);
        if (listener < 0)
        {
            return -1;
        }

        var one = 1;
        _ = Libc.SetSocketOption(listener, LevelSocket, OptionReuseAddress, &one, sizeof(int));
        // The loopback interface may not be up yet.
        _ = Libc.SetSocketOption(listener, LevelInternet, OptionFreeBind, &one, sizeof(int));
        var address = stackalloc byte[16];
        new Span<byte>(address, 16).Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(address, 2), FamilyInternet);
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(address + 2, 2), Port);
        BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(address + 4, 4), 0x7F00_0001);
        if (Libc.Bind(listener, address, 16) == 0 && Libc.Listen(listener, Backlog) == 0)
        {
            return listener;
        }

        var error = Marshal.GetLastPInvokeError();
        _ = Libc.Close(listener);
        Marshal.SetLastPInvokeError(error);
        return -1;
    }
}
