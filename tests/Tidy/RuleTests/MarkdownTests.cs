using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class MarkdownTests
{
    [Theory]
    [InlineData("[a](b.md)", true)]
    [InlineData("[a](./b.md#two-words)", true)]
    [InlineData("[a](#here)", true)]
    [InlineData("[a](../src)", true)]
    [InlineData("[a](https://example.org/x)", true)]
    [InlineData("[a](mailto:a@example.org)", true)]
    [InlineData("`[a](gone.md)`", true)]
    [InlineData("```\n[a](gone.md)\n```", true)]
    [InlineData("[a](gone.md)", false)]
    [InlineData("[a](b.md#gone)", false)]
    [InlineData("[a](#gone)", false)]
    [InlineData("[a](../../outside.md)", false)]
    public void A_link_leads_somewhere(string text, bool expected)
    {
        var repository = Repository.Of(
            ("docs/a.md", $"# Here\n\n{text}\n"), ("docs/b.md", "# B\n\n## Two `words`!\n"), ("src/A.cs", ""));
        var found = Markdown.Links(repository, repository.Find("docs/a.md")!);

        found.Select(finding => finding.Line).ShouldBe(expected ? [] : [3]);
    }

    [Theory]
    [InlineData("# One\n\n## Two\n", 0)]
    [InlineData("## Two\n", 1)]
    [InlineData("# One\n\n# Two\n", 1)]
    [InlineData("# One\n\n```console\n# a comment of the shell\n```\n", 0)]
    public void A_page_has_one_title(string text, int expected) =>
        Markdown.Titles(new SourceFile("docs/a.md", text)).Count().ShouldBe(expected);
}
