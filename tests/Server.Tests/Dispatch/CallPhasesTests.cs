using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Dispatch;

public sealed class CallPhasesTests
{
    [Fact]
    public async Task Record_says_what_the_time_before_the_handler_went_into()
    {
        var time = new VirtualTime();
        var directory = new FunctionDirectory();
        var telemetry = new RecordingTelemetry();
        await using var pool = new EnvironmentPool(
            new FakeEnvironments(_ => Task.FromResult(OutcomeKind.Success), time),
            new PoolOptions { IdleTimeout = TimeSpan.FromDays(1), EnvironmentsMax = 10 },
            time);
        var dispatcher = new Dispatcher(
            pool, new ConcurrencyLimiter(directory, _ => 10, time), directory, telemetry,
            new CallTraces(1, time), time);
        var function = TestFunctions.Announce(directory, TestFunctions.Create(TestFunctions.Id("hello")));
        foreach (var queued in new[] { TimeSpan.FromSeconds(7), TimeSpan.Zero })
        {
            var invocation = new Invocation
            {
                RequestId = "r", InvokedArn = function.Arn, Payload = "{}"u8.ToArray(), Queued = queued,
            };
            (await dispatcher.InvokeAsync(function, function.Route(null, 0)!, invocation, "event")).Value.Dispose();
        }

        var start = FakeEnvironments.Phases;
        telemetry.Records.Select(record => record.Phases).ShouldBe(
        [
            new CallPhases(TimeSpan.FromSeconds(7), TimeSpan.Zero, start.Fetch, start.Start, start.Init),
            new CallPhases(TimeSpan.Zero, TimeSpan.Zero),
        ]);
        telemetry.Records.Select(record => record.InitDuration).ShouldBe([start.Total, null]);
    }
}
