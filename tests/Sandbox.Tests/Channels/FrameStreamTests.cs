using System.Buffers.Binary;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Invocations;
using Lambent.Protocol.Frames;
using Lambent.Sandbox.Channels;

namespace Lambent.Sandbox.Tests.Channels;

/// <summary>Bodies that pass through a channel piece by piece, at the pace of the slower side.</summary>
public sealed class FrameStreamTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> Variables = new()
    {
        ["LAMBDA_TASK_ROOT"] = "/var/task",
        ["AWS_LAMBDA_LOG_STREAM_NAME"] = "stream",
    };

    [Fact]
    public async Task Caller_that_takes_nothing_holds_back_its_own_call_only()
    {
        await using var fixture = await Fixture.LoadedAsync(concurrency: 2);
        using var caller = new SlowCaller();
        var slow = fixture.InvokeAsync(caller);
        var slowId = (await fixture.Shim.ReceiveAsync()).Header.CallId;
        await fixture.Shim.SendAsync(FrameKind.StreamStart, slowId);
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, slowId, new string('x', Limits.StreamWindowBytes));

        var quick = fixture.InvokeAsync(null);
        var quickId = (await fixture.Shim.ReceiveAsync()).Header.CallId;
        await fixture.Shim.SendAsync(FrameKind.Response, quickId, "quick");
        (await quick).IsSuccess.ShouldBeTrue();

        caller.Release();
        var (window, payload) = await fixture.Shim.ReceiveAsync();
        window.Kind.ShouldBe(FrameKind.Window);
        window.CallId.ShouldBe(slowId);
        BinaryPrimitives.ReadInt32LittleEndian(payload).ShouldBe(Limits.StreamWindowBytes);
        await fixture.Shim.SendAsync(FrameKind.StreamEnd, slowId);
        var outcome = await slow;
        await outcome.StreamsEnded;
        caller.Taken.ShouldBe(Limits.StreamWindowBytes);
    }

    [Fact]
    public async Task Environment_is_free_before_a_slow_caller_has_the_end()
    {
        await using var fixture = await Fixture.LoadedAsync();
        using var caller = new SlowCaller();
        var first = fixture.InvokeAsync(caller);
        var firstId = (await fixture.Shim.ReceiveAsync()).Header.CallId;
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, firstId, "end");
        await fixture.Shim.SendAsync(FrameKind.StreamEnd, firstId);
        var outcome = await first;
        outcome.StreamsEnded.IsCompleted.ShouldBeFalse();

        var second = fixture.InvokeAsync(null);
        var secondId = (await fixture.Shim.ReceiveAsync()).Header.CallId;
        await fixture.Shim.SendAsync(FrameKind.Response, secondId, "2");
        (await second).IsSuccess.ShouldBeTrue();
        caller.Release();
        await outcome.StreamsEnded;
        caller.Taken.ShouldBe(3);
    }

    [Fact]
    public async Task Environment_that_ignores_the_window_is_killed()
    {
        await using var fixture = await Fixture.LoadedAsync();
        using var caller = new SlowCaller();
        var invoking = fixture.InvokeAsync(caller);
        var id = (await fixture.Shim.ReceiveAsync()).Header.CallId;
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, id, new string('x', Limits.StreamWindowBytes));
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, id, "x");

        (await invoking).Kind.ShouldBe(OutcomeKind.Exited);
        fixture.Process.Killed.ShouldBeTrue();
        caller.Release();
    }

    [Fact]
    public async Task Caller_who_leaves_between_two_writes_is_told_to_the_handler()
    {
        await using var fixture = await Fixture.LoadedAsync();
        using var caller = new SlowCaller();
        caller.Release();
        var invoking = fixture.InvokeAsync(caller);
        var id = (await fixture.Shim.ReceiveAsync()).Header.CallId;
        await fixture.Shim.SendAsync(FrameKind.StreamStart, id);
        caller.Leave();
        (await fixture.Shim.ReceiveAsync()).Header.Kind.ShouldBe(FrameKind.Cancel);
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, id, new string('x', Limits.StreamWindowBytes * 2));
        await fixture.Shim.SendAsync(FrameKind.StreamEnd, id);
        (await invoking).IsSuccess.ShouldBeTrue();
        caller.Taken.ShouldBe(0);
    }

    [Fact]
    public async Task Stream_that_nobody_wants_is_taken_and_dropped()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var invoking = fixture.InvokeAsync(null);
        var id = (await fixture.Shim.ReceiveAsync()).Header.CallId;
        await fixture.Shim.SendAsync(FrameKind.StreamChunk, id, new string('x', Limits.StreamWindowBytes));
        (await fixture.Shim.ReceiveAsync()).Header.Kind.ShouldBe(FrameKind.Window);
        await fixture.Shim.SendAsync(FrameKind.StreamEnd, id);
        (await invoking).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Body_is_read_no_further_than_the_handler_has_room()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var body = new CountedBody(3 * Limits.StreamWindowBytes);
        var invoking = fixture.InvokeAsync(null, body);
        var (invoke, head) = await fixture.Shim.ReceiveAsync();
        (BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(14)) & InvokeHead.FlagBodyFollows).ShouldNotBe(0);
        (await ReceiveBodyAsync(fixture, Limits.StreamWindowBytes)).ShouldBe(Limits.StreamWindowBytes);
        body.Position.ShouldBe(Limits.StreamWindowBytes);

        await GrantAsync(fixture, invoke.CallId, Limits.StreamWindowBytes);
        await ReceiveBodyAsync(fixture, Limits.StreamWindowBytes);
        await GrantAsync(fixture, invoke.CallId, Limits.StreamWindowBytes);
        await ReceiveBodyAsync(fixture, Limits.StreamWindowBytes);
        await GrantAsync(fixture, invoke.CallId, 1);
        var (end, reason) = await fixture.Shim.ReceiveAsync();
        end.Kind.ShouldBe(FrameKind.BodyEnd);
        reason.ShouldBeEmpty();
        await fixture.Shim.SendAsync(FrameKind.Response, invoke.CallId, "ok");
        await (await invoking).StreamsEnded;
    }

    [Fact]
    public async Task Body_is_let_go_when_the_call_ends_before_it()
    {
        await using var fixture = await Fixture.LoadedAsync();
        var body = new CountedBody(long.MaxValue);
        var invoking = fixture.InvokeAsync(null, body);
        var (invoke, _) = await fixture.Shim.ReceiveAsync();
        await ReceiveBodyAsync(fixture, Limits.StreamWindowBytes);
        await fixture.Shim.SendAsync(FrameKind.Response, invoke.CallId, "enough");
        await (await invoking).StreamsEnded;
        body.Position.ShouldBe(Limits.StreamWindowBytes);
    }

    [Fact]
    public async Task Body_is_read_no_further_while_the_environment_does_not_take_it()
    {
        var body = new CountedBody(long.MaxValue);
        var (sending, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        var ended = new List<bool>();
        using var pump = new RequestPump(
            body,
            _ =>
            {
                sending.SetResult();
                return left.Task;
            },
            ended.Add);
        pump.Start();
        await sending.Task;
        body.Position.ShouldBeLessThan(Limits.StreamWindowBytes);
        pump.TryGrant((int)body.Position).ShouldBeTrue();
        var read = body.Position;
        pump.Stop();
        await pump.Ended;
        body.Position.ShouldBe(read);
        ended.ShouldBe([false]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(int.MinValue)]
    public async Task Room_that_cannot_be_kills_the_environment(int bytes)
    {
        await using var fixture = await Fixture.LoadedAsync();
        var body = new BrokenBody();
        var invoking = fixture.InvokeAsync(null, body);
        var (invoke, _) = await fixture.Shim.ReceiveAsync();
        await GrantAsync(fixture, invoke.CallId, bytes);
        (await invoking).Kind.ShouldBe(OutcomeKind.Exited);
        fixture.Process.Killed.ShouldBeTrue();
    }

    private static Task GrantAsync(Fixture fixture, uint callId, int bytes)
    {
        var frame = new byte[FrameHeader.Size + 4];
        new FrameHeader(4, FrameKind.BodyWindow, 0, callId).Write(frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(FrameHeader.Size), bytes);
        return fixture.Shim.SendRawAsync(frame);
    }

    private static async Task<int> ReceiveBodyAsync(Fixture fixture, int bytes)
    {
        var received = 0;
        while (received < bytes)
        {
            var (header, payload) = await fixture.Shim.ReceiveAsync();
            header.Kind.ShouldBe(FrameKind.BodyChunk);
            received += payload.Length;
        }

        return received;
    }

    private sealed class Fixture : IAsyncDisposable
    {
        public required FakeShim Shim { get; init; }

        public required FakeProcess Process { get; init; }

        private FrameChannel Channel { get; init; } = null!;

        public static async Task<Fixture> LoadedAsync(int concurrency = 1)
        {
            var shim = await FakeShim.ConnectAsync();
            var process = new FakeProcess();
            var specification = Specifications.Create(concurrency);
            var log = new EnvironmentLog(
                specification, process.EnvironmentId, new RecordingTelemetry(), TimeProvider.System);
            var fixture = new Fixture
            {
                Shim = shim,
                Process = process,
                Channel = new FrameChannel(process, shim.Host, log, TimeProvider.System),
            };
            var initializing = fixture.Channel.InitializeAsync(specification, Variables, Timeout);
            await shim.LoadAsync();
            (await initializing).ShouldBeNull();
            return fixture;
        }

        public Task<InvocationOutcome> InvokeAsync(IResponseStream? stream, Stream? body = null) =>
            Channel.InvokeAsync(
                new Invocation
                {
                    RequestId = "r",
                    InvokedArn = "arn:fn",
                    Payload = Encoding.UTF8.GetBytes("{}"),
                    ResponseStream = stream,
                    RequestBody = body,
                },
                Timeout).AsTask();

        public async ValueTask DisposeAsync()
        {
            Shim.Dispose();
            await Channel.DisposeAsync();
        }
    }

    /// <summary>Takes nothing before it is released.</summary>
    private sealed class SlowCaller : IResponseStream, IDisposable
    {
        private readonly TaskCompletionSource released = new();
        private readonly CancellationTokenSource gone = new();

        public int Taken { get; private set; }

        public CancellationToken CallerGone => gone.Token;

        public void Release() => released.TrySetResult();

        public void Leave() => gone.Cancel();

        public void Dispose() => gone.Dispose();

        public async ValueTask StartAsync(ReadOnlyMemory<byte> prelude) => await released.Task;

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> chunk)
        {
            await released.Task;
            Taken += chunk.Length;
        }
    }

    /// <summary>A body of zeros.</summary>
    private sealed class CountedBody(long length) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => Interlocked.Read(ref position);
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - position);
            Interlocked.Add(ref position, read);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>A body of which nothing comes, ever.</summary>
    private sealed class BrokenBody : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }
    }
}
