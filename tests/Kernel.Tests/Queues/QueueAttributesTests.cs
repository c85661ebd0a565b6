using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Queues;

public sealed class QueueAttributesTests
{
    private const string Region = "us-east-1";
    private const string DeadArn = "arn:aws:sqs:us-east-1:000000000000:dead";

    [Theory]
    [InlineData("VisibilityTimeout", "0", "43200", "43201")]
    [InlineData("DelaySeconds", "0", "900", "901")]
    [InlineData("MaximumMessageSize", "1024", "1048576", "1048577")]
    [InlineData("MessageRetentionPeriod", "60", "1209600", "1209601")]
    [InlineData("ReceiveMessageWaitTimeSeconds", "0", "20", "21")]
    [InlineData("KmsDataKeyReusePeriodSeconds", "60", "86400", "59")]
    [InlineData("SqsManagedSseEnabled", "true", "false", "yes")]
    public void Values_are_within_their_bounds(string name, string least, string most, string beyond)
    {
        Apply("jobs", (name, least)).IsSuccess.ShouldBeTrue();
        Apply("jobs", (name, most)).IsSuccess.ShouldBeTrue();
        foreach (var wrong in new[] { beyond, "-1", "", "x", " 5" })
        {
            var error = Apply("jobs", (name, wrong)).Error.ShouldNotBeNull();
            error.Code.ShouldBe(ErrorCode.QueueAttributeInvalid);
            error.Message.ShouldBe($"Invalid value for the parameter {name}.");
        }
    }

    [Theory]
    [InlineData("jobs", "FifoQueue", "true", "Unknown Attribute FifoQueue.")]
    [InlineData("jobs", "ContentBasedDeduplication", "true", "Unknown Attribute ContentBasedDeduplication.")]
    [InlineData("jobs", "DeduplicationScope", "queue", "only when FifoQueue is set to true.")]
    [InlineData("jobs", "Nonsense", "1", "Unknown Attribute Nonsense.")]
    [InlineData("jobs", "QueueArn", "1", "Unknown Attribute QueueArn.")]
    [InlineData("jobs.fifo", "FifoQueue", "false", "Modifying queue type is not supported.")]
    [InlineData("jobs.fifo", "DeduplicationScope", "group", "Invalid value for the parameter DeduplicationScope.")]
    [InlineData("jobs.fifo", "FifoThroughputLimit", "perMessageGroupId", "DeduplicationScope messageGroup")]
    public void Attributes_belong_to_a_kind(string queue, string name, string value, string wrong) =>
        Apply(queue, (name, value)).Error.ShouldNotBeNull().Message.ShouldContain(wrong);

    [Theory]
    [InlineData("[]", "not a valid JSON map")]
    [InlineData("""{"maxReceiveCount":3}""", "mandatory attribute: deadLetterTargetArn")]
    [InlineData("""{"deadLetterTargetArn":"x"}""", "mandatory attribute: maxReceiveCount")]
    [InlineData($$"""{"deadLetterTargetArn":"{{DeadArn}}","maxReceiveCount":0}""", "from 1 to 1000")]
    [InlineData($$"""{"deadLetterTargetArn":"{{DeadArn}}.fifo","maxReceiveCount":1}""", "same type")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:d","maxReceiveCount":1}""", "Target")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:d","maxReceiveCount":1}""", "Target")]
    [InlineData("""{"deadLetterTargetArn":7,"maxReceiveCount":{}}""", "maxReceiveCount")]
    public void Redrive_policies_are_checked(string policy, string wrong) =>
        Apply("jobs", ("RedrivePolicy", policy)).Error.ShouldNotBeNull().Message.ShouldContain(wrong);

    [Fact]
    public void Redrive_policy_takes_its_count_as_a_number_or_a_text()
    {
        foreach (var count in new[] { "3", "\"3\"" })
        {
            var text = $$"""{"deadLetterTargetArn":"{{DeadArn}}","maxReceiveCount":{{count}}}""";
            var settings = Apply("jobs", ("RedrivePolicy", text)).Value;
            settings.Redrive.ShouldNotBeNull().MaxReceiveCount.ShouldBe(3);
            settings.Redrive.Text.ShouldBe(text);
        }
    }

    [Theory]
    [InlineData("""{"redrivePermission":"allowAll"}""", true)]
    [InlineData("""{"redrivePermission":"denyAll"}""", false)]
    [InlineData("""{"redrivePermission":"byQueue","sourceQueueArns":["me"]}""", true)]
    [InlineData("""{"redrivePermission":"byQueue","sourceQueueArns":["you"]}""", false)]
    public void Redrive_allow_policy_decides_for_a_source(string policy, bool allows) =>
        RedriveAllowPolicy.Parse(policy).Value.Allows("me").ShouldBe(allows);

    [Theory]
    [InlineData("""{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}""")]
    [InlineData("""{"Statement":[7]}""")]
    [InlineData("""
        {"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*",
         "Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}}
        """)]
    [InlineData("""{"Statement":[],"Statement":[]}""")]
    [InlineData("nonsense")]
    public void Policies_that_cannot_be_kept_to_are_refused(string policy) =>
        Apply("jobs", ("Policy", policy)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.QueueAttributeInvalid);

    [Fact]
    public void Permissions_are_added_and_removed_by_label()
    {
        var added = QueuePolicy.Add(null, DeadArn, "one", ["111122223333"], ["SendMessage"]).Value;
        QueuePolicy.Add(added, DeadArn, "one", ["111122223333"], ["*"]).Error!.Message
            .ShouldBe("Value one for parameter Label is invalid. Reason: Already exists.");
        added = QueuePolicy.Add(added, DeadArn, "two", ["444455556666"], ["*"]).Value;

        Allowed("111122223333", "sqs:SendMessage").ShouldBeTrue();
        Allowed("111122223333", "sqs:ReceiveMessage").ShouldBeFalse();
        Allowed("444455556666", "sqs:ReceiveMessage").ShouldBeTrue();
        Allowed("777788889999", "sqs:SendMessage").ShouldBeFalse();
        QueuePolicy.Grants(added, DeadArn + "2")!.Statements.ShouldBeEmpty("they are for another queue");
        QueuePolicy.Remove(added, "three").Error!.Message
            .ShouldBe("Value three for parameter Label is invalid. Reason: can't find label.");
        var left = QueuePolicy.Remove(added, "one").Value;
        QueuePolicy.Remove(left, "two").Value.ShouldBeNull();

        bool Allowed(string account, string action) => Authorization.Decide(new AccessRequest
        {
            Action = action,
            Account = AccountId.Root,
            Principal = new Principal(AccountId.Parse(account), "AKIA"),
            Policy = QueuePolicy.Grants(added, DeadArn),
        }).IsAllowed();
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a-B_9.fifo", true)]
    [InlineData("", false)]
    [InlineData(".fifo", false)]
    [InlineData("a.b", false)]
    [InlineData("a/b", false)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", true)]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012345678901", false)]
    public void Names_are_checked(string name, bool valid) => QueueId.IsName(name).ShouldBe(valid);

    private static Result<QueueSettings> Apply(string queue, (string Name, string Value) attribute) =>
        QueueAttributes.Apply(
            new QueueSettings(),
            new Dictionary<string, string> { [attribute.Name] = attribute.Value },
            new QueueId(AccountId.Root, queue),
            Region);
}
