using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.RuntimeApi;
using Lambent.Sandbox.Tests.Channels;

namespace Lambent.Sandbox.Tests.RuntimeApi;

/// <summary>The Runtime API's state machine, without HTTP.</summary>
public sealed class RuntimeApiChannelTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly FakeProcess process = new();
    private readonly ManualTime time = new();
    private readonly RecordingTelemetry telemetry = new();
    private readonly RuntimeApiChannel channel;

    public RuntimeApiChannelTests() => channel = new RuntimeApiChannel(
        process, new EnvironmentLog(Specifications.Create(), process.EnvironmentId, telemetry, time), time);

    public ValueTask DisposeAsync() => channel.DisposeAsync();

    [Fact]
    public async Task Initialization_is_over_at_the_first_request_for_a_call()
    {
        var initialized = channel.InitializeAsync(Specifications.Create(), new Dictionary<string, string>(), Limit);
        initialized.IsCompleted.ShouldBeFalse();
        _ = channel.NextAsync(CancellationToken.None).AsTask();
        (await initialized).ShouldBeNull();
    }

    [Fact]
    public async Task Initialization_error_is_shown_as_the_runtime_wrote_it_and_only_before_the_end()
    {
        var initialized = channel.InitializeAsync(Specifications.Create(), new Dictionary<string, string>(), Limit);
        channel.FailInitialization("{\"errorType\":\"X\"}"u8.ToArray()).ShouldBe(RuntimeApiAnswer.Accepted);
        using var outcome = await initialized;
        outcome!.Kind.ShouldBe(OutcomeKind.InitializationError);
        Encoding.UTF8.GetString(outcome.Payload.Span).ShouldBe("{\"errorType\":\"X\"}");
        channel.FailInitialization("{}"u8.ToArray()).ShouldBe(RuntimeApiAnswer.WrongState);
    }

    [Fact]
    public async Task Initialization_that_takes_too_long_ends_the_process()
    {
        var initialized = channel.InitializeAsync(Specifications.Create(), new Dictionary<string, string>(), Limit);
        time.Advance(Limit);
        (await initialized)!.Kind.ShouldBe(OutcomeKind.TimedOut);
        process.Killed.ShouldBeTrue();
    }

    [Fact]
    public async Task Process_that_ends_during_initialization_ends_it()
    {
        var initialized = channel.InitializeAsync(Specifications.Create(), new Dictionary<string, string>(), Limit);
        process.Exit(new SandboxExit(127, false));
        var error = Parse(await initialized);
        error.Type.ShouldBe("Runtime.ExitError");
        error.Message.ShouldBe("Error: Runtime exited with error: exit status 127");
    }

    [Fact]
    public async Task Call_is_handed_over_and_answered()
    {
        var ended = channel.InvokeAsync(Invocation("r1"), Limit).AsTask();
        var call = await channel.NextAsync(CancellationToken.None);
        call.Invocation.RequestId.ShouldBe("r1");
        call.Deadline.ShouldBe(time.GetUtcNow() + Limit);
        time.Advance(TimeSpan.FromMilliseconds(20));
        await channel.RespondAsync(channel.Take("r1").ShouldNotBeNull(), "42"u8.ToArray());
        using var outcome = await ended;
        outcome.IsSuccess.ShouldBeTrue();
        outcome.Duration.ShouldBe(TimeSpan.FromMilliseconds(20));
        outcome.EnvironmentId.ShouldBe(process.EnvironmentId);
        // Answered once is answered.
        channel.Take("r1").ShouldBeNull();
        channel.Take("never").ShouldBeNull();
    }

    [Fact]
    public async Task Error_of_the_handler_is_passed_on_unchanged()
    {
        var ended = channel.InvokeAsync(Invocation("r1"), Limit).AsTask();
        await channel.NextAsync(CancellationToken.None);
        await channel.FailAsync(channel.Take("r1")!, "{\"errorMessage\":\"no\"}"u8.ToArray());
        using var outcome = await ended;
        outcome.Kind.ShouldBe(OutcomeKind.HandlerError);
        Encoding.UTF8.GetString(outcome.Payload.Span).ShouldBe("{\"errorMessage\":\"no\"}");
    }

    [Theory]
    [InlineData(0, false, OutcomeKind.Exited, "Runtime.ExitError", "Runtime exited without providing a reason")]
    [InlineData(3, false, OutcomeKind.Exited, "Runtime.ExitError", "Runtime exited with error: exit status 3")]
    [InlineData(137, false, OutcomeKind.Exited, "Runtime.ExitError", "Runtime exited with error: signal: killed")]
    [InlineData(137, true, OutcomeKind.OutOfMemory, "Runtime.OutOfMemory", "Runtime exited with error: signal: killed")]
    public async Task Process_that_ends_during_a_call_ends_it_in_lambdas_words(
        int status, bool outOfMemory, OutcomeKind kind, string type, string message)
    {
        var ended = channel.InvokeAsync(Invocation("r1"), Limit).AsTask();
        await channel.NextAsync(CancellationToken.None);
        process.Exit(new SandboxExit(status, outOfMemory));
        var outcome = await ended;
        outcome.Kind.ShouldBe(kind);
        Parse(outcome).ShouldBe((type, $"RequestId: r1 Error: {message}"));
        await channel.Closed;
        await Should.ThrowAsync<ChannelClosedException>(async () => await channel.NextAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Call_to_an_environment_that_has_ended_was_never_started()
    {
        process.Exit(new SandboxExit(1, false));
        await channel.Closed;
        using var outcome = await channel.InvokeAsync(Invocation("r1"), Limit);
        outcome.Kind.ShouldBe(OutcomeKind.Exited);
        outcome.NeverStarted.ShouldBeTrue();
    }

    [Fact]
    public async Task Overdue_call_is_ended_and_the_process_killed()
    {
        var ended = channel.InvokeAsync(Invocation("r1"), TimeSpan.FromSeconds(1)).AsTask();
        await channel.NextAsync(CancellationToken.None);
        channel.SweepDeadlines(time.GetTimestamp()).ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        channel.SweepDeadlines(time.GetTimestamp()).ShouldBeTrue();
        Parse(await ended).ShouldBe(("Sandbox.Timedout", "RequestId: r1 Error: Task timed out after 1.00 seconds"));
        process.Killed.ShouldBeTrue();
        channel.Take("r1").ShouldBeNull();
    }

    [Fact]
    public async Task Call_whose_answer_broke_off_can_be_answered_again()
    {
        var ended = channel.InvokeAsync(Invocation("r1"), Limit).AsTask();
        await channel.NextAsync(CancellationToken.None);
        var call = channel.Take("r1")!;
        channel.Take("r1").ShouldBeNull();
        RuntimeApiChannel.PutBack(call);
        await channel.RespondAsync(channel.Take("r1")!, "1"u8.ToArray());
        (await ended).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Answer_that_is_still_coming_in_holds_up_neither_the_deadline_nor_the_end_of_the_process()
    {
        var late = channel.InvokeAsync(Invocation("r1"), TimeSpan.FromSeconds(1)).AsTask();
        var orphaned = channel.InvokeAsync(Invocation("r2"), TimeSpan.FromSeconds(60)).AsTask();
        var first = channel.Take("r1")!;
        var second = channel.Take("r2")!;
        time.Advance(TimeSpan.FromSeconds(1));
        channel.SweepDeadlines(time.GetTimestamp());
        (await late).Kind.ShouldBe(OutcomeKind.TimedOut);
        (await orphaned).Kind.ShouldBe(OutcomeKind.Exited);
        // The rest of the answers comes too late and changes nothing.
        await channel.RespondAsync(first, "1"u8.ToArray());
        RuntimeApiChannel.PutBack(second);
    }

    [Fact]
    public async Task Output_belongs_to_the_call_it_was_written_in()
    {
        process.Output!("before\n"u8.ToArray());
        var ended = channel.InvokeAsync(Invocation("r1", wantsTail: true), Limit).AsTask();
        await channel.NextAsync(CancellationToken.None);
        process.Output!("during\n"u8.ToArray());
        process.Undelivered = "last\n";
        await channel.RespondAsync(channel.Take("r1")!, "1"u8.ToArray());
        process.Output!("after\n"u8.ToArray());
        Encoding.UTF8.GetString((await ended).LogTail!).ShouldBe("during\nlast\n");
        telemetry.Lines.Select(line => (line.RequestId, line.Text)).ShouldBe(
            [(null, "before\n"), ("r1", "during\n"), ("r1", "last\n"), (null, "after\n")]);
    }

    private static Invocation Invocation(string requestId, bool wantsTail = false) => new()
    {
        RequestId = requestId,
        InvokedArn = "arn:aws:lambda:us-east-1:000000000000:function:hello",
        Payload = "{}"u8.ToArray(),
        WantsLogTail = wantsTail,
    };

    private static (string? Type, string? Message) Parse(InvocationOutcome? outcome)
    {
        using var json = JsonDocument.Parse(outcome!.Payload);
        return (
            json.RootElement.GetProperty("errorType").GetString(),
            json.RootElement.GetProperty("errorMessage").GetString());
    }
}
