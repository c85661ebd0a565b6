namespace Lambent.Storage.Sql;

/// <summary>What tables do over and over.</summary>
internal static class SqlSession
{
    public static void Run(this ISqlSession session, SqlText sql, string parameter)
    {
        using var statement = session.Prepare(sql).Bind(parameter);
        statement.Run();
    }

    public static List<T> ReadAll<T>(this ISqlStatement rows, Func<ISqlStatement, T> readRow)
    {
        var all = new List<T>();
        while (rows.Read())
        {
            all.Add(readRow(rows));
        }

        return all;
    }
}
