using Lambent.Kernel.Workflows.Executions;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class ExecutionConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task List_and_count_by_status_find_what_has_it_the_latest_first()
    {
        ExecutionStatus[] statuses = [.. Enum.GetValues<ExecutionStatus>()];
        await WriteAsync(transaction =>
        {
            for (var number = 0; number < 2 * statuses.Length; number++)
            {
                transaction.Executions.Add(
                    Record("m", number, statuses[number % statuses.Length]), ExecutionActivity.Over, null);
            }

            transaction.Executions.Add(Record("other", 99, ExecutionStatus.Failed), ExecutionActivity.Over, null);
        });

        foreach (var status in statuses)
        {
            var (first, second) = ((int)status, (int)status + statuses.Length);
            List(new ExecutionFilter("m", status)).ShouldBe([$"e{second}", $"e{first}"]);
            List(new ExecutionFilter("m", status) { Before = At(second), BeforeKey = $"k{second}" })
                .ShouldBe([$"e{first}"]);
            Store.Read(transaction => transaction.Executions.Count(Samples.Account, "m", status)).ShouldBe(2);
        }

        List(new ExecutionFilter(null, ExecutionStatus.Failed))[0].ShouldBe("e99");
        List(new ExecutionFilter("m", null)).Count.ShouldBe(2 * statuses.Length);

        // One that ends leaves the list of those that run.
        await WriteAsync(transaction => transaction.Executions.Change(
            Record("m", 0, ExecutionStatus.Succeeded), ExecutionActivity.Over, null));
        List(new ExecutionFilter("m", ExecutionStatus.Running)).ShouldBe([$"e{statuses.Length}"]);
    }

    private static DateTimeOffset At(int number) => DateTimeOffset.UnixEpoch.AddYears(50).AddSeconds(number);

    private static ExecutionRecord Record(string machine, int number, ExecutionStatus status) => new()
    {
        Id = new ExecutionId(Samples.Account, machine, $"e{number}"),
        Key = $"k{number}",
        Revision = "r",
        RoleArn = "",
        Seed = 1,
        InputDigest = "",
        Status = status,
        StartedAt = At(number),
        StoppedAt = status == ExecutionStatus.Running ? null : At(number),
    };

    private List<string> List(ExecutionFilter filter) => [.. Store
        .Read(transaction => transaction.Executions.List(Samples.Account, filter, 100))
        .Select(record => record.Id.Name)];
}
