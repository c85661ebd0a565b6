using System.Globalization;
using Lambent.Kernel.Storage;
using Lambent.Storage.Migrations;
using Lambent.Storage.Sqlite;
using Lambent.Storage.Tables;

namespace Lambent.Simulation.Storing;

/// <summary>
/// What survives a crash: a database with the real schema, opened as the server opens it, in a file system that is in
/// memory where there is one. It holds what was committed and nothing else, because SQLite keeps the promise that a
/// transaction is there whole or not at all; that it does on a real disk is tested elsewhere, with a real disk.
/// </summary>
internal sealed class SimulatedDisk : IDisposable
{
    private const string InMemory = "/dev/shm";
    private static readonly Lazy<byte[]> Empty = new(MakeEmpty);
    private static long count;

    private readonly string path = NewPath();
    private readonly SqliteReaderPool readers;

    public SimulatedDisk()
    {
        File.WriteAllBytes(path, Empty.Value);
        readers = new SqliteReaderPool(path, 1);
    }

    public SqliteConnection Connect() => SqliteConnection.Open(path, SqliteAccess.DurableWriter);

    /// <summary>As the server does after its disk failed.</summary>
    public SqliteConnection Reconnect() => GroupCommit.Reopen(path);

    public T Read<T>(Func<ITransaction, T> body) => readers.Read(session => body(new TableSet(session)));

    public void Dispose()
    {
        readers.Dispose();
        Delete(path);
    }

    /// <summary>The database of a new server; made once, because every world begins with it.</summary>
    private static byte[] MakeEmpty()
    {
        var path = NewPath();
        using (var connection = SqliteConnection.Open(path, SqliteAccess.DurableWriter))
        {
            new Migrator(connection, TimeProvider.System).Run(MigrationList.All);
            connection.Checkpoint();
        }

        var bytes = File.ReadAllBytes(path);
        Delete(path);
        return bytes;
    }

    private static string NewPath() => Path.Combine(
        Directory.Exists(InMemory) ? InMemory : Path.GetTempPath(),
        string.Create(
            CultureInfo.InvariantCulture,
            $"lambent-simulation-{Environment.ProcessId}-{Interlocked.Increment(ref count)}.db"));

    private static void Delete(string path)
    {
        File.Delete(path);
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }
}
