using System.Diagnostics.CodeAnalysis;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using SQLitePCL;

namespace Lambent.Storage.Sqlite;

/// <summary>A call of SQLite failed. What the environment caused becomes a StoreException; the rest is a bug.</summary>
internal sealed class SqliteException(int extendedCode, string message)
    : Exception($"SQLite error {extendedCode}: {message}")
{
    public int ExtendedCode { get; } = extendedCode;

    /// <summary>The result code without its extension.</summary>
    public int PrimaryCode => ExtendedCode & 0xff;

    public bool IsDiskFull => PrimaryCode == raw.SQLITE_FULL;

    public bool IsCorruption => PrimaryCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>
    /// Whether the connection must not be trusted any further. After a failed fsync the kernel may have dropped the
    /// pages it could not write and report success the next time, so nothing but starting over is safe.
    /// </summary>
    public bool BreaksConnection =>
        IsCorruption || PrimaryCode is raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM
            or raw.SQLITE_PROTOCOL or raw.SQLITE_READONLY;

    /// <summary>Says in the store's words what the environment did; false for what is a bug.</summary>
    public bool TryTranslate(string databasePath, [NotNullWhen(true)] out StoreException? translated)
    {
        translated = this switch
        {
            { IsDiskFull: true } => new StoreException(
                ErrorCode.DiskFull,
                $"The disk with '{databasePath}' is full. Nothing was written. Free some space and try again.",
                this),
            { IsCorruption: true } => new StoreException(
                ErrorCode.StoreUnavailable,
                $"The database '{databasePath}' is damaged ({Message}). Stop the server and restore the data " +
                "folder from a copy.",
                this),
            { BreaksConnection: true } => new StoreException(
                ErrorCode.StoreUnavailable,
                $"The database '{databasePath}' cannot be used ({Message}). Nothing was acknowledged. " +
                "Check the disk and its permissions.",
                this),
            { PrimaryCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => new StoreException(
                ErrorCode.StoreUnavailable,
                $"The database '{databasePath}' is locked by another program. Nothing was written.",
                this),
            _ => null,
        };
        return translated is not null;
    }
}
