using Lambent.Kernel.Access;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Access;

public sealed class WildcardTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("**", "x", true)]
    [InlineData("?", "", false)]
    [InlineData("?", "x", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a*c", "ac", true)]
    [InlineData("a*c", "abcbc", true)]
    [InlineData("a*c", "abcb", false)]
    [InlineData("*ab*ab", "abab", true)]
    [InlineData("*ab*ab", "ab", false)]
    [InlineData("a**b", "aXb", true)]
    [InlineData("abc", "ABC", false)]
    [InlineData("x*y*z", "xzyyz", true)]
    public void Pattern_matches_the_whole_text(string pattern, string text, bool expected) =>
        Wildcard.Matches(pattern, text, ignoreCase: false).ShouldBe(expected);

    [Fact]
    public void Case_is_ignored_when_asked_for() => Wildcard.Matches("a?C*", "AbcD", ignoreCase: true).ShouldBeTrue();

    [Fact]
    public void Hostile_pattern_takes_no_exponential_time()
    {
        var pattern = string.Concat(Enumerable.Repeat("a*", 100)) + "b";
        Wildcard.Matches(pattern, new string('a', 2_000), ignoreCase: false).ShouldBeFalse();
    }
}
