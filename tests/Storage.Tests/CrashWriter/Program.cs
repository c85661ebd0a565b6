using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Tests.CrashWriter;

/// <summary>
/// A process to be killed: CrashWriter DATABASE WRITERS. It writes events from several tasks without end and prints
/// "ok ID" for each that was acknowledged, "no CODE" for each that was refused. The reader of its output holds it to
/// every "ok" it printed. After a refusal a task waits for a line on standard input.
/// </summary>
internal static class Program
{
    private static readonly Lock Output = new();
    private static readonly SemaphoreSlim Lines = new(0);

    public static async Task<int> Main(string[] arguments)
    {
        var store = SqliteStore.Open(new SqliteStoreOptions { Path = arguments[0] }, TimeProvider.System);
        var writerCount = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        new Thread(ReadLines) { IsBackground = true }.Start();
        await Task.WhenAll(Enumerable.Range(0, writerCount).Select(writer => WriteForEverAsync(store, writer)));
        return 0;
    }

    private static async Task WriteForEverAsync(SqliteStore store, int writer)
    {
        for (var number = 0; ; number++)
        {
            var id = $"{writer}-{number}";
            try
            {
                await store.WriteAsync<Done>(transaction =>
                {
                    transaction.Events.Add(Event(id), EventState.Ready);
                    return Done.Value;
                });
                Print($"ok {id}");
            }
            catch (StoreException refusal)
            {
                Print($"no {refusal.Code}");
                await Lines.WaitAsync();
            }
        }
    }

    private static AsyncEvent Event(string id) => new()
    {
        Id = id,
        Target = DeliveryTarget.OfFunction(new FunctionId(AccountId.Root, "crashed")),
        Payload = new byte[700],
        AcceptedAt = TimeProvider.System.GetUtcNow(),
        FirstDueAt = DateTimeOffset.UnixEpoch,
        DueAt = DateTimeOffset.UnixEpoch,
    };

    private static void Print(string line)
    {
        lock (Output)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }

    private static void ReadLines()
    {
        while (Console.In.ReadLine() is not null)
        {
            Lines.Release();
        }
    }
}
