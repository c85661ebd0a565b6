namespace Lambent.Storage.Sql;

/// <summary>Where the engines differ. Statements have no differences; table definitions have these.</summary>
/// <param name="Text">Text compared byte by byte, so that names sort alike everywhere.</param>
/// <param name="Number">A signed 64-bit integer.</param>
/// <param name="Bytes">Binary data.</param>
/// <param name="TableOptions">What follows a table's closing parenthesis.</param>
internal sealed record SqlDialect(string Text, string Number, string Bytes, string TableOptions)
{
    /// <summary>STRICT makes SQLite refuse a value of another type instead of storing it.</summary>
    public static readonly SqlDialect Sqlite = new("TEXT", "INTEGER", "BLOB", " STRICT");
}
