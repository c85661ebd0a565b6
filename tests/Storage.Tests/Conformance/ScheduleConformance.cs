using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class ScheduleConformance(StoreEngine engine) : StoreConformance(engine)
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private static readonly AccountId Other = AccountId.Parse("999999999999");

    [Fact]
    public async Task Schedule_reads_back_the_same_after_a_restart()
    {
        var minimal = Minimal("a");
        var full = Full("b");
        await WriteAsync(transaction =>
        {
            transaction.Schedules.Put(minimal);
            transaction.Schedules.Put(full);
        });
        Engine.Reopen();
        foreach (var written in new[] { minimal, full })
        {
            var read = Read(written.Id).ShouldNotBeNull();
            read.Held.ShouldBe(written.Held);
            read.Waiting.ShouldBe(written.Waiting);

            // The arrays have the same items and are not the same arrays.
            (read with { Held = written.Held, Waiting = written.Waiting }).ShouldBe(written);
        }
    }

    [Fact]
    public async Task Due_schedules_come_in_order_of_time_of_all_accounts()
    {
        await WriteAsync(transaction =>
        {
            transaction.Schedules.Put(Minimal("late") with { DueAt = Time.AddMinutes(2) });
            transaction.Schedules.Put(Minimal("early") with { DueAt = Time });
            transaction.Schedules.Put(Minimal("never") with { DueAt = null });
            transaction.Schedules.Put(Minimal("other", Other) with { DueAt = Time.AddMinutes(1) });
        });
        Store.Read(transaction => transaction.Schedules.NextDue()).ShouldBe(Time);
        Due(Time.AddMinutes(1)).ShouldBe(["early", "other"]);
        Due(Time.AddMinutes(9)).ShouldBe(["early", "other", "late"]);
        Due(Time.AddTicks(-1)).ShouldBeEmpty();
        Store.Read(transaction => transaction.Schedules.Upcoming(AccountId.Root, 10))
            .Select(schedule => schedule.Id.Name).ShouldBe(["early", "late"]);
        await WriteAsync(transaction => transaction.Schedules.Put(Minimal("early") with { DueAt = null }));
        Store.Read(transaction => transaction.Schedules.NextDue()).ShouldBe(Time.AddMinutes(1));
    }

    [Fact]
    public async Task List_takes_group_prefix_state_and_position()
    {
        await WriteAsync(transaction =>
        {
            foreach (var (group, name, isEnabled) in new[]
                {
                    ("default", "a1", true), ("default", "a2", false), ("g", "a0", true), ("g", "b", true),
                })
            {
                var schedule = Minimal(name);
                transaction.Schedules.Put(schedule with
                {
                    Id = schedule.Id with { Group = group },
                    Settings = schedule.Settings with { IsEnabled = isEnabled },
                });
            }

            transaction.Schedules.Put(Minimal("x", Other));
        });
        List(new ScheduleFilter()).ShouldBe(["a1", "a2", "a0", "b"]);
        List(new ScheduleFilter(Group: "g")).ShouldBe(["a0", "b"]);
        List(new ScheduleFilter(Prefix: "a")).ShouldBe(["a1", "a2", "a0"]);
        List(new ScheduleFilter(IsEnabled: false)).ShouldBe(["a2"]);
        List(new ScheduleFilter(IsEnabled: true, After: ("default", "a1"))).ShouldBe(["a0", "b"]);
        List(new ScheduleFilter(Group: "g", After: ("g", "a0"))).ShouldBe(["b"]);
        Store.Read(transaction => transaction.Schedules.Count(AccountId.Root)).ShouldBe(4);
    }

    [Fact]
    public async Task Missed_occurrences_are_kept_up_to_a_bound_and_go_with_their_schedule()
    {
        var schedule = Minimal("s");
        await WriteAsync(transaction =>
        {
            transaction.Schedules.Put(schedule);
            for (var minute = 0; minute < Limits.ScheduleMissedKept + 5; minute++)
            {
                var at = Time.AddMinutes(minute);
                transaction.Schedules.AddMissed(
                    schedule.Id, new MissedOccurrences(at, at, 1, MissReason.Refused, "gone"), Time);
            }
        });
        Engine.Reopen();
        var missed = Store.Read(transaction => transaction.Schedules.Missed(schedule.Id, 10_000));
        missed.Count.ShouldBe(Limits.ScheduleMissedKept);
        var newest = Time.AddMinutes(Limits.ScheduleMissedKept + 4);
        missed[0].ShouldBe(new MissedOccurrences(newest, newest, 1, MissReason.Refused, "gone"));
        Store.Read(transaction => transaction.Schedules.Missed(AccountId.Root, 1)).Single().Id.ShouldBe(schedule.Id);
        Store.Read(transaction => transaction.Schedules.Missed(Other, 1)).ShouldBeEmpty();
        await WriteAsync(transaction => transaction.Schedules.Delete(schedule.Id));
        Read(schedule.Id).ShouldBeNull();
        Store.Read(transaction => transaction.Schedules.Missed(schedule.Id, 1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Groups_and_tokens_read_back_and_tokens_end()
    {
        var group = new ScheduleGroup
        {
            Id = new ScheduleGroupId(AccountId.Root, "g"), CreatedAt = Time, ModifiedAt = Time, IsDeleting = true,
        };
        group = group with { Tags = group.Tags.Add("k", "v") };
        await WriteAsync(transaction =>
        {
            transaction.Schedules.PutGroup(group);
            transaction.Schedules.PutToken(AccountId.Root, "t", new UsedToken("d", "a"), Time.AddHours(1));
        });
        Engine.Reopen();
        var read = Store.Read(transaction => transaction.Schedules.GetGroup(group.Id)).ShouldNotBeNull();
        (read.IsDeleting, read.CreatedAt, read.Tags["k"]).ShouldBe((true, Time, "v"));
        Token("t", Time).ShouldBe(new UsedToken("d", "a"));
        Token("t", Time.AddHours(1)).ShouldBeNull();
        Store.Read(transaction => transaction.Schedules.FindToken(Other, "t", Time)).ShouldBeNull();
        await WriteAsync(transaction =>
        {
            transaction.Schedules.ForgetTokens(Time.AddHours(1));
            transaction.Schedules.DeleteGroup(group.Id);
        });
        Token("t", Time).ShouldBeNull();
        Store.Read(transaction => transaction.Schedules.ListGroups(AccountId.Root, "", null, 10)).ShouldBeEmpty();
    }

    private static Schedule Minimal(string name, AccountId? account = null) => new()
    {
        Id = new ScheduleId(account ?? AccountId.Root, "default", name),
        Incarnation = "i",
        CreatedAt = Time,
        ModifiedAt = Time,
        Settings = new ScheduleSettings
        {
            Expression = "rate(1 minute)",
            Target = new ScheduleTarget { Arn = "arn:aws:sqs:us-east-1:000000000000:q", RoleArn = "r" },
        },
        AnchorAt = Time,
        DueAt = Time,
    };

    private static Schedule Full(string name)
    {
        var schedule = Minimal(name);
        return schedule with
        {
            Settings = schedule.Settings with
            {
                Zone = "Europe/Berlin",
                StartAt = Time.AddDays(1),
                EndAt = Time.AddDays(2),
                WindowMinutes = 15,
                IsEnabled = false,
                Description = "d",
                KmsKeyArn = "k",
                DeletesWhenOver = true,
                Target = schedule.Settings.Target with
                {
                    Input = "{}", MessageGroupId = "g", DeadLetterArn = "l", RetriesMax = 3, AgeSecondsMax = 60,
                },
            },
            Options = new ScheduleOptions
            {
                RunsMax = 5, Misfire = MisfirePolicy.FireAll, Overlap = OverlapPolicy.Queue,
            },
            NextAt = Time.AddMinutes(1),
            DueAt = null,
            FiredCount = 3,
            LastAt = Time,
            LastDeliveryId = "e",
            MissedCount = 4,
            Held = [new HeldOccurrence(new Occurrence("o", Time, 2, Time), Time.AddSeconds(4))],
            Waiting = [Time.AddSeconds(5), Time.AddSeconds(6)],
        };
    }

    private Schedule? Read(ScheduleId id) => Store.Read(transaction => transaction.Schedules.Get(id));

    private UsedToken? Token(string token, DateTimeOffset now) =>
        Store.Read(transaction => transaction.Schedules.FindToken(AccountId.Root, token, now));

    private List<string> Due(DateTimeOffset now) => Store.Read(transaction =>
        transaction.Schedules.Due(now, 10).Select(schedule => schedule.Id.Name).ToList());

    private List<string> List(ScheduleFilter filter) => Store.Read(transaction =>
        transaction.Schedules.List(AccountId.Root, filter, 10).Select(schedule => schedule.Id.Name).ToList());
}
