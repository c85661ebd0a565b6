namespace Lambent.Storage.Sql;

/// <summary>
/// A prepared statement, rented for one use and given back by Dispose. Values are bound in the order of the
/// parameters, then rows are read one after the other.
/// </summary>
internal interface ISqlStatement : IDisposable
{
    ISqlStatement Bind(string? text);

    ISqlStatement Bind(long number);

    /// <summary>Binds bytes; an empty span is an empty value, not a null.</summary>
    ISqlStatement Bind(ReadOnlySpan<byte> bytes);

    /// <summary>Binds text that is already UTF-8.</summary>
    ISqlStatement BindText(ReadOnlySpan<byte> utf8);

    /// <summary>Moves to the next row; false after the last one.</summary>
    bool Read();

    /// <summary>Runs to the end, for statements whose rows nobody wants.</summary>
    /// <returns>The number of rows it changed.</returns>
    int Run();

    bool IsNull(int column);

    long GetNumber(int column);

    string GetText(int column);

    /// <summary>Bytes of a text or binary column, valid until the next <see cref="Read"/> or Dispose.</summary>
    ReadOnlySpan<byte> GetBytes(int column);
}

/// <summary>One transaction as the tables see it.</summary>
internal interface ISqlSession
{
    /// <exception cref="InvalidOperationException">The transaction is over.</exception>
    ISqlStatement Prepare(SqlText sql);
}
