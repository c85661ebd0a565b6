using System.Text;
using Lambent.Kernel;
using Lambent.Protocol.Frames;
using Lambent.Sandbox.Channels;

namespace Lambent.Sandbox.Tests.Channels;

/// <summary>What becomes of the lines of one environment, and how fast they are taken.</summary>
public sealed class EnvironmentLogTests
{
    private readonly RecordingTelemetry telemetry = new();
    private readonly ManualTime time = new();

    [Fact]
    public void Tail_of_a_function_with_secrets_shows_none_even_when_the_line_is_not_kept()
    {
        var log = Log(("API_TOKEN", "token-of-sixteen"), ("COLOR", "blue"));
        foreach (var isOpen in new[] { true, false })
        {
            telemetry.IsOpen = isOpen;
            var tail = new LogTail();
            log.Write("r-1", "blue token-of-sixteen\n"u8, tail).ShouldBe(isOpen);
            Encoding.UTF8.GetString(tail.ToArray()).ShouldBe("blue ********\n");
        }

        telemetry.Lines.Single().Text.ShouldBe("blue ********\n");
    }

    [Fact]
    public void Dropped_lines_are_all_counted_and_told_once_a_second_at_most()
    {
        var log = Log();
        log.Drop("r-1", 5, 500);
        log.Drop("r-1", 6, 600);
        log.Drop("r-1", 7, 700);
        telemetry.Lines.Single().Text.ShouldBe(
            "[lambent] 5 lines of log (500 bytes) were dropped: one environment may write 10000 lines and 2 MiB a "
            + "second\n");

        time.Advance(TimeSpan.FromSeconds(1));
        log.Drop("r-2", 1, 100);
        telemetry.Lines.Count.ShouldBe(2);
        telemetry.Lines[1].Text.ShouldStartWith("[lambent] 14 lines of log (1400 bytes)");
        telemetry.Lines.ShouldAllBe(line => line.IsNotice);
        (telemetry.DroppedLines, telemetry.DroppedBytes).ShouldBe((19, 1900));
    }

    [Fact]
    public void Dropped_frame_says_what_it_says_within_reason()
    {
        LogDropped.TryRead(new byte[15]).ShouldBeNull();
        LogDropped.TryRead(Enumerable.Repeat((byte)255, 16).ToArray()).ShouldBe(new LogDropped(1L << 40, 1L << 40));
    }

    [Fact]
    public void Pace_lets_pass_what_a_shim_may_send_and_holds_back_what_comes_past_it()
    {
        var pace = new LogPace(time);
        for (var second = 0; second < 30; second++)
        {
            // A shim that uses up all it may.
            for (var line = 0; line < Limits.EnvironmentLogLinesPerSecond; line++)
            {
                pace.Charge(Limits.EnvironmentLogBytesPerSecond / Limits.EnvironmentLogLinesPerSecond, wanted: true);
            }

            pace.Pause.ShouldBeNull();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var read = 0L;
        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromSeconds(10);)
        {
            pace.Charge(32 * 1024, wanted: true);
            read += 32 * 1024;
            if (pace.Pause is { } pause)
            {
                pause.ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(50));
                time.Advance(pause);
                elapsed += pause;
            }
        }

        read.ShouldBeLessThan(130L * Limits.MiB);
    }

    [Fact]
    public void Pace_is_slower_for_lines_that_nobody_keeps()
    {
        long Read(bool wanted)
        {
            var pace = new LogPace(time);
            var read = 0L;
            for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromSeconds(20);)
            {
                pace.Charge(32 * 1024, wanted);
                read += 32 * 1024;
                if (pace.Pause is { } pause)
                {
                    time.Advance(pause);
                    elapsed += pause;
                }
            }

            return read;
        }

        (Read(wanted: true) / (double)Read(wanted: false)).ShouldBeInRange(7, 9);
    }

    private EnvironmentLog Log(params (string Name, string Value)[] variables) =>
        new(Specifications.Create(variables: variables), "env-1", telemetry, time);
}
