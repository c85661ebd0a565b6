using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Sqlite;

public sealed class CrashTests
{
    [Theory]
    [InlineData(1, 50)]
    [InlineData(32, 2_000)]
    [InlineData(32, 3_001)]
    public void Process_killed_while_writing_loses_nothing_it_acknowledged(int writers, int linesBeforeKill)
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new List<string>();
        using (var process = CrashProcess.Start(folder["lambent.db"], writers))
        {
            for (var line = 0; line < linesBeforeKill; line++)
            {
                acknowledged.Add(process.ReadLine().ShouldNotBeNull());
            }

            acknowledged.AddRange(process.Kill());
        }

        ShouldHoldAll(folder["lambent.db"], acknowledged);
    }

    [Fact]
    public void Failing_writes_are_not_acknowledged_and_work_again_when_the_disk_does()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("needs prlimit");
        }

        // A write beyond the limit of the file's size fails with an input/output error, in the middle of a commit.
        using var folder = new TemporaryFolder();
        var lines = new List<string>();
        using (var process = CrashProcess.Start(folder["lambent.db"], writers: 4))
        {
            process.ReadLine().ShouldNotBeNull();
            process.LimitFiles("1500000");
            var refusals = 0;
            while (refusals < 4)
            {
                var line = process.ReadLine().ShouldNotBeNull();
                lines.Add(line);
                refusals += line == "no StoreUnavailable" ? 1 : 0;
            }

            process.LimitFiles("unlimited");
            for (var writer = 0; writer < 4; writer++)
            {
                process.WriteLine("again");
            }

            for (var later = 0; later < 500; later++)
            {
                lines.Add(process.ReadLine().ShouldNotBeNull());
            }

            lines[^500..].ShouldAllBe(line => line.StartsWith("ok "));
            lines.AddRange(process.Kill());
        }

        ShouldHoldAll(folder["lambent.db"], lines.Where(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }

    private static void ShouldHoldAll(string databasePath, IEnumerable<string> acknowledged)
    {
        using var store = SqliteStore.Open(new SqliteStoreOptions { Path = databasePath }, TimeProvider.System);
        var present = store.Read(transaction => transaction.Events.List(AccountId.Root, null, null, "", int.MaxValue))
            .Select(stored => $"ok {stored.Event.Id}")
            .ToHashSet();
        acknowledged.Where(line => !present.Contains(line)).ShouldBeEmpty();
        present.Count.ShouldBeGreaterThan(0);
    }
}
