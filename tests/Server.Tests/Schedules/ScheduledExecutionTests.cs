using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Server.Access;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Lambent.Server.Schedules;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Workflows;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Schedules;

/// <summary>Schedules that begin executions, on the real store with the real runner of executions.</summary>
public sealed class ScheduledExecutionTests : IAsyncLifetime
{
    private const string Machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";

    private const string Pass = """{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}""";

    private const string LongWait = """
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2592000, "End": true}}}
        """;

    private readonly WorkflowBench bench = new();
    private readonly ScheduleBook book = new();
    private ScheduleRunner runner = null!;

    public async ValueTask InitializeAsync()
    {
        await bench.OpenAsync();
        await new AccountService(bench.Store, new AccessKeyDirectory(bench.Store), bench.Time).EnsureRootAsync();
        runner = Runner();
    }

    public async ValueTask DisposeAsync()
    {
        await runner.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Occurrence_begins_one_execution_with_its_input_named_after_schedule_and_time()
    {
        await bench.DefineAsync("m", Pass);
        await CreateAsync("nightly", Machine, """{"at": "<aws.scheduler.scheduled-time>"}""");

        await ScheduleFixture.DrainAsync(runner);
        await ScheduleFixture.DrainAsync(Runner());

        var begun = Executions().ShouldHaveSingleItem();
        await bench.EndAsync(begun.Id);
        begun.Id.Name.ShouldStartWith("nightly-20261121T080000Z-");
        bench.Outcome(begun.Id).ShouldBe("""Succeeded {"at":"2026-11-21T08:00:00Z"}""");
    }

    [Fact]
    public async Task Step_that_was_written_but_reported_failed_begins_no_second_execution()
    {
        await bench.DefineAsync("m", LongWait);
        await CreateAsync("s", Machine, "{}");
        bench.Store.LosesNextAnswer = true;

        await Should.ThrowAsync<StoreException>(() => runner.TakeDueAsync(CancellationToken.None));
        await ScheduleFixture.DrainAsync(Runner());

        Executions().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Machine_that_is_made_later_gets_the_occurrence_and_one_that_never_is_leaves_a_dead_letter()
    {
        await QueueAsync("dead");
        await CreateAsync("s", Machine, "{}");
        await CreateAsync("never", Machine + "2", "{}", retries: 1);
        await ScheduleFixture.DrainAsync(runner);
        Executions().ShouldBeEmpty();
        await bench.DefineAsync("m", LongWait);

        bench.Time.Advance(TimeSpan.FromSeconds(2));
        await ScheduleFixture.DrainAsync(runner);
        bench.Time.Advance(TimeSpan.FromSeconds(4));
        await ScheduleFixture.DrainAsync(runner);

        Executions().ShouldHaveSingleItem().Id.Name.ShouldStartWith("s-20261121T080000Z-");
        var letter = Messages("dead").ShouldHaveSingleItem();
        letter.Attributes["ERROR_CODE"].Text.ShouldBe("StateMachineNotFound");
        letter.Attributes["TARGET_ARN"].Text.ShouldBe(Machine + "2");
    }

    [Fact]
    public async Task Overlap_queue_begins_the_next_execution_when_the_one_before_has_ended()
    {
        await bench.DefineAsync("m", LongWait);
        await CreateAsync("s", Machine, "{}", new ScheduleOptions { Overlap = OverlapPolicy.Queue });
        await ScheduleFixture.DrainAsync(runner);
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        await ScheduleFixture.DrainAsync(runner);
        var first = Executions().ShouldHaveSingleItem();

        await bench.Service.StopAsync(first.Id, null, null);
        await ScheduleFixture.WhenAsync(() => Schedule("s").DueAt <= bench.Time.GetUtcNow());
        await ScheduleFixture.DrainAsync(runner);

        Executions().Count.ShouldBe(2);
        Schedule("s").Waiting.ShouldBeEmpty();
    }

    [Fact]
    public async Task Universal_targets_do_what_their_operation_does()
    {
        await bench.DefineAsync("m", LongWait);
        await QueueAsync("q");
        await bench.Store.WriteAsync<Done>(transaction =>
        {
            transaction.Functions.Put(null, TestFunctions.Create(new FunctionId(AccountId.Root, "f"), null));
            return Done.Value;
        });

        await CreateAsync(
            "start", "arn:aws:scheduler:::aws-sdk:sfn:startExecution",
            $$"""{"StateMachineArn": "{{Machine}}", "Input": "{\"a\":1}", "Name": "<aws.scheduler.execution-id>"}""");
        await CreateAsync(
            "send", "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
            """{"QueueUrl": "http://127.0.0.1:9550/000000000000/q", "MessageBody": "hello"}""");
        await CreateAsync(
            "invoke", "arn:aws:scheduler:::aws-sdk:lambda:invoke",
            """{"FunctionName": "f", "InvocationType": "Event", "Payload": "{\"b\":2}"}""");
        await ScheduleFixture.DrainAsync(runner);

        bench.Service.Payloads(Executions().ShouldHaveSingleItem()).Input.ToString().ShouldBe("""{"a":1}""");
        Messages("q").ShouldHaveSingleItem().Body.ShouldBe("hello");
        Events().ShouldHaveSingleItem().Payload.ToArray().ShouldBe("""{"b":2}"""u8.ToArray());
    }

    [Theory]
    [InlineData("sfn:startExecution", """{"StateMachineArn": "m"}""", "StateMachineArn")]
    [InlineData("sfn:startExecution", """{"Machine": "m"}""", "Machine")]
    [InlineData("sqs:sendMessage", """{"QueueUrl": "q", "MessageBody": "x"}""", "QueueUrl")]
    [InlineData("sqs:sendMessage", """{"QueueUrl": "http://h/000000000000/q"}""", "MessageBody")]
    [InlineData("sqs:sendMessage",
        """{"QueueUrl": "http://h/000000000000/q", "MessageBody": "x", "DelaySeconds": 901}""", "900")]
    [InlineData("lambda:invoke", """{"FunctionName": "f", "InvocationType": "DryRun"}""", "DryRun")]
    [InlineData("lambda:invoke", """{"FunctionName": "f", "Payload": "{"}""", "Payload")]
    [InlineData("lambda:invoke", "[]", "object")]
    [InlineData("lambda:invoke", "{", "JSON")]
    [InlineData("lambda:invoke", null, "required")]
    [InlineData("s3:putObject", "{}", "s3:putObject")]
    public async Task Universal_target_that_says_nothing_is_refused_when_it_is_written(
        string operation, string? input, string says)
    {
        var made = await Service().CreateAsync(
            ScheduleFixture.Id("s"),
            ScheduleFixture.Settings("rate(5 minutes)", "arn:aws:scheduler:::aws-sdk:" + operation, input),
            new ScheduleOptions(),
            ScheduleRequest.WithoutToken,
            CancellationToken.None);

        made.Error!.Message.ShouldContain(says);
    }

    private async Task CreateAsync(
        string name, string target, string input, ScheduleOptions? options = null, int? retries = null)
    {
        var settings = ScheduleFixture.Settings("rate(5 minutes)", target, input);
        var made = await Service().CreateAsync(
            ScheduleFixture.Id(name),
            settings with
            {
                Target = settings.Target with
                {
                    DeadLetterArn = new QueueId(AccountId.Root, "dead").Arn(WorkflowBench.Region),
                    RetriesMax = retries,
                },
            },
            options ?? new ScheduleOptions(),
            ScheduleRequest.WithoutToken,
            CancellationToken.None);
        made.Error.ShouldBeNull();
    }

    private ScheduleHandover Handover() => new(new TargetWriter(bench.Signals), bench.Writer, WorkflowBench.Region);

    private ScheduleRunner Runner() => new(
        bench.Store, book, Handover(), bench.Endings, NewId, bench.Time, NullLogger<ScheduleRunner>.Instance);

    private ScheduleService Service() => new(
        bench.Store, book, new ScheduleRules(book, WorkflowBench.Region), Handover(), runner, NewId,
        WorkflowBench.Region, bench.Time);

    private string NewId() => bench.NextId();

    private Schedule Schedule(string name) =>
        bench.Store.Read(transaction => transaction.Schedules.Get(ScheduleFixture.Id(name)))!;

    private IReadOnlyList<ExecutionRecord> Executions() =>
        bench.Service.List(AccountId.Root, new ExecutionFilter("m", null, null, null), 100);

    private List<AsyncEvent> Events() => bench.Store.Read(transaction =>
        transaction.Events.List(AccountId.Root, null, null, "", 100).Select(stored => stored.Event).ToList());

    private async Task QueueAsync(string name)
    {
        await using var sweeper = new QueueSweeper(bench.Store, bench.Time, NullLogger<QueueSweeper>.Instance);
        await new QueueService(bench.Store, bench.Signals, sweeper, WorkflowBench.Region, bench.Time).CreateAsync(
            new QueueId(AccountId.Root, name), new Dictionary<string, string>(), Queue.NoTags, CancellationToken.None);
    }

    private List<MessageContent> Messages(string queue) => bench.Store.Read(transaction =>
    {
        var lane = transaction.Queues.Get(new QueueId(AccountId.Root, queue))!.Lane;
        return transaction.Messages.Oldest(lane, 100)
            .Select(state => transaction.Messages.Content(lane, state.Sequence)).ToList();
    });
}
