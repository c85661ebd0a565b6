using Lambent.Kernel.Storage;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class SettingTable(ISqlSession session) : ISettingTable
{
    private static readonly SqlText GetSql = new("SELECT value, checksum FROM settings WHERE name = $1");

    private static readonly SqlText PutSql = new("""
        INSERT INTO settings (name, value, checksum) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, checksum = excluded.checksum
        """);

    public byte[]? Get(string name)
    {
        using var rows = session.Prepare(GetSql).Bind(name);
        return rows.Read() ? rows.GetCheckedBytes(0, "setting").ToArray() : null;
    }

    public void Put(string name, byte[] value)
    {
        using var statement = session.Prepare(PutSql).Bind(name).Bind(value).Bind(RowDocument.Checksum(value));
        statement.Run();
    }
}
