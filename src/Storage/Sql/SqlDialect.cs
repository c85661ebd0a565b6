namespace Lambent.Storage.Sql;

/// <summary>Where the engines differ. Statements have no differences; table definitions have these.</summary>
/// <param name="Text">Text compared byte by byte, so that names sort alike everywhere.</param>
/// <param name="Number">A signed 64-bit integer.</param>
/// <param name="Bytes">Binary data.</param>
/// <param name="TableOptions">What follows a table's closing parenthesis.</param>
/// <param name="ClusteredOptions">
/// The same for a table of small rows that are found by their key alone, which may lie in the key's own tree.
/// </param>
/// <param name="JsonText">A member of a JSON document in a column, as text: the column, the member.</param>
internal sealed record SqlDialect(
    string Text,
    string Number,
    string Bytes,
    string TableOptions,
    string ClusteredOptions,
    Func<string, string, string> JsonText)
{
    /// <summary>STRICT makes SQLite refuse a value of another type instead of storing it.</summary>
    public static readonly SqlDialect Sqlite = new(
        "TEXT", "INTEGER", "BLOB", " STRICT", " STRICT, WITHOUT ROWID",
        (column, member) => $"json_extract({column}, '$.{member}')");
}
