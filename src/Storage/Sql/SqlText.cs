namespace Lambent.Storage.Sql;

/// <summary>
/// A statement in the SQL that SQLite and PostgreSQL have in common. Parameters are $1, $2… numbered in the order in
/// which they first appear, because SQLite takes them for names. There is one static instance per statement: engines
/// keep the prepared form by reference.
/// </summary>
internal sealed class SqlText(string text)
{
    public string Text { get; } = text;

    public override string ToString() => Text;
}
