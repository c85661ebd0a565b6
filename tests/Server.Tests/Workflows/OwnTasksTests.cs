using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Server.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Workflows;

/// <summary>What only this server has, on the real store.</summary>
public sealed class OwnTasksTests
{
    private const string Waits = """
        {"StartAt": "W", "States": {"W": {"Type": "Task", "Resource": "arn:aws:states:::lambent:waitForEvent",
            "Parameters": {"Name": "go"}, "End": true}}}
        """;

    [Fact]
    public async Task Event_ends_the_wait_and_the_execution_takes_no_memory_before()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", Waits);
        var id = await bench.StartAsync("m", "one");
        bench.Runner.LoadedCount.ShouldBe(0);

        (await bench.Service.SendEventAsync(id, "other", 1, null)).Value.ShouldBeTrue();
        (await bench.Service.SendEventAsync(id, "go", 2, "k")).Value.ShouldBeTrue();
        (await bench.Service.SendEventAsync(id, "go", 3, "k")).Value.ShouldBeFalse();
        (await bench.Service.SendEventAsync(id, "go", 3, "l")).Error!.Code.ShouldBe(ErrorCode.WorkflowConflict);

        bench.Outcome(id).ShouldBe("Succeeded 2");
    }

    [Fact]
    public async Task Event_that_came_early_is_there_after_a_restart()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", """
            {"StartAt": "T", "States": {
                "T": {"Type": "Wait", "Seconds": 3600, "Next": "W"},
                "W": {"Type": "Task", "Resource": "arn:aws:states:::lambent:waitForEvent",
                    "Parameters": {"Name": "go"}, "TimeoutSeconds": 5, "End": true}}}
            """);
        var id = await bench.StartAsync("m", "one");
        await bench.Service.SendEventAsync(id, "go", "early", null);
        await bench.StopAsync();
        await bench.OpenAsync();

        await bench.PassAsync(() => bench.Record(id).Status != ExecutionStatus.Running, TimeSpan.FromMinutes(10));

        bench.Outcome(id).ShouldBe("Succeeded \"early\"");
    }

    [Fact]
    public async Task Event_for_nobody_and_one_too_many_are_refused()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", Waits);
        var id = await bench.StartAsync("m", "one");
        for (var count = 0; count < Limits.WorkflowEventsWaitingMax; count++)
        {
            (await bench.Service.SendEventAsync(id, "other", count, null)).Value.ShouldBeTrue();
        }

        (await bench.Service.SendEventAsync(id, "other", 0, null))
            .Error!.Code.ShouldBe(ErrorCode.WorkflowQuotaExceeded);
        (await bench.Service.SendEventAsync(id with { Name = "none" }, "go", 0, null))
            .Error!.Code.ShouldBe(ErrorCode.ExecutionNotFound);
    }

    [Fact]
    public async Task Execution_sends_an_event_to_another_and_says_when_that_has_ended()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", Waits);
        await bench.DefineAsync("sender", """
            {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::lambent:sendEvent",
                "Parameters": {"ExecutionArn.$": "$.to", "Name": "go", "Data": {"by": "sender"}},
                "Catch": [{"ErrorEquals": ["Lambent.WorkflowConflict"], "Next": "Late"}], "End": true},
                "Late": {"Type": "Pass", "Result": "too late", "End": true}}}
            """);
        var id = await bench.StartAsync("m", "one");
        var arn = id.Arn(WorkflowBench.Region);

        var sender = await bench.StartAsync("sender", "one", $$"""{"to": "{{arn}}"}""");
        await bench.EndAsync(sender);
        await bench.EndAsync(id);
        var late = await bench.StartAsync("sender", "two", $$"""{"to": "{{arn}}"}""");
        await bench.EndAsync(late);

        bench.Outcome(id).ShouldBe("""Succeeded {"by":"sender"}""");
        bench.Outcome(sender).ShouldContain("\"IsNew\":true");
        bench.Outcome(late).ShouldBe("Succeeded \"too late\"");
    }

    [Fact]
    public async Task Execution_goes_on_as_a_new_one_with_what_it_was_sent()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", """
            {"StartAt": "Enough", "States": {
                "Enough": {"Type": "Choice", "Default": "Again",
                    "Choices": [{"Variable": "$.n", "NumericEquals": 3, "Next": "W"}]},
                "Again": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "New"},
                "New": {"Type": "Task", "Resource": "arn:aws:states:::lambent:continueAsNew", "End": true},
                "W": {"Type": "Task", "Resource": "arn:aws:states:::lambent:waitForEvent",
                    "Parameters": {"Name": "go"}, "End": true}}}
            """);
        await bench.DefineAsync("slow", """
            {"StartAt": "T", "States": {
                "T": {"Type": "Wait", "Seconds": 60, "Next": "New"},
                "New": {"Type": "Task", "Resource": "arn:aws:states:::lambent:continueAsNew",
                    "Parameters": {"Input": {"n": 3}}, "End": true}}}
            """);

        var first = await bench.StartAsync("m", "one", """{"n":1}""");
        var last = first with { Name = "one.3" };
        await WorkflowBench.WhenAsync(() => bench.Service.Find(last) is not null);
        (await bench.Service.SendEventAsync(first, "go", "by the first name", "k")).Value.ShouldBeTrue();

        bench.Record(first).ContinuedAs.ShouldBe("one.2");
        bench.Record(first with { Name = "one.2" }).ShouldSatisfyAllConditions(
            second => second.Lineage.ShouldBe(new ExecutionLineage("one", "one", 2)),
            second => second.ContinuedAs.ShouldBe("one.3"));
        bench.Record(last).Lineage.ShouldBe(new ExecutionLineage("one", "one.2", 3));
        bench.Outcome(last).ShouldBe("Succeeded \"by the first name\"");
        bench.Journal(first)[^1].Type.ShouldBe(JournalEventType.ExecutionContinued);
    }

    [Fact]
    public async Task Events_that_nobody_waited_for_go_on_with_the_new_execution()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", """
            {"StartAt": "Next", "States": {
                "Next": {"Type": "Choice", "Default": "T",
                    "Choices": [{"Variable": "$.again", "IsPresent": true, "Next": "W"}]},
                "T": {"Type": "Wait", "Seconds": 60, "Next": "New"},
                "New": {"Type": "Task", "Resource": "arn:aws:states:::lambent:continueAsNew",
                    "Parameters": {"Input": {"again": true}}, "End": true},
                "W": {"Type": "Task", "Resource": "arn:aws:states:::lambent:waitForEvent",
                    "Parameters": {"Name": "go"}, "End": true}}}
            """);
        var id = await bench.StartAsync("m", "one");
        await bench.Service.SendEventAsync(id, "go", "kept", "k");

        await bench.PassAsync(
            () => bench.Service.Find(id with { Name = "one.2" })?.StoppedAt is not null, TimeSpan.FromSeconds(30));

        bench.Outcome(id with { Name = "one.2" }).ShouldBe("Succeeded \"kept\"");
        (await bench.Service.SendEventAsync(id, "go", "again", "k")).Value.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_waits_for_an_execution_gets_the_output_of_the_last_that_went_on_in_its_place()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("child", """
            {"StartAt": "Next", "States": {
                "Next": {"Type": "Choice", "Default": "New",
                    "Choices": [{"Variable": "$.again", "IsPresent": true, "Next": "Done"}]},
                "New": {"Type": "Task", "Resource": "arn:aws:states:::lambent:continueAsNew",
                    "Parameters": {"Input": {"again": 1}}, "End": true},
                "Done": {"Type": "Pass", "Result": "done", "End": true}}}
            """);
        await bench.DefineAsync("parent", Nested(".sync:2"));

        var id = await bench.StartAsync("parent", "one");
        await bench.EndAsync(id);

        bench.Outcome(id).ShouldContain("\"Output\":\"done\"");
    }

    [Fact]
    public async Task Attributes_find_executions_by_value_kind_and_order()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", """
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambent:setAttributes",
                "Parameters": {"Attributes": {"customer.$": "$.customer", "even.$": "$.even"}}, "Next": "W"},
                "W": {"Type": "Task", "Resource": "arn:aws:states:::lambent:waitForEvent",
                    "Parameters": {"Name": "go"}, "End": true}}}
            """);
        for (var number = -2; number <= 9; number++)
        {
            var isEven = number % 2 == 0 ? "true" : "false";
            await bench.StartAsync("m", $"e{number}", $$"""{"customer": {{number}}, "even": {{isEven}} }""");
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await bench.StartAsync("m", "text", """{"customer": "7", "even": false}""");

        Found(bench, "customer=7").ShouldBe("e7");
        Found(bench, "customer=\"7\"").ShouldBe("text");
        Found(bench, "customer<0").ShouldBe("e-1 e-2");
        Found(bench, "customer<=0").ShouldBe("e0 e-1 e-2");
        Found(bench, "customer>7").ShouldBe("e9 e8");
        Found(bench, "customer>=3", "even=true").ShouldBe("e8 e6 e4");
        Found(bench, "nothing=1").ShouldBe("");
        var even = new ExecutionFilter("m", null, Where: [Condition("even=true")]);
        var page = bench.Service.List(AccountId.Root, even, 2);
        page.Select(record => record.Id.Name).ShouldBe(["e8", "e6"]);
        var rest = even with { Before = page[^1].StartedAt, BeforeKey = page[^1].Key };
        bench.Service.List(AccountId.Root, rest, 10).Select(record => record.Id.Name)
            .ShouldBe(["e4", "e2", "e0", "e-2"]);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("=1")]
    [InlineData("9x=1")]
    [InlineData("a=")]
    public void Condition_that_says_nothing_is_refused(string text)
    {
        AttributeCondition.Read(text).Problem.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"timeout": 500}""")]
    public async Task Nested_execution_is_stopped_when_nobody_waits_for_it_any_more(string input)
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("child", Waits);
        await bench.DefineAsync("parent", Nested(".sync", input == "{}" ? "" : ", \"TimeoutSeconds\": 500"));
        var id = await bench.StartAsync("parent", "one");
        await WorkflowBench.WhenAsync(() => bench.Service.Find(Child) is not null && bench.Runner.LoadedCount == 0);

        if (input == "{}")
        {
            (await bench.Service.StopAsync(id, null, null)).Value.ShouldBeTrue();
        }

        await bench.PassAsync(() => bench.Record(Child).StoppedAt is not null, TimeSpan.FromSeconds(20));

        bench.Record(Child).Status.ShouldBe(ExecutionStatus.Aborted);
        bench.Record(Child).Cause.ShouldBe(NestedTasks.Cause);
    }

    [Fact]
    public async Task Nested_execution_that_could_not_be_told_asks_after_a_restart()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("child", Waits);
        await bench.DefineAsync("parent", Nested(".sync"));
        var id = await bench.StartAsync("parent", "one");
        await WorkflowBench.WhenAsync(() => bench.Service.Find(Child) is not null && bench.Runner.LoadedCount == 0);
        var record = bench.Record(id);
        await bench.StopAsync();

        // As a server leaves it that ends between its write and what it would do then.
        await bench.Store.WriteAsync<Done>(transaction =>
        {
            transaction.Executions.Change(
                record with { Status = ExecutionStatus.Aborted, StoppedAt = bench.Time.GetUtcNow() },
                ExecutionActivity.Over,
                null);
            transaction.Executions.Wake(Child, bench.Time.GetUtcNow());
            return Done.Value;
        });
        await bench.OpenAsync();

        await WorkflowBench.WhenAsync(() => bench.Record(Child).StoppedAt is not null);
        bench.Record(Child).Status.ShouldBe(ExecutionStatus.Aborted);
    }

    private static ExecutionId Child { get; } = new(AccountId.Root, "child", "nested");

    private static string Nested(string pattern, string more = "") => """
        {"StartAt": "C", "States": {"C": {"Type": "Task",
            "Resource": "arn:aws:states:::states:startExecutionPATTERN", "Parameters": {"Name": "nested",
            "StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:child", "Input": {}}MORE,
            "End": true}}}
        """.Replace("PATTERN", pattern, StringComparison.Ordinal).Replace("MORE", more, StringComparison.Ordinal);

    private static AttributeCondition Condition(string text) => AttributeCondition.Read(text).Condition!;

    private static string Found(WorkflowBench bench, params string[] conditions) => string.Join(' ', bench.Service.List(
        AccountId.Root,
        new ExecutionFilter(null, null, Where: [.. conditions.Select(Condition)]),
        100).Select(record => record.Id.Name));
}
