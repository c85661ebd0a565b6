using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Events;

public sealed class DeliveryTargetTests
{
    private const string Region = "eu-west-1";
    private static readonly AccountId Account = AccountId.Parse("123456789012");

    [Theory]
    [InlineData("arn:aws:lambda:eu-west-1:123456789012:function:f", null)]
    [InlineData("arn:aws:lambda:eu-west-1:123456789012:function:f:live", "live")]
    [InlineData("arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST", "$LATEST")]
    public void Function_arn_names_a_function(string arn, string? qualifier)
    {
        var target = DeliveryTarget.Parse(arn, Region, "field").Value;

        target.ShouldBe(DeliveryTarget.OfFunction(new FunctionId(Account, "f"), qualifier));
        target.Arn(Region).ShouldBe(arn);
    }

    [Fact]
    public void Queue_arn_names_a_queue()
    {
        var target = DeliveryTarget.Parse("arn:aws:sqs:eu-west-1:123456789012:q.fifo", Region, "field").Value;

        target.ShouldBe(DeliveryTarget.OfQueue(new QueueId(Account, "q.fifo")));
        target.Arn(Region).ShouldBe("arn:aws:sqs:eu-west-1:123456789012:q.fifo");
    }

    [Theory]
    [InlineData("arn:aws:sns:eu-west-1:123456789012:t", "topic")]
    [InlineData("arn:aws:events:eu-west-1:123456789012:event-bus/b", "event bus")]
    [InlineData("arn:aws:s3:::bucket", "bucket")]
    [InlineData("arn:aws:sqs:us-east-1:123456789012:q", "region us-east-1")]
    [InlineData("arn:aws:lambda:us-east-1:123456789012:function:f", "region us-east-1")]
    [InlineData("arn:aws:lambda:eu-west-1:123456789012:layer:f", "not the ARN")]
    [InlineData("arn:aws:lambda:eu-west-1:12:function:f", "not the ARN")]
    [InlineData("arn:aws:lambda:eu-west-1:123456789012:function:", "not the ARN")]
    [InlineData("arn:aws:lambda:eu-west-1:123456789012:function:f:", "not the ARN")]
    [InlineData("f", "not the ARN")]
    [InlineData("", "not the ARN")]
    public void Anything_else_is_refused_with_the_reason(string arn, string reason)
    {
        var error = DeliveryTarget.Parse(arn, Region, "field").Error.ShouldNotBeNull();

        error.Field.ShouldBe("field");
        error.Message.ShouldContain(reason);
    }
}
