using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Frames;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Tests.Channels;

public sealed class FrameChannelTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> Variables = new()
    {
        ["LAMBDA_TASK_ROOT"] = "/var/task",
        ["AWS_LAMBDA_LOG_STREAM_NAME"] = "stream",
        ["COLOR"] = "blue",
    };

    [Fact]
    public async Task Initialize_sends_the_function_and_waits_for_ready()
    {
        await using var fixture = await Fixture.CreateAsync();
        var initializing = fixture.Channel.InitializeAsync(Specification(), Variables, Timeout);
        await fixture.Shim.SendAsync(FrameKind.Hello, 0, """{"protocol":1}""");
        var (header, payload) = await fixture.Shim.ReceiveAsync();

        header.Kind.ShouldBe(FrameKind.Specialize);
        using var message = JsonDocument.Parse(payload);
        message.RootElement.GetProperty("handler").GetString().ShouldBe("index.handler");
        message.RootElement.GetProperty("variables").GetProperty("COLOR").GetString().ShouldBe("blue");
        initializing.IsCompleted.ShouldBeFalse();

        await fixture.Shim.SendAsync(FrameKind.Ready, 0);
        (await initializing).ShouldBeNull();
    }

    [Fact]
    public async Task Initialize_failing_code_returns_its_error_object()
    {
        await using var fixture = await Fixture.CreateAsync();
        var initializing = fixture.Channel.InitializeAsync(Specification(), Variables, Timeout);
        await fixture.Shim.SendAsync(FrameKind.Hello, 0, "{}");
        await fixture.Shim.ReceiveAsync();
        await fixture.Shim.SendAsync(FrameKind.InitError, 0, """{"errorType":"Runtime.ImportModuleError"}""");

        var outcome = await initializing;
        outcome!.Kind.ShouldBe(OutcomeKind.InitializationError);
        Text(outcome).ShouldContain("ImportModuleError");
    }

    [Fact]
    public async Task Initialize_process_that_dies_before_hello_is_an_exit()
    {
        await using var fixture = await Fixture.CreateAsync();
        var initializing = fixture.Channel.InitializeAsync(Specification(), Variables, Timeout);
        fixture.Process.Exit(new SandboxExit(7, false));
        fixture.Shim.Dispose();

        var outcome = await initializing;
        outcome!.Kind.ShouldBe(OutcomeKind.Exited);
        Text(outcome).ShouldContain("exit status 7");
    }

    [Fact]
    public async Task Invoke_carries_head_and_event_and_returns_the_response()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync("r-1", """{"a":1}""", clientContext: """{"c":2}""",
            trace: "Root=1-5759e988-bd862e3fe1be46a994272793");
        var (header, payload) = await fixture.Shim.ReceiveAsync();

        header.Kind.ShouldBe(FrameKind.Invoke);
        BinaryPrimitives.ReadInt64LittleEndian(payload).ShouldBeGreaterThan(0);
        Encoding.UTF8.GetString(payload[InvokeHead.FixedSize..]).ShouldBe(
            "r-1arn:fnRoot=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000007;Sampled=1"
            + """{"c":2}{"a":1}""");
        await fixture.Shim.SendAsync(FrameKind.Response, header.CallId, "\"done\"");

        using var outcome = await invoking;
        outcome.Kind.ShouldBe(OutcomeKind.Success);
        Text(outcome).ShouldBe("\"done\"");
        outcome.EnvironmentId.ShouldBe("env-1");
    }

    [Fact]
    public async Task Invoke_many_at_once_are_answered_in_any_order()
    {
        await using var fixture = await Fixture.LoadedAsync(concurrency: 3);
        var first = fixture.InvokeAsync("r-1", "1");
        var second = fixture.InvokeAsync("r-2", "2");
        var third = fixture.InvokeAsync("r-3", "3");
        var ids = new Dictionary<string, uint>();
        for (var index = 0; index < 3; index++)
        {
            var (header, payload) = await fixture.Shim.ReceiveAsync();
            ids[Encoding.UTF8.GetString(payload.AsSpan(InvokeHead.FixedSize, 3))] = header.CallId;
        }

        await fixture.Shim.SendAsync(FrameKind.Response, ids["r-3"], "three");
        await fixture.Shim.SendAsync(FrameKind.Error, ids["r-1"], """{"errorType":"E"}""");
        await fixture.Shim.SendAsync(FrameKind.Response, ids["r-2"], "two");

        Text(await third).ShouldBe("three");
        Text(await second).ShouldBe("two");
        (await first).Kind.ShouldBe(OutcomeKind.HandlerError);
    }

    [Fact]
    public async Task Late_answer_of_an_earlier_call_is_dropped()
    {
        await using var fixture = await Fixture.LoadedAsync(concurrency: 2);
        var first = fixture.InvokeAsync("r-1", "1", timeout: TimeSpan.FromMilliseconds(1));
        var stale = (await fixture.Shim.ReceiveAsync()).Header.CallId;
        fixture.Channel.SweepDeadlines(long.MaxValue).ShouldBeTrue();
        (await first).Kind.ShouldBe(OutcomeKind.TimedOut);
        (await fixture.Shim.ReceiveAsync()).Header.Kind.ShouldBe(FrameKind.Cancel);

        var second = fixture.InvokeAsync("r-2", "2");
        var current = (await fixture.Shim.ReceiveAsync()).Header.CallId;
        current.ShouldNotBe(stale);
        await fixture.Shim.SendAsync(FrameKind.Response, stale, "old");
        await fixture.Shim.SendAsync(FrameKind.Response, current, "new");

        Text(await second).ShouldBe("new");
    }

    /// <summary>A caller may call again at once, and must not get the environment that is being killed.</summary>
    [Fact]
    public async Task Overdue_calls_end_after_whoever_ends_them_was_told()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync("r-1", "1", timeout: TimeSpan.FromSeconds(2));
        await fixture.Shim.ReceiveAsync();
        var told = new List<bool>();
        fixture.Channel.SweepDeadlines(0, () => told.Add(invoking.IsCompleted)).ShouldBeFalse();
        fixture.Channel.SweepDeadlines(long.MaxValue, () => told.Add(invoking.IsCompleted)).ShouldBeTrue();

        (await invoking).Kind.ShouldBe(OutcomeKind.TimedOut);
        told.ShouldBe([false]);
    }

    [Fact]
    public async Task Overdue_call_alone_in_its_environment_kills_it()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync("r-1", "1", timeout: TimeSpan.FromSeconds(2));
        await fixture.Shim.ReceiveAsync();
        fixture.Channel.SweepDeadlines(long.MaxValue).ShouldBeTrue();

        var outcome = await invoking;
        outcome.Kind.ShouldBe(OutcomeKind.TimedOut);
        Text(outcome).ShouldContain("Task timed out after 2.00 seconds");
        fixture.Process.Killed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, false, "Runtime exited without providing a reason", OutcomeKind.Exited)]
    [InlineData(3, false, "Runtime exited with error: exit status 3", OutcomeKind.Exited)]
    [InlineData(137, true, "Runtime exited with error: signal: killed", OutcomeKind.OutOfMemory)]
    public async Task Exit_during_a_call_ends_it_with_the_reason(
        int status, bool outOfMemory, string message, OutcomeKind kind)
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync("r-1", "1");
        await fixture.Shim.ReceiveAsync();
        fixture.Process.Exit(new SandboxExit(status, outOfMemory));
        fixture.Shim.Dispose();

        var outcome = await invoking;
        outcome.Kind.ShouldBe(kind);
        Text(outcome).ShouldContain("RequestId: r-1 Error: " + message);
        await fixture.Channel.Closed;
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public async Task Frame_with_an_impossible_length_breaks_the_channel(int length)
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync("r-1", "1");
        await fixture.Shim.ReceiveAsync();
        var frame = new byte[FrameHeader.Size];
        new FrameHeader(length, FrameKind.Response, 0, 0).Write(frame);
        await fixture.Shim.SendRawAsync(frame);

        (await invoking).Kind.ShouldBe(OutcomeKind.Exited);
        fixture.Process.Killed.ShouldBeTrue();
    }

    [Fact]
    public async Task Unknown_kinds_and_calls_are_ignored()
    {
        await using var fixture = await Fixture.LoadedAsync();
        await fixture.Shim.SendAsync((FrameKind)0xEE, 5, "?");
        await fixture.Shim.SendAsync(FrameKind.Response, 0xFFFF_FFFF, "nobody");
        var invoking = fixture.InvokeAsync("r-1", "1");
        var (header, _) = await fixture.Shim.ReceiveAsync();
        await fixture.Shim.SendAsync(FrameKind.Response, header.CallId, "ok");

        Text(await invoking).ShouldBe("ok");
    }

    [Fact]
    public async Task Log_lines_carry_their_call_and_fill_the_tail()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync("r-1", "1", wantsTail: true);
        var (header, _) = await fixture.Shim.ReceiveAsync();
        await fixture.Shim.SendAsync(FrameKind.Log, header.CallId, new string('x', 5000) + "\n");
        await fixture.Shim.SendAsync(FrameKind.Log, header.CallId, "last\n");
        await fixture.Shim.SendAsync(FrameKind.Response, header.CallId, "ok");

        var outcome = await invoking;
        outcome.LogTail!.Length.ShouldBe(4096);
        Encoding.UTF8.GetString(outcome.LogTail).ShouldEndWith("x\nlast\n");
        fixture.Telemetry.Lines.ShouldAllBe(line => line.RequestId == "r-1" && line.EnvironmentId == "env-1");
        fixture.Telemetry.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Dropped_lines_are_counted_and_noted_in_the_log_of_their_call()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync("r-1", "1");
        var (header, _) = await fixture.Shim.ReceiveAsync();
        await fixture.Shim.SendAsync(
            FrameKind.LogDropped, header.CallId, "\u0003\0\0\0\0\0\0\0\u0021\0\0\0\0\0\0\0");
        await fixture.Shim.SendAsync(FrameKind.Response, header.CallId, "ok");
        Text(await invoking).ShouldBe("ok");

        (fixture.Telemetry.DroppedLines, fixture.Telemetry.DroppedBytes).ShouldBe((3, 33));
        var line = fixture.Telemetry.Lines.Single();
        line.RequestId.ShouldBe("r-1");
        line.Text.ShouldContain("3 lines of log (33 bytes) were dropped");
    }

    [Fact]
    public async Task Flood_past_the_shim_is_held_back_and_its_call_still_ends_at_its_deadline()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync("r-1", "1", timeout: TimeSpan.FromMilliseconds(100));
        var (header, _) = await fixture.Shim.ReceiveAsync();
        var line = new string('x', 200_000) + "\n";
        var flooding = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await fixture.Shim.SendAsync(FrameKind.Log, header.CallId, line);
                }
            }
            catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException)
            {
                // The environment was killed.
            }
        });
        while (!fixture.Process.Killed)
        {
            fixture.Channel.SweepDeadlines(TimeProvider.System.GetTimestamp());
            await Task.Yield();
        }

        (await invoking).Kind.ShouldBe(OutcomeKind.TimedOut);
        fixture.Shim.Dispose();
        await flooding;
        await fixture.Channel.Closed;
    }

    [Fact]
    public async Task Streamed_response_reaches_the_stream_in_order()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var stream = new RecordingStream();
        var invoking = fixture.InvokeAsync("r-1", "1", stream: stream);
        var (header, _) = await fixture.Shim.ReceiveAsync();
        await fixture.Shim.SendAsync(FrameKind.StreamStart, header.CallId, """{"statusCode":201}""");
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, header.CallId, "a");
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, header.CallId, "b");
        await fixture.Shim.SendAsync(FrameKind.StreamEnd, header.CallId);

        var outcome = await invoking;
        outcome.IsSuccess.ShouldBeTrue();
        await outcome.StreamsEnded;
        string.Concat(stream.Events).ShouldBe("start {\"statusCode\":201}ab");
    }

    [Fact]
    public async Task Stream_whose_caller_left_is_cancelled_and_drained()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync("r-1", "1", stream: new RecordingStream { FailsOnWrite = true });
        var (header, _) = await fixture.Shim.ReceiveAsync();
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, header.CallId, "a");
        (await fixture.Shim.ReceiveAsync()).Header.Kind.ShouldBe(FrameKind.Cancel);
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, header.CallId, "b");
        await fixture.Shim.SendAsync(FrameKind.StreamEnd, header.CallId);

        (await invoking).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Stream_above_its_limit_ends_the_call_and_the_environment()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var stream = new RecordingStream();
        var invoking = fixture.InvokeAsync("r-1", "1", stream: stream, streamBytesMax: 3);
        var (header, _) = await fixture.Shim.ReceiveAsync();
        await fixture.Shim.SendAsync(FrameKind.StreamStart, header.CallId, "{\"statusCode\":200}");
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, header.CallId, "abc");
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, header.CallId, "d");

        using var outcome = await invoking;

        outcome.Kind.ShouldBe(OutcomeKind.ResponseTooLarge);
        Text(outcome).ShouldBe(
            "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":"
            + "\"Response payload size exceeded maximum allowed payload size (3 bytes).\"}");
        await outcome.StreamsEnded;
        stream.Events.ShouldBe(["start {\"statusCode\":200}", "abc"]);
        fixture.Process.Killed.ShouldBeTrue();
    }

    [Fact]
    public async Task Stream_above_its_limit_leaves_the_other_calls_of_its_environment_alone()
    {
        await using var fixture = await Fixture.LoadedAsync(concurrency: 2);
        var stream = new RecordingStream();
        var tooLarge = fixture.InvokeAsync("r-1", "1", stream: stream, streamBytesMax: 3);
        var (header, _) = await fixture.Shim.ReceiveAsync();
        var other = fixture.InvokeAsync("r-2", "2");
        var (otherHeader, _) = await fixture.Shim.ReceiveAsync();

        await fixture.Shim.SendAsync(FrameKind.StreamChunk, header.CallId, "abcd");
        (await fixture.Shim.ReceiveAsync()).Header.Kind.ShouldBe(FrameKind.Cancel);
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, header.CallId, "e");
        await fixture.Shim.SendAsync(FrameKind.StreamEnd, header.CallId);
        await fixture.Shim.SendAsync(FrameKind.Response, otherHeader.CallId, "ok");

        var ended = await tooLarge;
        ended.Kind.ShouldBe(OutcomeKind.ResponseTooLarge);
        await ended.StreamsEnded;
        stream.Events.ShouldBeEmpty();
        (await other).IsSuccess.ShouldBeTrue();

        // The slot is as good as new for the next call.
        var next = fixture.InvokeAsync("r-3", "3", stream: stream, streamBytesMax: 3);
        var (nextHeader, _) = await fixture.Shim.ReceiveAsync();
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, nextHeader.CallId, "abc");
        await fixture.Shim.SendAsync(FrameKind.StreamEnd, nextHeader.CallId);
        (await next).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Payloads_of_six_megabytes_pass_both_ways()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var large = new string('a', 6 * 1024 * 1024);
        var invoking = fixture.InvokeAsync("r-1", large);
        var (header, payload) = await fixture.Shim.ReceiveAsync();
        payload.Length.ShouldBeGreaterThan(large.Length);
        await fixture.Shim.SendAsync(FrameKind.Response, header.CallId, large);

        (await invoking).PayloadLength.ShouldBe(large.Length);
    }

    private static EnvironmentSpecification Specification(int concurrency = 1) => Specifications.Create(concurrency);

    private static string Text(InvocationOutcome outcome) => Encoding.UTF8.GetString(outcome.Payload.Span);

    private sealed class Fixture : IAsyncDisposable
    {
        public required FakeShim Shim { get; init; }

        public required FakeProcess Process { get; init; }

        public required FrameChannel Channel { get; init; }

        public required RecordingTelemetry Telemetry { get; init; }

        public static async Task<Fixture> CreateAsync(int concurrency = 1)
        {
            var shim = await FakeShim.ConnectAsync();
            var process = new FakeProcess();
            var telemetry = new RecordingTelemetry();
            var log = new EnvironmentLog(
                Specification(concurrency), process.EnvironmentId, telemetry, TimeProvider.System);
            return new Fixture
            {
                Shim = shim,
                Process = process,
                Telemetry = telemetry,
                Channel = new FrameChannel(process, shim.Host, log, TimeProvider.System),
            };
        }

        public static async Task<Fixture> LoadedAsync(int concurrency = 1)
        {
            var fixture = await CreateAsync(concurrency);
            var initializing = fixture.Channel.InitializeAsync(Specification(concurrency), Variables, Timeout);
            await fixture.Shim.LoadAsync();
            (await initializing).ShouldBeNull();
            return fixture;
        }

        public Task<InvocationOutcome> InvokeAsync(
            string requestId,
            string payload,
            TimeSpan? timeout = null,
            string? clientContext = null,
            string? trace = null,
            bool wantsTail = false,
            IResponseStream? stream = null,
            long streamBytesMax = Kernel.Limits.StreamedResponseBytesMax) => Channel.InvokeAsync(
                new Invocation
                {
                    RequestId = requestId,
                    InvokedArn = "arn:fn",
                    Payload = Encoding.UTF8.GetBytes(payload),
                    ClientContext = clientContext,
                    Trace = new CallTrace(XRayHeader.Parse(trace), 7),
                    WantsLogTail = wantsTail,
                    ResponseStream = stream,
                    StreamedResponseBytesMax = streamBytesMax,
                },
                timeout ?? Timeout).AsTask();

        public async ValueTask DisposeAsync()
        {
            Shim.Dispose();
            await Channel.DisposeAsync();
        }
    }

    private sealed class RecordingStream : IResponseStream
    {
        public List<string> Events { get; } = [];

        public bool FailsOnWrite { get; init; }

        public ValueTask StartAsync(ReadOnlyMemory<byte> prelude)
        {
            Events.Add($"start {Encoding.UTF8.GetString(prelude.Span)}");
            return ValueTask.CompletedTask;
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> chunk)
        {
            if (FailsOnWrite)
            {
                throw new IOException("The caller is gone.");
            }

            Events.Add(Encoding.UTF8.GetString(chunk.Span));
            return ValueTask.CompletedTask;
        }
    }
}
