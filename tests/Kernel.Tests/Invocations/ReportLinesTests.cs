using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Invocations;

/// <summary>The lines as AWS Lambda's text format has them: log readers match on them.</summary>
public sealed class ReportLinesTests
{
    private const string RequestId = "0197c1d2-0000-7000-8000-000000000001";

    private static readonly InvocationRecord Sample = new()
    {
        RequestId = RequestId,
        Function = new FunctionId(AccountId.Root, "hello"),
        Version = "7",
        EnvironmentId = "env-1",
        StartedAt = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero),
        Duration = TimeSpan.FromMilliseconds(12.345),
        Outcome = OutcomeKind.Success,
        MemoryMegabytes = 128,
        MaxMemoryUsedMegabytes = 42,
        Source = "invoke",
    };

    [Fact]
    public void Start_names_request_and_version() =>
        ReportLines.Start(RequestId, "$LATEST").ShouldBe($"START RequestId: {RequestId} Version: $LATEST\n");

    [Fact]
    public void End_names_the_request() => ReportLines.End(RequestId).ShouldBe($"END RequestId: {RequestId}\n");

    [Fact]
    public void Report_of_a_warm_call_has_tabs_between_its_figures_and_at_its_end() =>
        ReportLines.Report(Sample).ShouldBe(
            $"REPORT RequestId: {RequestId}\tDuration: 12.35 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB"
            + "\tMax Memory Used: 42 MB\t\n");

    [Fact]
    public void Report_of_a_cold_call_ends_with_its_initialization() =>
        ReportLines.Report(Sample with { InitDuration = TimeSpan.FromMilliseconds(1_234.5) }).ShouldEndWith(
            "\tMax Memory Used: 42 MB\tInit Duration: 1234.50 ms\t\n");

    [Theory]
    [InlineData(OutcomeKind.Success, "MB\t\n")]
    [InlineData(OutcomeKind.HandlerError, "MB\t\n")]
    [InlineData(OutcomeKind.TimedOut, "MB\tStatus: timeout\n")]
    [InlineData(OutcomeKind.Exited, "MB\tStatus: error\tError Type: Runtime.ExitError\n")]
    [InlineData(OutcomeKind.OutOfMemory, "MB\tStatus: error\tError Type: Runtime.OutOfMemory\n")]
    public void Report_says_when_the_platform_ended_the_call(OutcomeKind outcome, string end) =>
        ReportLines.Report(Sample with { Outcome = outcome }).ShouldEndWith(end);

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Report_is_one_line_for_every_outcome(OutcomeKind outcome) =>
        ReportLines.Report(Sample with { Outcome = outcome }).Count(character => character == '\n').ShouldBe(1);

    public static TheoryData<OutcomeKind> Outcomes() => new(Enum.GetValues<OutcomeKind>());

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.001, 1)]
    [InlineData(1, 1)]
    [InlineData(1.0001, 2)]
    [InlineData(900_000, 900_000)]
    public void Each_started_millisecond_is_billed(double milliseconds, long billed) =>
        ReportLines.BilledMilliseconds(Sample with { Duration = TimeSpan.FromMilliseconds(milliseconds) })
            .ShouldBe(billed);

    [Fact]
    public void Initialization_is_not_billed() =>
        ReportLines.BilledMilliseconds(Sample with { InitDuration = TimeSpan.FromSeconds(9) }).ShouldBe(13);
}
