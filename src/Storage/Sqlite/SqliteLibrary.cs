using System.Reflection;
using System.Runtime.InteropServices;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using SQLitePCL;

namespace Lambent.Storage.Sqlite;

/// <summary>
/// Binds to the operating system's SQLite, which gets its security fixes from there; none is bundled.
/// </summary>
internal static class SqliteLibrary
{
    /// <summary>3.37 brought STRICT tables; 3.35 RETURNING.</summary>
    private const int VersionNumberMin = 3_037_000;

    private static readonly Lock Gate = new();
    private static bool bound;
    private static bool loaded;

    /// <summary>Loads the library once.</summary>
    /// <exception cref="StoreException">It is missing or too old; the message says what to install.</exception>
    public static void Load()
    {
        lock (Gate)
        {
            if (loaded)
            {
                return;
            }

            if (!bound)
            {
                Bind(typeof(SQLite3Provider_e_sqlite3).Assembly);
                bound = true;
            }

            CheckVersion();
            loaded = true;
        }
    }

    /// <summary>The file names to try, in order.</summary>
    internal static string[] SystemNames()
    {
        if (OperatingSystem.IsWindows())
        {
            return ["winsqlite3.dll"];
        }

        return OperatingSystem.IsMacOS()
            ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"]
            : ["libsqlite3.so.0", "libsqlite3.so"];
    }

    /// <summary>Finds the first of the names, or says what to install.</summary>
    internal static nint Find(Assembly assembly, string[] names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, assembly, null, out var handle))
            {
                return handle;
            }
        }

        throw new StoreException(
            ErrorCode.StoreUnavailable,
            $"The system's SQLite library ({names[0]}) is missing. {InstallationHint()}");
    }

    private static void Bind(Assembly provider)
    {
        // Every call of the provider asks for "e_sqlite3"; the answer is the library found here.
        var handle = Find(provider, SystemNames());
        NativeLibrary.SetDllImportResolver(provider, (_, _, _) => handle);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();

        // Counting memory takes a lock around each allocation of every connection, and nobody reads the count. SQLite
        // refuses this when it is already in use in this process, and then counts on.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private static void CheckVersion()
    {
        if (raw.sqlite3_libversion_number() < VersionNumberMin)
        {
            throw new StoreException(
                ErrorCode.StoreUnavailable,
                $"The system's SQLite is {raw.sqlite3_libversion().utf8_to_string()}; 3.37 or newer is needed. " +
                InstallationHint());
        }

        if (raw.sqlite3_threadsafe() == 0)
        {
            throw new StoreException(
                ErrorCode.StoreUnavailable, "The system's SQLite was built without threads. " + InstallationHint());
        }
    }

    private static string InstallationHint()
    {
        if (OperatingSystem.IsWindows())
        {
            return "It is part of Windows 10 and newer.";
        }

        return OperatingSystem.IsMacOS()
            ? "It is part of macOS; a newer one: brew install sqlite."
            : "Install it: apt-get install libsqlite3-0 (Debian, Ubuntu), dnf install sqlite-libs (Fedora), " +
              "apk add sqlite-libs (Alpine).";
    }
}
