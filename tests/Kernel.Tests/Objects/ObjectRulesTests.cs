using Lambent.Kernel.Objects;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Objects;

public sealed class ObjectRulesTests
{
    [Theory]
    [InlineData("abc", true)]
    [InlineData("my-bucket.of.1", true)]
    [InlineData("ab", false)]
    [InlineData("Abc", false)]
    [InlineData("a_b", false)]
    [InlineData("-abc", false)]
    [InlineData("abc.", false)]
    [InlineData("a..b", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("xn--abc", false)]
    [InlineData("abc-s3alias", false)]
    public void Bucket_name_follows_the_rules(string name, bool isName) =>
        ObjectRules.IsBucketName(name).ShouldBe(isName);

    [Fact]
    public void Bucket_name_is_at_most_63_characters()
    {
        ObjectRules.IsBucketName(new string('a', 63)).ShouldBeTrue();
        ObjectRules.IsBucketName(new string('a', 64)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("dir/", "dir0")]
    [InlineData("\uD7FF", "\uE000")]
    [InlineData("a\U0010FFFF", "b")]
    [InlineData("\U0010FFFF", null)]
    [InlineData("", null)]
    public void First_key_behind_a_prefix_is_found(string prefix, string? after) =>
        ObjectRules.After(prefix).ShouldBe(after);

    [Fact]
    public void Key_is_at_most_1024_bytes()
    {
        ObjectRules.CheckKey(new string('k', 1_024)).ShouldBeNull();
        ObjectRules.CheckKey(new string('ä', 513))!.Reason.ShouldBe(ObjectErrors.KeyTooLong);
        ObjectRules.CheckKey("").ShouldNotBeNull();
    }
}
