using System.Text;
using Lambent.Load;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Servers;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Load;

/// <summary>What the load generator reads and computes: a figure is worth what its parsing is.</summary>
public sealed class MeasuringTests
{
    [Fact]
    public void Drain_rate_between_samples_is_interpolated()
    {
        var curve = Curve();

        curve.RateBetween(0, 50).ShouldBe(100, 0.001);
        curve.RateBetween(100, 300).ShouldBe(200, 0.001);
        curve.RateBetween(350, 400).ShouldBe(50, 0.001);
        curve.MicrosecondsBetween(0, 50).ShouldBe(2_000, 0.001);
        curve.MicrosecondsBetween(300, 400).ShouldBe(10_000, 0.001);
    }

    [Fact]
    public void Drain_memory_is_read_at_the_count_and_at_its_most()
    {
        var curve = Curve();

        curve.ResidentBytesMax.ShouldBe(30);
        curve.ResidentBytesAt(0).ShouldBe(10);
        curve.ResidentBytesAt(101).ShouldBe(30);
        curve.ResidentBytesAt(1_000).ShouldBe(20);
    }

    [Fact]
    public void Receipt_handles_are_read_in_order_and_only_from_their_property()
    {
        var answer = """
            {"Messages":[{"MessageId":"a","ReceiptHandle":"one","Body":"{\"ReceiptHandle\":\"not this\"}"},
                         {"MessageId":"b","ReceiptHandle":"two","Body":"x"}]}
            """u8;

        QueueLoad.ReceiptHandles(answer).ShouldBe(["one", "two"]);
        QueueLoad.ReceiptHandles("{}"u8).ShouldBeEmpty();
    }

    [Fact]
    public void Records_of_ended_events_give_the_ids_of_their_requests()
    {
        var answer = Encoding.UTF8.GetBytes("""
            {"Messages":[{"ReceiptHandle":"h","Body":"{\"requestContext\":{\"requestId\":\"id-1\"}}"}]}
            """);

        var (ids, handles) = EndRecords.Read(answer);

        ids.ShouldBe(["id-1"]);
        handles.ShouldBe(["h"]);
        EndRecords.Read("{}"u8).Ids.ShouldBeEmpty();
    }

    [Fact]
    public void Report_of_the_other_queues_client_is_a_round()
    {
        var round = RabbitServer.Parse(
            """{"messages":1000,"seconds":0.5,"processorSeconds":0.02,"left":0}""", brokerProcessorSeconds: 0.1);

        round.MessagesPerSecond.ShouldBe(2_000);
        round.ServerMicroseconds.ShouldBe(100, 0.001);
        round.ClientMicroseconds.ShouldBe(20, 0.001);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Error: connect ECONNREFUSED")]
    [InlineData("{}")]
    [InlineData("""{"messages":1000,"seconds":0.5,"processorSeconds":0.02,"left":3}""")]
    public void Report_that_is_none_or_has_messages_left_does_not_count(string output) =>
        Should.Throw<BenchFailureException>(() => RabbitServer.Parse(output, 0.1));

    [Fact]
    public void Batch_with_a_failed_entry_does_not_count()
    {
        Should.Throw<BenchFailureException>(() =>
            Lambent.Load.Deploying.SqsClient.RefuseFailures("""{"Successful":[],"Failed":[{"Id":"0"}]}"""u8));
        Should.NotThrow(() => Lambent.Load.Deploying.SqsClient.RefuseFailures("""{"Successful":[{"Id":"0"}]}"""u8));
    }

    private static DrainCurve Curve()
    {
        var curve = new DrainCurve(processorSeconds: 5);
        curve.Add(new DrainSample(1, 100, 10, 5.2));
        curve.Add(new DrainSample(2, 300, 30, 6));
        curve.Add(new DrainSample(4, 400, 20, 7));
        return curve;
    }
}
