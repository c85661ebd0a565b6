using Lambent.Cli.Sources;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Sources;

public sealed class RuntimeChoiceTests
{
    private static readonly string[] Server =
        ["nodejs18.x", "nodejs22.x", "nodejs20.x", "python3.9", "python3.11", "dotnet8", "provided.al2",
            "provided.al2023"];

    [Theory]
    [InlineData("node", null, null, "nodejs22.x")]
    [InlineData("node", null, "nodejs18.x", "nodejs18.x")]
    [InlineData("node", null, "nodejs16.x", "nodejs22.x")]
    [InlineData("node", null, "python3.9", "nodejs22.x")]
    [InlineData("python", null, null, "python3.11")]
    [InlineData("dotnet", "10", "dotnet8", "dotnet10")]
    [InlineData("dotnet", null, null, "dotnet8")]
    [InlineData("custom", null, null, "provided.al2023")]
    public void Choose_language_isTheNewestThatFits(
        string language, string? version, string? current, string expected) =>
        RuntimeChoice.Choose(language, version, Server, current).ShouldBe(expected);

    [Theory]
    [InlineData("node", "nodejs20.x")]
    [InlineData("python", "python3.11")]
    [InlineData("dotnet", "dotnet10")]
    [InlineData("custom", "provided.al2023")]
    public void Choose_withoutServer_isTheUsualOne(string language, string expected) =>
        RuntimeChoice.Choose(language, null, null).ShouldBe(expected);

    [Fact]
    public void Choose_languageTheServerLacks_isTheUsualOneSoThatTheServerSaysWhatItLacks() =>
        RuntimeChoice.Choose("python", null, ["nodejs20.x"]).ShouldBe("python3.11");
}
