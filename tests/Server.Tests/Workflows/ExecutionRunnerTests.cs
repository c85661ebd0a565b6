using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Workflows;

public sealed class ExecutionRunnerTests
{
    private const string Function = "arn:aws:lambda:us-east-1:000000000000:function:f";

    private const string TwoTasks = $$$$"""
        {"StartAt": "A", "States": {
            "A": {"Type": "Task", "Resource": "{{{{Function}}}}", "Next": "B"},
            "B": {"Type": "Task", "Resource": "{{{{Function}}}}", "End": true}}}
        """;

    private const string LongWait = """
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2592000, "End": true}}}
        """;

    [Fact]
    public async Task Machine_that_needs_nobody_has_ended_when_its_start_is_answered()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", """
            {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 7, "End": true}}}
            """);

        var id = await bench.StartAsync("m", "one");

        bench.Outcome(id).ShouldBe("Succeeded 7");
        bench.Runner.LoadedCount.ShouldBe(0);
    }

    [Fact]
    public async Task Tasks_are_called_one_after_the_other_with_what_the_one_before_gave()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", TwoTasks);
        bench.Call = (state, input) => Task.FromResult<TaskEnding?>(
            TaskEnding.Of(new DataObject(("by", state), ("of", input))));

        var id = await bench.StartAsync("m", "one", "1");
        await bench.EndAsync(id);

        bench.Outcome(id).ShouldBe("""Succeeded {"by":"B","of":{"by":"A","of":1}}""");
    }

    [Fact]
    public async Task Same_start_twice_is_one_execution_and_another_input_is_refused()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", LongWait);
        await bench.StartAsync("m", "one", "1");

        (await bench.StartAsync("m", "one", "1")).Name.ShouldBe("one");
        var other = await bench.Service.StartAsync(
            new StartRequest
            {
                Machine = new StateMachineId(AccountId.Root, "m"), Name = "one", Input = 2,
            },
            CancellationToken.None);

        other.Error!.Code.ShouldBe(ErrorCode.ExecutionNameExists);
    }

    [Fact]
    public async Task Wait_of_thirty_days_resumes_once_across_two_restarts_and_holds_no_memory()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", LongWait);
        var id = await bench.StartAsync("m", "one", "5");
        bench.Runner.LoadedCount.ShouldBe(0);

        for (var restart = 0; restart < 2; restart++)
        {
            await bench.StopAsync();
            bench.Time.Advance(TimeSpan.FromDays(10));
            await bench.OpenAsync();
        }

        bench.Record(id).Status.ShouldBe(ExecutionStatus.Running);
        await bench.PassAsync(() => bench.Record(id).Status != ExecutionStatus.Running, TimeSpan.FromHours(6));

        bench.Outcome(id).ShouldBe("Succeeded 5");
        bench.Journal(id).Count(happened => happened.Type == JournalEventType.WaitStateExited).ShouldBe(1);
        (bench.Record(id).StoppedAt!.Value - bench.Record(id).StartedAt).TotalDays.ShouldBe(30, 0.3);
    }

    [Fact]
    public async Task Task_that_was_under_way_when_the_server_ended_is_called_again_and_recorded_once()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", TwoTasks);
        var never = new TaskCompletionSource<TaskEnding?>();
        bench.Call = (state, _) => state == "B" ? never.Task : Task.FromResult<TaskEnding?>(TaskEnding.Of(1));
        var id = await bench.StartAsync("m", "one");
        await WorkflowBench.WhenAsync(() => bench.Calls.Any(call => call.State == "B"));

        await bench.StopAsync();
        bench.Call = (state, _) => Task.FromResult<TaskEnding?>(TaskEnding.Of(2));
        await bench.OpenAsync();
        await bench.EndAsync(id);

        bench.Outcome(id).ShouldBe("Succeeded 2");
        bench.Calls.Count(call => call.State == "A").ShouldBe(1);
        bench.Calls.Count(call => call.State == "B").ShouldBe(2);
        bench.Journal(id).Count(happened => happened.Type == JournalEventType.LambdaFunctionSucceeded).ShouldBe(2);
    }

    [Fact]
    public async Task Write_that_was_applied_but_reported_failed_is_not_done_twice()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", TwoTasks);
        bench.Call = (state, _) =>
        {
            bench.Store.LosesNextAnswer = state == "A";
            return Task.FromResult<TaskEnding?>(TaskEnding.Of(state));
        };

        var id = await bench.StartAsync("m", "one");
        await bench.PassAsync(
            () => bench.Record(id).Status != ExecutionStatus.Running, TimeSpan.FromMilliseconds(200));

        bench.Outcome(id).ShouldBe("Succeeded \"B\"");
        bench.Calls.Count(call => call.State == "A").ShouldBe(1);
        bench.Journal(id).Select(happened => happened.Sequence).ShouldBe(
            Enumerable.Range(1, bench.Journal(id).Count).Select(number => (long)number));
    }

    [Fact]
    public async Task Full_disk_holds_an_execution_up_and_it_goes_on_when_there_is_room()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", TwoTasks);
        bench.Call = (state, _) =>
        {
            bench.Store.Refusal ??= state == "A" && bench.Calls.Count == 1
                ? new StoreException(ErrorCode.DiskFull, "The disk is full.")
                : null;
            return Task.FromResult<TaskEnding?>(TaskEnding.Of(state));
        };

        var id = await bench.StartAsync("m", "one");
        await bench.Store.RefusedAsync();
        bench.Store.Refusal = null;
        await bench.PassAsync(
            () => bench.Record(id).Status != ExecutionStatus.Running, TimeSpan.FromMilliseconds(200));

        bench.Outcome(id).ShouldBe("Succeeded \"B\"");
    }

    [Fact]
    public async Task Message_of_a_task_is_sent_once_with_its_record()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        var queue = new QueueId(AccountId.Root, "q");
        await bench.Store.WriteAsync<Done>(transaction =>
        {
            transaction.Queues.Put(new Queue
            {
                Id = queue,
                Number = 1,
                LaneNumber = 1,
                CreatedAt = bench.Time.GetUtcNow(),
                ModifiedAt = bench.Time.GetUtcNow(),
                Settings = new QueueSettings(),
            });
            return Done.Value;
        });
        await bench.DefineAsync("m", """
            {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": {"QueueUrl": "http://localhost/000000000000/q", "MessageBody.$": "$"}, "End": true}}}
            """);

        var id = await bench.StartAsync("m", "one", """{"a":1}""");
        await bench.EndAsync(id);

        bench.Record(id).Status.ShouldBe(ExecutionStatus.Succeeded);
        bench.Service.Payloads(bench.Record(id)).Output!["MD5OfMessageBody"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Token_lets_a_worker_outside_end_a_task_once()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", """
            {"StartAt": "T", "States": {"T": {"Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}, "End": true}}}
            """);
        var id = await bench.StartAsync("m", "one");
        await WorkflowBench.WhenAsync(() => bench.Runner.LoadedCount == 0 && !bench.Calls.IsEmpty);
        var token = ((DataText)bench.Calls.Single().Input["Payload"]!["token"]!).Value;

        (await bench.Service.BeatAsync(token, AccountId.Root)).Value.ShouldBeTrue();
        (await bench.Service.SucceedTaskAsync(token, AccountId.Root, "yes")).Value.ShouldBeTrue();
        (await bench.Service.SucceedTaskAsync(token, AccountId.Root, "no")).Error!.Code.ShouldBe(ErrorCode.TaskGone);
        (await bench.Service.SucceedTaskAsync(token[..^4] + "AAAA", AccountId.Root, "no"))
            .Error!.Code.ShouldBe(ErrorCode.TaskTokenInvalid);

        bench.Outcome(id).ShouldBe("Succeeded \"yes\"");
    }

    [Fact]
    public async Task Execution_waits_for_the_one_it_began_and_gets_its_output()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("child", TwoTasks);
        await bench.DefineAsync("parent", """
            {"StartAt": "C", "States": {"C": {"Type": "Task",
                "Resource": "arn:aws:states:::states:startExecution.sync:2",
                "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:child",
                    "Input": {"n": 1}}, "OutputPath": "$.Output", "End": true}}}
            """);

        var id = await bench.StartAsync("parent", "one");
        await bench.EndAsync(id);

        bench.Outcome(id).ShouldBe("""Succeeded {"n":1}""");
    }

    [Fact]
    public async Task Worker_of_an_activity_takes_the_task_and_ends_it()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", """
            {"StartAt": "A", "States": {"A": {"Type": "Task",
                "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}
            """);
        var waiting = bench.Workers.TakeAsync(AccountId.Root, "work", "w1", CancellationToken.None);
        var id = await bench.StartAsync("m", "one", "[1]");

        var given = await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        given!.Input.ToString().ShouldBe("[1]");
        await bench.Service.SucceedTaskAsync(given.Token, AccountId.Root, 3);

        bench.Outcome(id).ShouldBe("Succeeded 3");
        bench.Store.Read(transaction => transaction.Activities.CountTasks(AccountId.Root, "work")).ShouldBe(0);
    }

    [Fact]
    public async Task Task_that_the_store_could_not_hand_over_is_given_to_who_asks_next()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", """
            {"StartAt": "A", "States": {"A": {"Type": "Task",
                "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}
            """);
        var id = await bench.StartAsync("m", "one", "[1]");
        bench.Store.Refusal = new StoreException(ErrorCode.DiskFull, "The disk is full.");

        var waiting = bench.Workers.TakeAsync(AccountId.Root, "work", "w1", CancellationToken.None);
        await bench.Store.RefusedAsync();
        bench.Store.Refusal = null;
        bench.Workers.Announce(AccountId.Root, "work");

        var given = await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        given!.Input.ToString().ShouldBe("[1]");
        await bench.Service.SucceedTaskAsync(given.Token, AccountId.Root, 3);
        bench.Outcome(id).ShouldBe("Succeeded 3");
    }

    [Fact]
    public async Task Task_that_takes_too_long_times_out_and_is_tried_again_with_its_delay()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", $$$$"""
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "{{{{Function}}}}", "TimeoutSeconds": 5,
                "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 30, "MaxAttempts": 1}], "End": true}}}
            """);
        var never = new TaskCompletionSource<TaskEnding?>();
        bench.Call = (_, _) => bench.Calls.Count == 1 ? never.Task : Task.FromResult<TaskEnding?>(TaskEnding.Of(1));

        var id = await bench.StartAsync("m", "one");
        await bench.PassAsync(() => bench.Record(id).Status != ExecutionStatus.Running, TimeSpan.FromMilliseconds(500));

        bench.Outcome(id).ShouldBe("Succeeded 1");
        (bench.Record(id).StoppedAt!.Value - bench.Record(id).StartedAt).TotalSeconds.ShouldBeInRange(35, 40);
    }

    [Fact]
    public async Task Express_machine_answers_with_its_output_and_leaves_nothing()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", TwoTasks, StateMachineType.Express);

        var ended = await bench.Service.RunAsync(
            new StartRequest { Machine = new StateMachineId(AccountId.Root, "m"), Name = "x", Input = 4 },
            CancellationToken.None);

        ended.Value.Output!.ToString().ShouldBe("4");
        bench.Service.List(AccountId.Root, new ExecutionFilter("m", null), 10).ShouldBeEmpty();
        bench.Runner.LoadedCount.ShouldBe(0);
    }

    [Fact]
    public async Task Paused_execution_begins_nothing_until_it_is_resumed()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", TwoTasks);
        var first = new TaskCompletionSource<TaskEnding?>();
        bench.Call = (state, _) => state == "A" ? first.Task : Task.FromResult<TaskEnding?>(TaskEnding.Of(2));
        var id = await bench.StartAsync("m", "one");
        (await bench.Service.PauseAsync(id)).Value.ShouldBeTrue();
        first.SetResult(TaskEnding.Of(1));
        await WorkflowBench.WhenAsync(() => bench.Journal(id)[^1].Type == JournalEventType.LambdaFunctionSucceeded);

        bench.Record(id).IsPaused.ShouldBeTrue();
        await bench.Service.ResumeAsync(id);
        await bench.EndAsync(id);

        bench.Outcome(id).ShouldBe("Succeeded 2");
    }

    [Fact]
    public async Task Failed_execution_is_redriven_from_where_it_failed_or_a_state_is_skipped()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await bench.DefineAsync("m", TwoTasks);
        var fails = true;
        bench.Call = (state, _) => Task.FromResult<TaskEnding?>(
            state == "B" && fails ? TaskEnding.Failed("E", "c") : TaskEnding.Of(state));
        var redriven = await bench.StartAsync("m", "one");
        var skipped = await bench.StartAsync("m", "two");
        await bench.EndAsync(redriven);
        await bench.EndAsync(skipped);
        bench.Outcome(redriven).ShouldBe("Failed E");

        fails = false;
        (await bench.Service.RedriveAsync(redriven)).Value.ShouldBeTrue();
        (await bench.Service.SkipAsync(skipped, "B", "mine")).Value.ShouldBeTrue();
        await bench.EndAsync(redriven);
        await bench.EndAsync(skipped);

        bench.Outcome(redriven).ShouldBe("Succeeded \"B\"");
        bench.Outcome(skipped).ShouldBe("Succeeded \"mine\"");
        bench.Calls.Count(call => call.State == "A").ShouldBe(2);
    }
}
