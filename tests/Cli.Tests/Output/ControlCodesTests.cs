using Lambent.Cli.Output;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Output;

public sealed class ControlCodesTests
{
    [Theory]
    [InlineData("plain\ttext\n", "plain\ttext\n")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007after", "after")]
    [InlineData("\u001b]8;;http://x\u001b\\link", "link")]
    [InlineData("a\rb\bc\u0007", "abc")]
    [InlineData("end\u001b", "end")]
    [InlineData("\u001b[", "")]
    [InlineData("\u001bPq#0\u001b\\x", "x")]
    [InlineData("\u009b31mx", "31mx")]
    [InlineData("ünïcödé 漢字", "ünïcödé 漢字")]
    public void Strip_text_leavesNothingTheTerminalActsOn(string text, string expected) =>
        ControlCodes.Strip(text).ShouldBe(expected);
}
