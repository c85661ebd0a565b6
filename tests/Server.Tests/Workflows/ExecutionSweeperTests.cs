using Lambent.Kernel;
using Lambent.Server.Workflows;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Workflows;

public sealed class ExecutionSweeperTests
{
    [Fact]
    public async Task Ended_execution_isForgotten_90DaysAfterItStopped_andARunningOneIsKept()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("quick", """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""");
        await bench.DefineAsync(
            "slow", """{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":90000000,"End":true}}}""");
        var ended = await bench.StartAsync("quick", "e");
        var running = await bench.StartAsync("slow", "e");
        await bench.EndAsync(ended);
        var record = bench.Record(ended);
        await using var sweeper = new ExecutionSweeper(
            bench.Store, bench.Time, NullLogger<ExecutionSweeper>.Instance);

        bench.Time.Advance(Limits.ExecutionRetention - TimeSpan.FromSeconds(1));
        await sweeper.SweepAsync(CancellationToken.None);
        bench.Service.Find(ended).ShouldNotBeNull();

        bench.Time.Advance(TimeSpan.FromSeconds(2));
        await sweeper.SweepAsync(CancellationToken.None);
        bench.Service.Find(ended).ShouldBeNull();
        bench.Service.WholeJournal(record).ShouldBeEmpty();
        bench.Service.Find(running).ShouldNotBeNull();
    }
}
