using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Queues;

public sealed class MessageRulesTests
{
    /// <summary>The sums are those that botocore and the SDKs compute for the same message.</summary>
    [Fact]
    public void Digests_are_those_of_the_sdks()
    {
        MessageDigest.OfBody("hellö\r\n<x>&\t").ShouldBe("5f5186f3ba4dfcd30f53270d41b95d9d");
        MessageDigest.OfAttributes(MessageContent.NoAttributes
            .Add("n", new MessageAttribute("Number", "1.5", null))
            .Add("bin", new MessageAttribute("Binary", null, [0, 1]))
            .Add("a.b", new MessageAttribute("String", "v", null))).ShouldBe("c7ea8eb7cb89ef95d36825048444147a");
        MessageDigest.OfAttributes([]).ShouldBeNull();
    }

    [Theory]
    [InlineData("a", "String", "v", null)]
    [InlineData("a.b-c_1", "Number.int", "-1.5e3", null)]
    [InlineData("", "String", "v", "name must be shorter")]
    [InlineData("AWS.x", "String", "v", "reserved prefix")]
    [InlineData("amazon.x", "String", "v", "reserved prefix")]
    [InlineData(".x", "String", "v", "is invalid")]
    [InlineData("a..b", "String", "v", "is invalid")]
    [InlineData("a b", "String", "v", "is invalid")]
    [InlineData("a", "", "v", "invalid message attribute type")]
    [InlineData("a", "Text", "v", "invalid message attribute type")]
    [InlineData("a", "String", "", "Message (user) attribute 'a' must contain a non-empty value of type 'String'.")]
    [InlineData("a", "Binary", "v", "non-empty value of type 'Binary'")]
    [InlineData("a", "Number", "one", "to a number")]
    public void Attributes_are_checked(string name, string type, string value, string? wrong)
    {
        var error = MessageRules.CheckAttributes(
            MessageContent.NoAttributes.Add(name, new MessageAttribute(type, value, null)));
        if (wrong is null)
        {
            error.ShouldBeNull();
            return;
        }

        error.ShouldNotBeNull().Message.ShouldContain(wrong);
    }

    [Theory]
    [InlineData("ok\t\r\n\u20ac😀", true)]
    [InlineData("\0", false)]
    [InlineData("\u001f", false)]
    [InlineData("\uffff", false)]
    public void Text_has_the_characters_of_xml(string text, bool allowed) =>
        (MessageRules.CheckText(text) is null).ShouldBe(allowed);

    [Theory]
    [InlineData("group-1", true)]
    [InlineData("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", true)]
    [InlineData("", false)]
    [InlineData("group 123", false)]
    [InlineData("ä", false)]
    public void Identifiers_are_alphanumeric_and_punctuation(string id, bool allowed) =>
        (MessageRules.CheckIdentifier(id, "MessageGroupId") is null).ShouldBe(allowed);

    [Fact]
    public void Receipt_handle_reads_back_and_no_other_text_does()
    {
        var handle = new ReceiptHandle(3, 1L << 40, 5);
        ReceiptHandle.TryParse(handle.ToString(), out var read).ShouldBeTrue();
        read.ShouldBe(handle);
        var text = handle.ToString();
        foreach (var other in new[] { "", "x", text[1..], text + "AAAA", "B" + text[1..], new string('A', 36) })
        {
            ReceiptHandle.TryParse(other, out _).ShouldBeFalse(other);
        }
    }
}
