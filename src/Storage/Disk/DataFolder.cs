using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Lambent.Kernel;

namespace Lambent.Storage.Disk;

/// <summary>
/// The one folder a server keeps everything in, held by one process at a time. docs/internals/storage.md describes
/// its layout. The lock is the operating system's, on an open file: it ends with the process, however it ends.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnlyFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream lockFile;

    private DataFolder(string root, FileStream lockFile)
    {
        Root = root;
        this.lockFile = lockFile;
    }

    /// <summary>The folder's absolute path.</summary>
    public string Root { get; }

    /// <summary>The durable truth of the embedded engine.</summary>
    public string DatabasePath => Path.Combine(Root, "lambent.db");

    /// <summary>Logs and records of calls; may be deleted while no server runs.</summary>
    public string TelemetryPath => Path.Combine(Root, "telemetry.db");

    /// <summary>Packages as they were uploaded, by digest.</summary>
    public string PackagesPath => Path.Combine(Root, "packages");

    /// <summary>Contents of objects, by digest.</summary>
    public string ObjectsPath => Path.Combine(Root, "objects");

    /// <summary>Unpacked packages: a cache, rebuilt from <see cref="PackagesPath"/>.</summary>
    public string CodePath => Path.Combine(Root, "code");

    /// <summary>Merged layers: a cache, rebuilt from <see cref="PackagesPath"/>.</summary>
    public string LayersPath => Path.Combine(Root, "layers");

    /// <summary>Unfinished work; emptied at every start.</summary>
    public string TemporaryPath => Path.Combine(Root, "temp");

    /// <summary>The reason of the failure when another process has the folder.</summary>
    public const string HeldReason = "DataFolderHeld";

    /// <summary>
    /// Creates the folder when it is missing (mode 0700) and takes it for this process. Fails with ResourceConflict
    /// when another process has it, which the message names by its id, with StoreUnavailable when it cannot be written.
    /// </summary>
    public static Result<DataFolder> Open(string path)
    {
        var root = Path.GetFullPath(path);
        try
        {
            CreateFolder(root);
            if (!TryLock(Path.Combine(root, "lock"), out var lockFile))
            {
                var holder = ReadHolder(Path.Combine(root, "lock"));
                return new Error(
                    ErrorCode.ResourceConflict,
                    $"The data folder '{root}' is in use by process {holder}. " +
                    "Stop that process, or choose another folder with --data.",
                    Reason: HeldReason);
            }

            var folder = new DataFolder(root, lockFile);
            CreateFolder(folder.PackagesPath);
            CreateFolder(folder.ObjectsPath);
            CreateFolder(folder.CodePath);
            CreateFolder(folder.LayersPath);
            CreateFolder(folder.TemporaryPath);
            Posix.SyncFolder(root);
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Error(
                ErrorCode.StoreUnavailable, $"The data folder '{root}' cannot be used: {failure.Message}");
        }
    }

    /// <summary>Creates an empty file for this user alone, unless it exists; databases keep its mode.</summary>
    internal static void CreatePrivateFile(string path)
    {
        if (!File.Exists(path))
        {
            using var created = new FileStream(path, PrivateFile(FileMode.CreateNew));
        }
    }

    internal static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnlyFolder);
        }
    }

    public void Dispose() => lockFile.Dispose();

    private static bool TryLock(string path, [NotNullWhen(true)] out FileStream? held)
    {
        try
        {
            held = new FileStream(path, PrivateFile(FileMode.OpenOrCreate));
        }
        catch (IOException) when (File.Exists(path))
        {
            held = null;
            return false;
        }

        WriteHolder(held);
        return true;
    }

    private static void WriteHolder(FileStream held)
    {
        try
        {
            held.SetLength(0);
            held.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            held.Flush();
        }
        catch (IOException)
        {
            // The disk is full. The lock holds without the number, and a full disk must not keep the server down.
        }
    }

    private static FileStreamOptions PrivateFile(FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            // On Unix None is an exclusive flock, which readers of the process id may pass. On Windows it would also
            // keep them out, and Read is already exclusive against other writers.
            Share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static string ReadHolder(string path)
    {
        try
        {
            using var handle = Posix.OpenForRead(path);
            Span<byte> text = stackalloc byte[20];
            var holder = Encoding.ASCII.GetString(text[..RandomAccess.Read(handle, text, 0)]).Trim();
            return holder.Length > 0 ? holder : "(starting)";
        }
        catch (IOException)
        {
            return "(unknown)";
        }
    }
}
