using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Dispatch;

public sealed class ConcurrencyLimiterTests
{
    private readonly FunctionDirectory directory = new();
    private readonly ManualTime time = new();

    [Fact]
    public void Function_with_a_reservation_has_exactly_that_many_calls()
    {
        var limiter = Limiter(10);
        var function = Add("one", reserved: 2);

        limiter.Admit(function, out _).ShouldBeNull();
        limiter.Admit(function, out _).ShouldBeNull();
        var refused = limiter.Admit(function, out _).ShouldNotBeNull();

        refused.Code.ShouldBe(ErrorCode.FunctionConcurrencyExceeded);
        refused.Reason.ShouldBe("ReservedFunctionConcurrentInvocationLimitExceeded");
        limiter.InFlight(function.Function.Id).ShouldBe(2);
    }

    [Fact]
    public void Function_with_a_reservation_of_zero_is_off() =>
        Limiter(10).Admit(Add("one", reserved: 0), out _).ShouldNotBeNull().Code
            .ShouldBe(ErrorCode.FunctionConcurrencyExceeded);

    [Fact]
    public void Released_call_makes_room_for_one_other()
    {
        var limiter = Limiter(10);
        var function = Add("one", reserved: 1);

        for (var call = 0; call < 5; call++)
        {
            limiter.Admit(function, out var admission).ShouldBeNull();
            limiter.Admit(function, out _).ShouldNotBeNull();
            admission.Release();
        }

        limiter.InFlight(function.Function.Id).ShouldBe(0);
    }

    [Fact]
    public void Functions_without_a_reservation_share_what_the_reservations_leave()
    {
        var limiter = Limiter(5);
        var one = Add("one");
        var two = Add("two");
        Add("reserved", reserved: 3);

        limiter.Admit(one, out _).ShouldBeNull();
        limiter.Admit(two, out var second).ShouldBeNull();
        var refused = limiter.Admit(one, out _).ShouldNotBeNull();

        refused.Code.ShouldBe(ErrorCode.AccountConcurrencyExceeded);
        refused.Reason.ShouldBe("ConcurrentInvocationLimitExceeded");
        limiter.InFlight(one.Function.Id).ShouldBe(1);
        second.Release();
        limiter.Admit(one, out _).ShouldBeNull();
    }

    [Fact]
    public void Reservation_made_and_taken_back_changes_the_shared_rest()
    {
        var limiter = Limiter(3);
        var one = Add("one");
        limiter.Admit(one, out _).ShouldBeNull();

        Add("other", reserved: 2, sequence: 2);
        limiter.Admit(one, out _).ShouldNotBeNull();

        Add("other", reserved: null, sequence: 3);
        limiter.Admit(one, out _).ShouldBeNull();

        Add("other", reserved: 2, sequence: 4);
        directory.Announce(TestFunctions.Id("other"), 5, null);
        limiter.Admit(one, out _).ShouldBeNull();
        limiter.Admit(one, out _).ShouldNotBeNull();
    }

    [Fact]
    public void Calls_of_a_reservation_take_nothing_of_the_shared_rest()
    {
        var limiter = Limiter(3);
        var reserved = Add("reserved", reserved: 2);
        var one = Add("one");

        limiter.Admit(reserved, out _).ShouldBeNull();
        limiter.Admit(reserved, out _).ShouldBeNull();

        limiter.Admit(one, out _).ShouldBeNull();
        limiter.Admit(one, out _).ShouldNotBeNull();
    }

    [Fact]
    public void Call_admitted_before_a_reservation_leaves_the_shared_rest_when_it_ends()
    {
        var limiter = Limiter(2);
        var before = Add("one");
        limiter.Admit(before, out var admission).ShouldBeNull();
        var after = Add("one", reserved: 1, sequence: 2);
        limiter.Admit(after, out _).ShouldNotBeNull();

        admission.Release();

        limiter.Admit(after, out _).ShouldBeNull();
        var other = Add("other");
        limiter.Admit(other, out _).ShouldBeNull();
        limiter.Admit(other, out _).ShouldNotBeNull();
    }

    [Fact]
    public void Changed_limit_of_the_account_holds_at_once()
    {
        var limit = 1;
        var limiter = new ConcurrencyLimiter(directory, _ => limit, time);
        var one = Add("one");
        limiter.Admit(one, out _).ShouldBeNull();
        limiter.Admit(one, out _).ShouldNotBeNull();

        limit = 2;
        limiter.Refresh(one.Function.Id.Account);

        limiter.Admit(one, out _).ShouldBeNull();
        limiter.Admit(one, out _).ShouldNotBeNull();
    }

    [Fact]
    public void Accounts_do_not_take_each_others_room()
    {
        var limiter = Limiter(1);
        limiter.Admit(Add("one"), out _).ShouldBeNull();

        limiter.Admit(Announce(TestFunctions.Id("one", "111122223333"), null, 1), out _).ShouldBeNull();
    }

    [Fact]
    public void Calls_from_many_threads_never_exceed_a_limit_and_leave_nothing_behind()
    {
        const int Limit = 3;
        var limiter = Limiter(Limit);
        var one = Add("one");
        var two = Add("two");
        var running = 0;
        var most = 0;

        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, call =>
        {
            var function = call % 2 == 0 ? one : two;
            if (limiter.Admit(function, out var admission) is null)
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                Interlocked.Decrement(ref running);
                admission.Release();
            }
        });

        most.ShouldBeInRange(1, Limit);
        limiter.InFlight(one.Function.Id).ShouldBe(0);
        limiter.InFlight(two.Function.Id).ShouldBe(0);
        for (var call = 0; call < Limit; call++)
        {
            limiter.Admit(one, out _).ShouldBeNull();
        }

        limiter.Admit(one, out _).ShouldNotBeNull();
    }

    [Fact]
    public void Provisioned_calls_take_nothing_of_the_shared_rest_and_leave_it_smaller()
    {
        var limiter = Limiter(5);
        var one = AddProvisioned("one", 2);
        var two = Add("two");

        List<ConcurrencyLimiter.Admission> admissions = [];
        for (var call = 0; call < 3; call++)
        {
            limiter.Admit(two, out _).ShouldBeNull();
        }

        limiter.Admit(two, out _).ShouldNotBeNull();
        for (var call = 0; call < 2; call++)
        {
            limiter.Admit(one, out var admission).ShouldBeNull();
            admissions.Add(admission);
        }

        limiter.Admit(one, out _).ShouldNotBeNull();
        admissions.ForEach(admission => admission.Release());
        limiter.InFlight(one.Function.Id).ShouldBe(0);
        limiter.Admit(one, out _).ShouldBeNull();
    }

    [Fact]
    public void Function_grows_by_a_thousand_calls_at_once_and_by_a_hundred_a_second()
    {
        var time = new VirtualTime();
        var limiter = new ConcurrencyLimiter(directory, _ => 10_000, time);
        var one = Add("one");
        List<ConcurrencyLimiter.Admission> admissions = [];
        for (var call = 0; call < 1_000; call++)
        {
            limiter.Admit(one, out var admission).ShouldBeNull();
            admissions.Add(admission);
        }

        var refused = limiter.Admit(one, out _).ShouldNotBeNull();
        refused.Reason.ShouldBe("ConcurrentInvocationLimitExceeded");
        limiter.InFlight(one.Function.Id).ShouldBe(1_000);
        limiter.Admit(Add("two"), out _).ShouldBeNull("each function grows on its own");

        admissions.ForEach(admission => admission.Release());
        for (var call = 0; call < 1_000; call++)
        {
            limiter.Admit(one, out _).ShouldBeNull("it was there before");
        }

        time.Advance(TimeSpan.FromSeconds(1));
        for (var call = 0; call < 100; call++)
        {
            limiter.Admit(one, out _).ShouldBeNull();
        }

        limiter.Admit(one, out _).ShouldNotBeNull();
    }

    [Fact]
    public void Call_of_a_deleted_function_does_not_count_for_the_next_of_its_name()
    {
        var limiter = Limiter(10);
        var before = Add("one", reserved: 1);
        limiter.Admit(before, out var idle).ShouldBeNull();
        idle.Release();
        limiter.Admit(before, out var running).ShouldBeNull();
        directory.Announce(before.Function.Id, 2, null);
        var after = Add("one", reserved: 1, sequence: 3);

        limiter.Admit(after, out _).ShouldNotBeNull("it still runs under the name");
        running.Release();
        limiter.InFlight(after.Function.Id).ShouldBe(0);
        limiter.Admit(after, out _).ShouldBeNull();
    }

    [Fact]
    public void First_calls_of_an_account_at_the_same_time_are_all_admitted()
    {
        for (var round = 0; round < 200; round++)
        {
            var limiter = Limiter(8);
            var one = Add("one");
            var refused = 0;

            Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            {
                if (limiter.Admit(one, out var _) is not null)
                {
                    Interlocked.Increment(ref refused);
                }
            });

            refused.ShouldBe(0);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private ConcurrencyLimiter Limiter(int accountLimit) => new(directory, _ => accountLimit, time);

    private FunctionSnapshot AddProvisioned(string name, int count)
    {
        var function = TestFunctions.Create(TestFunctions.Id(name));
        var provisioned = new ProvisionedConcurrency { Count = count, LastModifiedAt = default };
        return TestFunctions.Announce(
            directory, function with { Provisioned = function.Provisioned.Add("1", provisioned) });
    }

    private FunctionSnapshot Add(string name, int? reserved = null, long sequence = 1) =>
        Announce(TestFunctions.Id(name), reserved, sequence);

    private FunctionSnapshot Announce(FunctionId id, int? reserved, long sequence) =>
        TestFunctions.Announce(directory, TestFunctions.Create(id, reserved), sequence);
}
