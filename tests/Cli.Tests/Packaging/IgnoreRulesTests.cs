using Lambent.Cli.Packaging;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Packaging;

public sealed class IgnoreRulesTests
{
    [Theory]
    [InlineData(".git", true, true)]
    [InlineData("src/.git", true, true)]
    [InlineData("node_modules/.cache", true, true)]
    [InlineData("node_modules", true, false)]
    [InlineData("a/b.pyc", false, true)]
    [InlineData("index.js", false, false)]
    [InlineData(".gitignore", false, false)]
    public void Standard_path_isIgnoredWhenNeverMeant(string path, bool isFolder, bool expected) =>
        IgnoreRules.Standard.Ignores(path, isFolder).ShouldBe(expected);

    [Theory]
    [InlineData("*.log", "deep/down/x.log", false, true)]
    [InlineData("/x.log", "deep/x.log", false, false)]
    [InlineData("/x.log", "x.log", false, true)]
    [InlineData("docs/", "docs", true, true)]
    [InlineData("docs/", "docs", false, false)]
    [InlineData("a/**/z.txt", "a/b/c/z.txt", false, true)]
    [InlineData("a/**/z.txt", "a/z.txt", false, true)]
    [InlineData("a/*.txt", "a/b/z.txt", false, false)]
    [InlineData("test?.js", "test1.js", false, true)]
    [InlineData("test?.js", "test.js", false, false)]
    [InlineData("# comment", "# comment", false, false)]
    [InlineData("a+b.js", "a+b.js", false, true)]
    [InlineData("*************a", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", false, false)]
    public void Rule_path_matchesAsGitignoreDoes(string rule, string path, bool isFolder, bool expected) =>
        IgnoreRules.Parse([rule]).Ignores(path, isFolder).ShouldBe(expected);

    [Fact]
    public void Rules_lastMatchDecides()
    {
        var rules = IgnoreRules.Parse(["*.json", "!keep.json", "!.venv"]);
        rules.Ignores("x.json", false).ShouldBeTrue();
        rules.Ignores("keep.json", false).ShouldBeFalse();
        rules.Ignores(".venv", true).ShouldBeFalse();
    }
}
