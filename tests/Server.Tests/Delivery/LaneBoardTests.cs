using Lambent.Kernel.Events;
using Lambent.Kernel.Events.Lanes;
using Lambent.Server.Delivery;
using Lambent.Server.Loops;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Delivery;

public sealed class LaneBoardTests
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// On a slow disk the next attempt may be due before it is written that there is to be one. Then the event waits,
    /// is due and is ready again before its attempt is known here to have ended.
    /// </summary>
    [Fact]
    public async Task Event_that_is_ready_again_before_its_attempt_ended_here_is_read_again()
    {
        await using var bench = new DeliveryBench();
        var board = new LaneBoard(new EventLanes(10, 1_000_000, _ => 10), new WakeSignal(bench.Time));
        var attempted = bench.NewEvent("one");
        board.Expect(attempted.Lane, attempted.Id);
        board.Arrive(attempted, isReady: true);
        ReadAll(board, [attempted]);
        board.Take().ShouldNotBeNull();
        var now = bench.Time.GetUtcNow();
        var again = attempted with { DueAt = now + RetryDelay, Attempts = 1 };

        board.BeginPromotion(now + (10 * RetryDelay));
        board.Refresh(attempted.Lane);
        ReadAll(board, [again]);
        board.Take().ShouldBeNull();
        board.End(attempted, again.DueAt);

        ReadAll(board, [again]);
        board.Take().ShouldBe(again);
    }

    private static void ReadAll(LaneBoard board, IReadOnlyList<AsyncEvent> ready)
    {
        while (board.NextToRead() is var (lane, _))
        {
            board.EndReading(lane, new ReadyEvents(ready, true));
        }
    }
}
