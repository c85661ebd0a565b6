using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lambent.Storage.Disk;

/// <summary>
/// The few system calls that .NET has no method for. On Windows each has a stand-in or does nothing, as said there.
/// </summary>
internal static partial class Posix
{
    private const int ReadOnlyFlag = 0;
    private static readonly int CloseOnExecFlag = OperatingSystem.IsMacOS() ? 0x0100_0000 : 0x8_0000;

    /// <summary>
    /// Makes the names in a folder durable: after a rename, the new name survives power loss only once the folder
    /// itself is synced. Windows does this with the file's own flush.
    /// </summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var handle = OpenForRead(path);
        if (Sync(handle) != 0)
        {
            throw Failure($"The folder '{path}' could not be synced");
        }
    }

    /// <summary>Opens without the advisory lock that .NET takes for every FileStream.</summary>
    public static SafeFileHandle OpenForRead(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }

        var handle = Open(path, ReadOnlyFlag | CloseOnExecFlag);
        return handle.IsInvalid ? throw Failure($"'{path}' could not be opened") : handle;
    }

    /// <summary>Gives a file a second name; copies it where the file system cannot.</summary>
    public static void LinkOrCopy(string existing, string path)
    {
        if (OperatingSystem.IsWindows() || Link(existing, path) != 0)
        {
            File.Copy(existing, path);
        }
    }

    private static IOException Failure(string what)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(errno)}", errno);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);
}
