using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class ErrorPagesTests
{
    private const string Enumeration =
        "public enum ErrorCode\n{\n    // Group, of codes\n    First,\n    Second = 2,\n}\n";

    private const string Index = "# Errors\n[First](First.md) [Second](Second.md)\n";

    private const string Mapping =
        "ErrorCode.First => (404, \"GoneException\"),\nErrorCode.Second => (404, \"GoneException\"),\n";

    [Fact]
    public void A_code_that_is_not_mapped_is_found()
    {
        var repository = Repository.Of(
            (ErrorPages.ServerCodes, Enumeration),
            (ErrorPages.AwsMapping, "ErrorCode.First => (404, \"GoneException\"),"),
            ("docs/errors/README.md", Index),
            ("docs/errors/First.md", Page("First")),
            ("docs/errors/Second.md", Page("Second")));

        ErrorPages.Check(repository).ShouldHaveSingleItem().Message.ShouldStartWith("Second is not mapped");
    }

    [Fact]
    public void Complete_pages_pass() => Check(("docs/errors/First.md", Page("First"))).ShouldBeEmpty();

    [Fact]
    public void A_code_without_a_page_is_found_where_it_is_declared()
    {
        var repository = Repository.Of(
            (ErrorPages.ServerCodes, Enumeration),
            ("docs/errors/README.md", Index),
            ("docs/errors/First.md", Page("First")));

        ErrorPages.Check(repository).ShouldHaveSingleItem().ToString()
            .ShouldBe("src/Kernel/ErrorCode.cs:5: Second has no page: write docs/errors/Second.md");
    }

    [Fact]
    public void A_page_without_a_code_is_found() =>
        Check(("docs/errors/First.md", Page("First")), ("docs/errors/Gone.md", Page("Gone")))
            .ShouldHaveSingleItem().Path.ShouldBe("docs/errors/Gone.md");

    [Theory]
    [InlineData("# First", "# Other", "begins with")]
    [InlineData("## Why", "## Because", "no section: ## Why")]
    [InlineData("```console", "```text", "not shown as a command")]
    [InlineData("404 `GoneException`", "500 `GoneException`", "must be: | AWS clients | 404 `GoneException` |")]
    public void A_page_that_lacks_a_part_is_found(string part, string replacement, string expected) =>
        Check(("docs/errors/First.md", Page("First").Replace(part, replacement, StringComparison.Ordinal)))
            .ShouldHaveSingleItem().Message.ShouldContain(expected);

    [Fact]
    public void A_code_that_the_index_leaves_out_is_found()
    {
        var repository = Repository.Of(
            (ErrorPages.CommandCodes, "public const string Busy = \"PortBusy\";"),
            ("docs/errors/README.md", "# Errors\n"),
            ("docs/errors/PortBusy.md", Page("PortBusy")));

        ErrorPages.Check(repository).ShouldHaveSingleItem().Message.ShouldBe("PortBusy is not in the index");
    }

    private static List<Finding> Check(params (string, string)[] pages) =>
        [.. ErrorPages.Check(Repository.Of(
        [
            (ErrorPages.ServerCodes, Enumeration),
            (ErrorPages.AwsMapping, Mapping),
            ("docs/errors/README.md", Index),
            ("docs/errors/Second.md", Page("Second")),
            .. pages,
        ]))];

    private static string Page(string code) =>
        $"# {code}\n\n| AWS clients | 404 `GoneException` |\n\n## What happened\n\n## Why\n\n## Fix\n\n"
        + "```console\n$ lambent ls\n```\n";
}
