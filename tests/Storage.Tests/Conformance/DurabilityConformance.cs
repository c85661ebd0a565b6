using Lambent.Kernel.Events;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class DurabilityConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Everything_acknowledged_is_there_after_reopening()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => WriteAsync(
            transaction => transaction.Events.Add(Samples.Event($"{number}"), EventState.Ready))));
        await WriteAsync(transaction => transaction.Functions.Put(null, Samples.FullFunction("f")));

        Engine.Reopen();

        Store.Read(transaction => transaction.Events.Count()).ShouldBe(200);
        Store.Read(transaction => transaction.Functions.Get(Samples.FullFunction("f").Id))
            .ShouldMatch(Samples.FullFunction("f"));
    }

    [Fact]
    public async Task Accepted_writes_are_made_durable_by_closing()
    {
        using var writerHeld = new ManualResetEventSlim();
        var first = WriteAsync(_ => writerHeld.Wait());
        var writes = Enumerable.Range(0, 100)
            .Select(number => WriteAsync(
                transaction => transaction.Events.Add(Samples.Event($"{number}"), EventState.Ready)))
            .ToList();
        var closing = Task.Run(Engine.Reopen);
        writerHeld.Set();
        await closing;
        await first;
        await Task.WhenAll(writes);

        Store.Read(transaction => transaction.Events.Count()).ShouldBe(100);
    }

    [Fact]
    public async Task Closed_store_refuses()
    {
        var closed = Store;
        Engine.Reopen();

        var write = await Should.ThrowAsync<StoreException>(closed.WriteAsync<Done>(_ => Done.Value));
        write.Code.ShouldBe(ErrorCode.StoreUnavailable);
        Should.Throw<StoreException>(() => closed.Read(_ => 0)).Code.ShouldBe(ErrorCode.StoreUnavailable);
    }

    [Fact]
    public async Task Commit_without_space_acknowledges_nothing_and_later_ones_work()
    {
        await WriteAsync(transaction => transaction.Settings.Put("kept", [1]));
        var outcomes = await FailBatchAsync(Engine.FailNextCommitForSpace);

        outcomes.ShouldAllBe(outcome => outcome.Code == ErrorCode.DiskFull);
        await ShouldWorkAgainAsync();
    }

    [Fact]
    public async Task Commit_that_was_not_synced_acknowledges_nothing_and_later_ones_work()
    {
        await WriteAsync(transaction => transaction.Settings.Put("kept", [1]));
        var outcomes = await FailBatchAsync(Engine.FailNextCommitForSync);

        outcomes.ShouldAllBe(outcome => outcome.Code == ErrorCode.StoreUnavailable);
        await ShouldWorkAgainAsync();
        Engine.Reopen();
        Store.Read(transaction => transaction.Events.Count()).ShouldBe(1);
    }

    /// <summary>Writes ten events in one commit that fails; a body's own error must not be given either.</summary>
    private async Task<List<StoreException>> FailBatchAsync(Action arrange)
    {
        using var writerHeld = new ManualResetEventSlim();
        using var writerRuns = new ManualResetEventSlim();
        var first = Store.WriteAsync<Done>(_ =>
        {
            writerRuns.Set();
            writerHeld.Wait();
            return new Error(ErrorCode.ResourceConflict, "writes nothing, so its commit is none");
        });
        writerRuns.Wait();
        arrange();
        var writes = Enumerable.Range(0, 10).Select(number => Store.WriteAsync<Done>(transaction =>
        {
            transaction.Events.Add(Samples.Event($"{number}"), EventState.Ready);
            return number == 5 ? new Error(ErrorCode.ResourceConflict, "decided on what is not durable") : Done.Value;
        })).ToList();
        writerHeld.Set();
        (await first).IsSuccess.ShouldBeFalse();
        var outcomes = new List<StoreException>();
        foreach (var write in writes)
        {
            outcomes.Add(await Should.ThrowAsync<StoreException>(write));
        }

        return outcomes;
    }

    private async Task ShouldWorkAgainAsync()
    {
        Store.Read(transaction => transaction.Events.Count()).ShouldBe(0);
        Store.Read(transaction => transaction.Settings.Get("kept")).ShouldBe([1]);
        (await WriteAsync(transaction => transaction.Events.Add(Samples.Event("later"), EventState.Ready)))
            .IsSuccess.ShouldBeTrue();
        Store.Read(transaction => transaction.Events.Count()).ShouldBe(1);
    }
}
