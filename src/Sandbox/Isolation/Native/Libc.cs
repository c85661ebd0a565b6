using System.Runtime.InteropServices;

namespace Lambent.Sandbox.Isolation.Native;

/// <summary>
/// The system calls that .NET has no name for. Linux only. Every method returns what the C function returns; callers
/// turn -1 into a <see cref="NativeException"/> with <see cref="NativeException.Check(int, string)"/>.
/// </summary>
internal static unsafe partial class Libc
{
    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenCreate = 0x40;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;

    public const int SignalKill = 9;

    public const int PollIn = 0x001;

    public const int NamespaceNetwork = 0x40000000;
    public const int NamespaceMounts = 0x00020000;

    /// <summary>Root, working folder and mask for new files.</summary>
    public const int ShareFolders = 0x00000200;

    /// <summary>Requests of ioctl(2) for the number of bytes that can be read.</summary>
    public const ulong BytesReadable = 0x541B;

    public const int LockExclusive = 2;

    public const int ErrorInterrupted = 4;
    public const int ErrorTryAgain = 11;

    private const int CurrentFolder = -100;

    // Young system calls have the same number on every architecture.
    private const long CallPidfdSendSignal = 424;
    private const long CallOpenTree = 428;
    private const long CallMoveMount = 429;
    private const long CallPidfdOpen = 434;
    private const long CallPidfdGetDescriptor = 438;
    private const long CallMountSetAttributes = 442;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string path);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* descriptors, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int ReadableBytes(int descriptor, ulong request, int* count);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int DescriptorFlags(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(int descriptor, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int LockFile(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processOrGroup, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int kind, uint id, byte* information, int options, nint usage);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* eventData);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int maxEvents, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int JoinNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int kinds);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int CreateSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int descriptor, int level, int option, int* value, uint length);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int descriptor, int backlog);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int operation, ulong a, ulong b, ulong c, ulong d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long a, long b, long c, long d, long e);

    /// <summary>A descriptor for a process, immune to the reuse of its number.</summary>
    public static int OpenProcess(int process) => (int)SystemCall(CallPidfdOpen, process, 0, 0, 0, 0);

    public static int SignalProcess(int processDescriptor, int signal) =>
        (int)SystemCall(CallPidfdSendSignal, processDescriptor, signal, 0, 0, 0);

    /// <summary>A copy of another process's descriptor.</summary>
    public static int CopyDescriptor(int processDescriptor, int descriptor) =>
        (int)SystemCall(CallPidfdGetDescriptor, processDescriptor, descriptor, 0, 0, 0);

    /// <summary>A detached copy of the mount at a folder, with what is mounted below it.</summary>
    public static int CloneTree(string path)
    {
        const long clone = 1;
        const long recursive = 0x8000;
        var name = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            return (int)SystemCall(CallOpenTree, CurrentFolder, name, clone | recursive | OpenCloseOnExec, 0, 0);
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    /// <summary>Read-only, without devices and set-user-id programs, all the way down.</summary>
    public static int MakeReadOnly(int mount)
    {
        const ulong readOnlyNoSetUserNoDevices = 1 | 2 | 4;
        const long emptyPath = 0x1000;
        const long recursive = 0x8000;
        // struct mount_attr: set, clear, propagation, user namespace.
        var attributes = stackalloc ulong[4];
        new Span<ulong>(attributes, 4).Clear();
        attributes[0] = readOnlyNoSetUserNoDevices;
        byte none = 0;
        return (int)SystemCall(
            CallMountSetAttributes, mount, (nint)(&none), emptyPath | recursive, (nint)attributes, 4 * sizeof(ulong));
    }

    public static int MoveMount(int mount, string target)
    {
        const long fromDescriptor = 4;
        byte none = 0;
        var name = Marshal.StringToCoTaskMemUTF8(target);
        try
        {
            return (int)SystemCall(CallMoveMount, mount, (nint)(&none), CurrentFolder, name, fromDescriptor);
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }
}
