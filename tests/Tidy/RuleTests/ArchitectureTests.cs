using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("`src/Kernel/` and `src/Kernel/Limits.cs`", null)]
    [InlineData("`src/Kernel` as `Kernel/Limits.cs` has `ErrorCode` and `Limits.Max`", null)]
    [InlineData("`src/Kernel`, `GET /v1/status`, `/fn/NAME/…`, `docs/errors/CODE`, `lambent up`", "docs/errors/CODE")]
    [InlineData("`src/Kernel` and `src/Gone.cs`", "src/Gone.cs")]
    [InlineData("`src/Kernel` and `GoneType`", "GoneType")]
    [InlineData("`src/Kernel` and `LICENSE.txt`", "LICENSE.txt")]
    [InlineData("no project", "src/Kernel/Kernel.csproj")]
    public void The_page_names_every_project_and_only_what_is_there(string text, string? expected)
    {
        var repository = Repository.Of(
            ("ARCHITECTURE.md", $"# A\n\n{text}\n"),
            ("src/Kernel/Kernel.csproj", "<Project />"),
            ("src/Kernel/Limits.cs", "class Limits { int Max; enum ErrorCode { } }"),
            ("samples/a/A.csproj", "<Project />"));
        var found = Architecture.Check(repository).ToList();

        if (expected is null)
        {
            found.ShouldBeEmpty();
        }
        else
        {
            found.ShouldHaveSingleItem().Message.ShouldContain(expected);
        }
    }

    [Fact]
    public void A_missing_page_is_found() => Architecture.Check(Repository.Of()).ShouldHaveSingleItem();

    [Fact]
    public void A_page_of_more_than_400_lines_is_found() =>
        Architecture.Check(Repository.Of(("ARCHITECTURE.md", "# A\n" + new string('\n', 400) + "x")))
            .ShouldHaveSingleItem().Line.ShouldBe(401);
}
