using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Load.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Interpretation;

public sealed class LargeExecutionsTests
{
    private const string Function = "arn:aws:lambda:us-east-1:000000000000:function:f";

    [Fact]
    public void Map_over_ten_thousand_items_keeps_their_order_and_its_concurrency()
    {
        const int Items = 10_000;
        const int Concurrency = 7;
        var run = new MachineRun(Machine(
            """
            {"StartAt": "Each", "States": {"Each": {"Type": "Map", "MaxConcurrency": 7, "End": true,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": true}}}}}}
            """,
            new DataArray([.. Enumerable.Range(0, Items).Select(number => DataNumber.Of(number))]))).ToEnd();

        ((DataArray)run.Execution.Output!).Items.Select(item => (int)((DataNumber)item).Value)
            .ShouldBe(Enumerable.Range(0, Items));
        MostAtOnce(run.Journal).ShouldBeLessThanOrEqualTo(Concurrency);
    }

    [Fact]
    public void Map_whose_items_wait_runs_no_more_than_its_concurrency_at_a_time()
    {
        var run = new MachineRun(Machine(
            """
            {"StartAt": "Each", "States": {"Each": {"Type": "Map", "MaxConcurrency": 10, "End": true,
                "ItemProcessor": {"StartAt": "Work", "States": {
                    "Work": {"Type": "Task", "Resource": "FUNCTION", "End": true}}}}}}
            """.Replace("FUNCTION", Function, StringComparison.Ordinal),
            new DataArray([.. Enumerable.Range(0, 100).Select(number => DataNumber.Of(number))]),
            new DataObject(("result", 1), ("afterSeconds", 3)))).ToEnd();

        MostAtOnce(run.Journal).ShouldBe(10);
        ((DataArray)run.Execution.Output!).Items.Count.ShouldBe(100);
    }

    [Fact]
    public void Execution_is_rebuilt_from_a_hundred_thousand_events_in_time_that_grows_with_their_number()
    {
        var run = new MachineRun(Machine(
            """
            {"StartAt": "Count", "States": {
                "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "Enough"},
                "Enough": {"Type": "Choice", "Default": "Count",
                    "Choices": [{"Variable": "$.n", "NumericGreaterThanEquals": 25000, "Next": "Done"}]},
                "Done": {"Type": "Succeed"}}}
            """,
            new DataObject(("n", 0)))).ToEnd();
        run.Journal.Count.ShouldBeGreaterThan(100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var again = Execution.Rebuild(run.Execution.Identity, run.Execution.Definition, run.Journal);

        again.Output.ShouldBe(run.Execution.Output);
        // Nothing is kept of what is over: a few bytes for each event, whatever the length.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(run.Journal.Count * 200L);
    }

    [Fact]
    public void Loop_without_an_end_fails_at_the_limit_of_events()
    {
        var run = new MachineRun(Machine(
            """
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Choice",
                "Choices": [{"Variable": "$.go", "BooleanEquals": true, "Next": "A"}], "Default": "C"},
                "C": {"Type": "Succeed"}}}
            """,
            new DataObject(("go", true)))).ToEnd();

        run.Outcome.ShouldBe("FAILED  States.Runtime");
        run.Execution.Cause!.ShouldContain($"maximum number of history events ({Limits.WorkflowHistoryEventsMax})");
    }

    private static int MostAtOnce(IEnumerable<JournalEvent> journal)
    {
        var (running, most) = (0, 0);
        foreach (var happened in journal)
        {
            running += happened.Type switch
            {
                JournalEventType.MapIterationStarted => 1,
                JournalEventType.MapIterationSucceeded => -1,
                _ => 0,
            };
            most = Math.Max(most, running);
        }

        return most;
    }

    private static ScriptedMachine Machine(string definition, DataValue input, DataValue? answer = null)
    {
        var reading = DefinitionReader.Read(definition, new DefinitionOptions(IsExpress: false));
        reading.Definition.ShouldNotBeNull(string.Join('\n', reading.Diagnostics));
        return new ScriptedMachine(
            "large",
            reading.Definition,
            input,
            new Dictionary<string, IReadOnlyList<DataValue>> { [Function] = answer is null ? [] : [answer] });
    }
}
