using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Lambent.Runtime.Dotnet;

/// <summary>The ways in which the shim ends the process itself. None runs handlers or finalizers.</summary>
internal static partial class ProcessExit
{
    private const short PollHangUp = 0x0010;
    private const short PollPeerClosed = 0x2000;

    /// <summary>Without the host nobody can be answered, and what is left to do would be work for nobody.</summary>
    [DoesNotReturn]
    public static void Leave() => ExitNow(0);

    /// <summary>Ends the process; what the writer still holds is lost.</summary>
    [DoesNotReturn]
    public static void WithStatus(int status) => ExitNow(status);

    /// <summary>Ends the process when the host goes while the thread that reads is inside a handler.</summary>
    public static void LeaveWhenClosed(int descriptor)
    {
        var thread = new Thread(() =>
        {
            var poll = new PollDescriptor
            {
                Descriptor = descriptor,
                Events = OperatingSystem.IsLinux() ? PollPeerClosed : PollHangUp,
            };
            while (Poll(ref poll, 1, -1) < 0)
            {
                // Interrupted by a signal: wait again.
            }
            Leave();
        }, maxStackSize: 64 * 1024)
        { IsBackground = true };
        thread.UnsafeStart();
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void NativeExit(int status);

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    [DoesNotReturn]
    private static void ExitNow(int status)
    {
        NativeExit(status);
        throw new System.Diagnostics.UnreachableException();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
