using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.RunFolders;

/// <summary>
/// What this server keeps only while it runs: a folder per environment with its sockets, and the files that all
/// sandboxes share. The folder is locked as long as the server lives; a folder whose lock is free was left behind.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    /// <summary>sockaddr_un holds 108 bytes with the closing zero.</summary>
    public const int SocketPathBytesMax = 107;

    public const string LockName = "lock";
    public const string ControlGroupsName = "control-groups";

    private const int OwnerReadWrite = 0x180;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string CommonLockName = ".lock";
    private const string LongestFileInEnvironment = "/host/frames.sock";

    private readonly FileStream instanceLock;

    private RunFolder(string path, FileStream instanceLock)
    {
        Path = path;
        this.instanceLock = instanceLock;
    }

    public string Path { get; }

    /// <summary>lambent-XXXXXXXX: also the name of the instance's control groups.</summary>
    public string InstanceName => System.IO.Path.GetFileName(Path);

    /// <summary>
    /// Where servers of this user keep their run folders. Short, because a socket's path must be, and never in the
    /// data folder, which may be on a file system without sockets.
    /// </summary>
    public static string DefaultRoot(Func<string, string?> variable)
    {
        if (Libc.EffectiveUser() == 0)
        {
            return "/run/lambent";
        }

        return variable("XDG_RUNTIME_DIR") is { Length: > 0 and < 40 } runtime && Directory.Exists(runtime)
            ? System.IO.Path.Combine(runtime, "lambent")
            : string.Create(CultureInfo.InvariantCulture, $"/tmp/lambent-{Libc.EffectiveUser()}");
    }

    /// <summary>Makes a new instance's folder below <paramref name="root"/>.</summary>
    public static RunFolder Create(string root)
    {
        CreatePrivate(root);
        using var common = LockCommon(root);
        var name = $"lambent-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var path = System.IO.Path.Combine(root, name);
        CreatePrivate(path);
        return new RunFolder(path, Lock(System.IO.Path.Combine(path, LockName))!);
    }

    /// <summary>
    /// The folders below <paramref name="root"/> that no server owns any more, each with its lock taken.
    /// </summary>
    public static IReadOnlyList<(string Path, FileStream Lock)> TakeAbandoned(string root)
    {
        var abandoned = new List<(string Path, FileStream Lock)>();
        if (Directory.Exists(root))
        {
            using var common = LockCommon(root);
            foreach (var path in Directory.GetDirectories(root, "lambent-*"))
            {
                if (Lock(System.IO.Path.Combine(path, LockName)) is { } taken)
                {
                    abandoned.Add((path, taken));
                }
            }
        }

        return abandoned;
    }

    /// <summary>
    /// The folder of an environment: its id, or a digest of it where the path would be too long for a socket.
    /// </summary>
    public string EnvironmentFolder(string environmentId)
    {
        var path = System.IO.Path.Combine(Path, environmentId);
        if (Encoding.UTF8.GetByteCount(path) + LongestFileInEnvironment.Length <= SocketPathBytesMax)
        {
            return path;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(environmentId)));
        return System.IO.Path.Combine(Path, digest[..16]);
    }

    public void Dispose() => Remove(Path, instanceLock);

    /// <summary>
    /// Removes a folder whose lock the caller holds. The lock goes last, together with the folder and while nobody
    /// looks: another server that found the folder without it would make a new one, in a folder that is being removed.
    /// </summary>
    /// <exception cref="IOException">Something comes into it still; the next sweep finds it.</exception>
    public static void Remove(string path, FileStream taken)
    {
        using (taken)
        {
            if (!Directory.Exists(path))
            {
                return;
            }

            foreach (var folder in Directory.EnumerateDirectories(path))
            {
                Delete(folder);
            }

            foreach (var file in Directory.EnumerateFiles(path))
            {
                if (System.IO.Path.GetFileName(file) != LockName)
                {
                    File.Delete(file);
                }
            }

            using var common = LockCommon(System.IO.Path.GetDirectoryName(path)!);
            File.Delete(System.IO.Path.Combine(path, LockName));
            Directory.Delete(path);
        }
    }

    public static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }
    }

    private static void CreatePrivate(string path)
    {
        Directory.CreateDirectory(path, OwnerOnly);
        if (File.GetUnixFileMode(path) != OwnerOnly)
        {
            // In a folder that everyone may write to, somebody else may have been first: then this fails, as it must.
            File.SetUnixFileMode(path, OwnerOnly);
        }
    }

    /// <summary>
    /// Waits for the lock under which folders are made and taken over: a folder without a lock of its own may otherwise
    /// be one that is just being made. It is held for microseconds.
    /// </summary>
    private static Descriptor LockCommon(string root)
    {
        var path = System.IO.Path.Combine(root, CommonLockName);
        // Not a FileStream: opening one asks for a lock of its own, and fails where this is to wait.
        var file = Descriptor.Open(path, Libc.OpenReadWrite | Libc.OpenCreate, OwnerReadWrite);
        NativeException.Check(Libc.LockFile(file.Number, Libc.LockExclusive), $"flock {path}");
        return file;
    }

    /// <summary>
    /// The file, locked (flock); null when somebody else has it. The kernel lets go when the holder dies.
    /// </summary>
    private static FileStream? Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException))
        {
            return null;
        }
    }
}
