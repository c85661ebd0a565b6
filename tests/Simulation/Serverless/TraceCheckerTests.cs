using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Shouldly;
using Xunit;

namespace Lambent.Simulation.Serverless;

public sealed class TraceCheckerTests
{
    private static readonly InstanceKind First = new("000000000000", "f", "1");

    [Fact]
    public void Checker_follows_a_retry_on_another_instance()
    {
        var broken = Check(
            new TraceStep.Accept("x", "f"),
            new TraceStep.Assign("x", "y1", First, IsCold: true),
            new TraceStep.Assign("x", "y2", First, IsCold: true),
            new TraceStep.Die("y1"),
            new TraceStep.Finish("y2", "x", "v"),
            new TraceStep.Respond("x", "v"));

        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Checker_demands_a_returned_value_for_a_response() => Check(
        new TraceStep.Accept("x", "f"),
        new TraceStep.Assign("x", "y", First, IsCold: true),
        new TraceStep.Respond("x", "v")).ShouldHaveSingleItem().ShouldStartWith("P1");

    [Fact]
    public void Checker_sees_a_second_response_after_a_late_first_instance() => Check(
        new TraceStep.Accept("x", "f"),
        new TraceStep.Assign("x", "y1", First, IsCold: true),
        new TraceStep.Assign("x", "y2", First, IsCold: true),
        new TraceStep.Finish("y2", "x", "v"),
        new TraceStep.Respond("x", "v"),
        new TraceStep.Finish("y1", "x", "v"),
        new TraceStep.Respond("x", "v")).ShouldHaveSingleItem().ShouldStartWith("P2");

    [Fact]
    public void Checker_sees_an_instance_that_runs_two_requests() => Check(
        new TraceStep.Accept("x1", "f"),
        new TraceStep.Accept("x2", "f"),
        new TraceStep.Assign("x1", "y", First, IsCold: true),
        new TraceStep.Assign("x2", "y", First, IsCold: false)).ShouldHaveSingleItem().ShouldStartWith("P3");

    [Theory]
    [InlineData("000000000000", "2")]
    [InlineData("111122223333", "1")]
    public void Checker_sees_an_instance_of_another_version_or_account(string account, string version) => Check(
        new TraceStep.Accept("x1", "f"),
        new TraceStep.Assign("x1", "y", First, IsCold: true),
        new TraceStep.Finish("y", "x1", "v"),
        new TraceStep.Accept("x2", "f"),
        new TraceStep.Assign("x2", "y", new InstanceKind(account, "f", version), IsCold: false))
        .ShouldHaveSingleItem().ShouldStartWith("P4");

    [Fact]
    public void Checker_sees_an_instance_that_comes_back() => Check(
        new TraceStep.Accept("x", "f"),
        new TraceStep.Assign("x", "y", First, IsCold: true),
        new TraceStep.Die("y"),
        new TraceStep.Finish("y", "x", "v")).ShouldHaveSingleItem().ShouldStartWith("P5");

    [Fact]
    public void Checker_misses_a_response_and_counts_attempts_at_the_end()
    {
        var checker = new TraceChecker();
        checker.Check(new TraceStep.Accept("x", "f"));
        checker.Check(new TraceStep.Assign("x", "y1", First, IsCold: true));
        checker.Check(new TraceStep.Assign("x", "y2", First, IsCold: true));

        checker.CheckEnd(_ => 1);

        checker.Broken.Select(broken => broken[..2]).ShouldBe(["P6", "P8"]);
    }

    [Fact]
    public void Checker_sees_state_that_is_not_of_the_instance() => Check(
        new TraceStep.Accept("x", "f"),
        new TraceStep.Assign("x", "y", First, IsCold: true),
        new TraceStep.Finish("y", "x", "v", EarlierCalls: 1)).ShouldHaveSingleItem().ShouldStartWith("P7");

    [Fact]
    public void Records_of_a_server_become_a_trace()
    {
        var at = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        InvocationRecord[] good =
        [
            Record("x1", "y1", "1", at, OutcomeKind.Success),
            Record("x2", "y1", "1", at.AddSeconds(1), OutcomeKind.Exited),
            Record("x2", "y2", "1", at.AddSeconds(2), OutcomeKind.Success),
        ];

        Check([.. RecordedTrace.From(good)]).ShouldBeEmpty();
        Check([.. RecordedTrace.From([.. good, Record("x3", "y1", "1", at.AddSeconds(3), OutcomeKind.Success)])])
            .ShouldContain(broken => broken.StartsWith("P5", StringComparison.Ordinal));
        Check([.. RecordedTrace.From([.. good, Record("x3", "y2", "2", at.AddSeconds(3), OutcomeKind.Success)])])
            .ShouldContain(broken => broken.StartsWith("P4", StringComparison.Ordinal));
    }

    [Fact]
    public void What_functions_saw_of_themselves_becomes_a_trace()
    {
        ObservedCall[] good =
        [
            new("x1", "f", "y1", "1", 0, 1, 2, "a"),
            new("x2", "f", "y1", "1", 1, 2.5, 3, "b"),
            new("x3", "f", "y2", "1", 0, 1, 9, "c"),
        ];

        Observed(good).ShouldBeEmpty();
        Observed([.. good, good[1]]).ShouldHaveSingleItem().ShouldStartWith("P2");
        Observed([.. good, new ObservedCall("x4", "f", "y2", "1", 1, 5, 6, "d")])
            .ShouldContain(broken => broken.StartsWith("P3", StringComparison.Ordinal));
        Observed([.. good, new ObservedCall("x4", "f", "y1", "2", 2, 5, 6, "d")])
            .ShouldHaveSingleItem().ShouldStartWith("P4");
        Observed([.. good, new ObservedCall("x4", "f", "y1", "1", 7, 5, 6, "d")])
            .ShouldHaveSingleItem().ShouldStartWith("P7");
        Observed(good, "lost").ShouldHaveSingleItem().ShouldStartWith("P6");
    }

    private static List<string> Observed(ObservedCall[] outcomes, params string[] more)
    {
        var checker = new TraceChecker();
        var accepted = outcomes.Select(call => call.Request).Concat(more).Distinct();
        foreach (var step in ObservedTrace.From(accepted, "f", outcomes))
        {
            checker.Check(step);
        }

        checker.CheckEnd(_ => 1);
        return checker.Broken;
    }

    private static InvocationRecord Record(
        string request, string environment, string version, DateTimeOffset at, OutcomeKind outcome) => new()
    {
        RequestId = request,
        Function = new FunctionId(AccountId.Root, "f"),
        Version = version,
        EnvironmentId = environment,
        StartedAt = at,
        Duration = TimeSpan.FromMilliseconds(10),
        Outcome = outcome,
        MemoryMegabytes = 128,
        MaxMemoryUsedMegabytes = 64,
        Source = "event",
    };

    private static List<string> Check(params TraceStep[] steps)
    {
        var checker = new TraceChecker();
        foreach (var step in steps)
        {
            checker.Check(step);
        }

        return checker.Broken;
    }
}
