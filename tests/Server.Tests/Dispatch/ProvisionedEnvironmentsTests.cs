using System.Collections.Immutable;
using Lambent.Kernel.Functions;
using Lambent.Sandbox.Pool;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Dispatch;

public sealed class ProvisionedEnvironmentsTests : IAsyncDisposable
{
    private static readonly FunctionId Id = TestFunctions.Id("hello");

    private readonly VirtualTime time = new();
    private readonly FunctionDirectory directory = new();
    private readonly HeldEnvironments environments;
    private readonly EnvironmentPool pool;
    private ProvisionedEnvironments? provisioned;
    private long sequence;

    public ProvisionedEnvironmentsTests()
    {
        environments = new HeldEnvironments(time);
        pool = new EnvironmentPool(
            environments, new PoolOptions { IdleTimeout = TimeSpan.FromSeconds(5), EnvironmentsMax = 100 }, time);
    }

    public async ValueTask DisposeAsync()
    {
        provisioned?.Dispose();
        await pool.DisposeAsync();
    }

    [Fact]
    public void What_is_configured_at_the_start_is_started_as_provisioned()
    {
        Announce(Hello("1", ("prod", Always(3))));

        provisioned = new ProvisionedEnvironments(pool, directory, time);

        environments.Started("1").ShouldBe(3);
        environments.AllProvisioned.ShouldBeTrue();
        State("prod").Status.ShouldBe("READY");
        provisioned.Totals().ShouldBe((3, 3));
    }

    [Fact]
    public void Configurations_that_reach_one_version_add_up_and_share_by_name()
    {
        Keep();
        environments.Held.Add("1");
        Announce(Hello("1", ("prod", Always(3)), ("next", Always(2))));
        environments.Started("1").ShouldBe(5);
        (State("next").Allocated, State("prod").Allocated, State("prod").Status).ShouldBe((2, 3, "IN_PROGRESS"));

        environments.Open("1");

        (State("next").Available, State("prod").Available, State("prod").Status).ShouldBe((2, 3, "READY"));
        Announce(Hello("1", ("prod", Always(1))));
        provisioned!.Totals().ShouldBe((1, 1));
    }

    [Fact]
    public void Moved_alias_keeps_the_old_environments_until_the_new_ones_are_there()
    {
        Keep();
        Announce(Hello("1", ("prod", Always(2))));
        environments.Held.Add("2");

        Announce(Hello("2", ("prod", Always(2))));
        time.Advance(TimeSpan.FromSeconds(10));
        provisioned!.Totals().ShouldBe((4, 2), "two of each, the new ones on their way");
        (State("prod").Available, State("prod").Status).ShouldBe((0, "IN_PROGRESS"));

        environments.Open("2");
        time.Advance(TimeSpan.FromSeconds(1));
        provisioned.Totals().ShouldBe((2, 2));
        State("prod").Status.ShouldBe("READY");
        time.Advance(TimeSpan.FromSeconds(10));
        pool.Describe().Select(environment => environment.Version).ShouldBe(["2", "2"]);
    }

    [Fact]
    public void Moved_alias_does_not_keep_the_old_environments_for_ever()
    {
        Keep();
        Announce(Hello("1", ("prod", Always(2))));
        environments.Held.Add("2");

        Announce(Hello("2", ("prod", Always(2))));
        time.Advance(TimeSpan.FromMinutes(3));

        provisioned!.Totals().ShouldBe((2, 0));
    }

    [Fact]
    public void Version_whose_start_fails_is_FAILED_with_phase_and_reason_until_it_starts()
    {
        Keep();
        environments.Failures["1"] = """{"errorType":"ImportError","errorMessage":"no module named 'x'"}""";
        Announce(Hello("1", ("prod", Always(1))));

        (State("prod").Status, State("prod").StatusReason)
            .ShouldBe(("FAILED", "FUNCTION_ERROR_INIT_FAILURE: init: ImportError: no module named 'x'"));

        environments.Failures.Clear();
        time.Advance(TimeSpan.FromSeconds(5));
        (State("prod").Status, State("prod").StatusReason).ShouldBe(("READY", null));
    }

    [Fact]
    public void Windows_open_and_shut_by_the_clock()
    {
        // It is Saturday, 08:00 UTC.
        Keep();
        Announce(Hello("1", ("1", Window("09:00", "10:00", 4))));
        (State("1").Requested, State("1").NextChange).ShouldBe((0, time.GetUtcNow().AddHours(1)));
        provisioned!.Totals().ShouldBe((0, 0));

        time.Advance(TimeSpan.FromMinutes(61));
        (State("1").Requested, State("1").Available).ShouldBe((4, 4));

        time.Advance(TimeSpan.FromHours(1));
        State("1").Requested.ShouldBe(0);
        provisioned.Totals().ShouldBe((0, 0));
        time.Advance(TimeSpan.FromMinutes(1));
        pool.Describe().ShouldBeEmpty();
    }

    [Fact]
    public void Deleted_function_leaves_nothing()
    {
        Keep();
        Announce(Hello("1", ("prod", Always(2))));

        directory.Announce(Id, ++sequence, null);
        time.Advance(TimeSpan.FromMinutes(1));

        provisioned!.Totals().ShouldBe((0, 0));
        pool.Describe().ShouldBeEmpty();
    }

    [Fact]
    public void Environment_for_several_calls_counts_for_as_many()
    {
        Keep();
        var shared = Hello("1", ("prod", Always(5)));
        Announce(shared with { Tags = shared.Tags.Add(FunctionTags.EnvironmentConcurrency, "4") });

        environments.Started("1").ShouldBe(2);
        (State("prod").Available, State("prod").Status).ShouldBe((5, "READY"));
    }

    private void Keep() => provisioned = new ProvisionedEnvironments(pool, directory, time);

    private ProvisionedState State(string qualifier) => provisioned!.Describe(directory.Find(Id)!)[qualifier];

    private void Announce(Function function) => TestFunctions.Announce(directory, function, ++sequence);

    /// <summary>Versions 1 and 2, and aliases that point at one of them.</summary>
    private static Function Hello(string version, params (string Qualifier, ProvisionedConcurrency Count)[] counts)
    {
        var function = TestFunctions.Create(Id) with
        {
            Versions = ImmutableSortedDictionary<long, FunctionVersion>.Empty
                .Add(1, TestFunctions.Version("1")).Add(2, TestFunctions.Version("2")),
        };
        foreach (var (qualifier, count) in counts)
        {
            function = function with { Provisioned = function.Provisioned.Add(qualifier, count) };
        }

        foreach (var name in new[] { "next", "prod" })
        {
            var alias = new Alias { Name = name, FunctionVersion = version, RevisionId = "revision" };
            function = function with { Aliases = function.Aliases.Add(name, alias) };
        }

        return function;
    }

    private static ProvisionedConcurrency Always(int count) => new() { Count = count, LastModifiedAt = default };

    private static ProvisionedConcurrency Window(string from, string to, int count) => new()
    {
        Windows =
        [
            new ProvisionedWindow
            {
                Count = count,
                From = TimeOnly.Parse(from, null),
                To = TimeOnly.Parse(to, null),
                Days = DaysOfWeek.Every,
                Zone = "UTC",
            },
        ],
        LastModifiedAt = default,
    };
}
