using Lambent.Cli.Commands;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Commands;

public sealed class SpellingTests
{
    private static readonly string[] Verbs = ["up", "deploy", "invoke", "logs", "ls", "rm", "functions"];

    [Theory]
    [InlineData("deplyo", "deploy")]
    [InlineData("invok", "invoke")]
    [InlineData("Invoke", "invoke")]
    [InlineData("lgos", "logs")]
    [InlineData("lss", "ls")]
    [InlineData("func", "functions")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void Nearest_typed_isWhatWasMeant(string typed, string? expected) =>
        Spelling.Nearest(typed, Verbs).ShouldBe(expected);

    [Fact]
    public void Nearest_withoutCandidates_isNothing() => Spelling.Nearest("deploy", []).ShouldBeNull();
}
