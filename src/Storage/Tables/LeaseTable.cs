using Lambent.Kernel.Leases;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>Leases belong to the server, to no account.</summary>
internal sealed class LeaseTable(ISqlSession session) : ILeaseTable
{
    private static readonly SqlText GetSql = new("SELECT holder, epoch, expires_at FROM leases WHERE name = $1");

    private static readonly SqlText PutSql = new("""
        INSERT INTO leases (name, holder, epoch, expires_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name) DO UPDATE
        SET holder = excluded.holder, epoch = excluded.epoch, expires_at = excluded.expires_at
        """);

    public Lease? Get(string name)
    {
        using var rows = session.Prepare(GetSql).Bind(name);
        return rows.Read()
            ? new Lease(name, rows.GetText(0), rows.GetNumber(1), TimeColumn.ToTime(rows.GetNumber(2)))
            : null;
    }

    public void Put(Lease lease)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(lease.Name)
            .Bind(lease.Holder)
            .Bind(lease.Epoch)
            .Bind(TimeColumn.FromTime(lease.ExpiresAt));
        statement.Run();
    }
}
