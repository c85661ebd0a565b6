using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Lambent.Tidy.Tables;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class ProjectsTests
{
    private static readonly ProjectRow[] Table =
    [
        new("src/A/A.csproj", ["src/B/B.csproj"], ["Good.Package"]),
        new("tests/*", ["src/*"], []),
    ];

    [Theory]
    [InlineData("src/A/A.csproj", "ProjectReference", "../B/B.csproj", null)]
    [InlineData("src/A/A.csproj", "ProjectReference", "..\\B\\B.csproj", null)]
    [InlineData("src/A/A.csproj", "ProjectReference", "../C/C.csproj", "may not reference src/C/C.csproj")]
    [InlineData("src/A/A.csproj", "PackageReference", "Good.Package", null)]
    [InlineData("src/A/A.csproj", "PackageReference", "Bad.Package", "may not reference the package Bad.Package")]
    [InlineData("tests/T/T.csproj", "ProjectReference", "../../src/C/C.csproj", null)]
    [InlineData("tests/T/T.csproj", "ProjectReference", "../U/U.csproj", "may not reference tests/U/U.csproj")]
    public void A_reference_is_allowed_only_by_the_table(
        string project, string element, string include, string? expected)
    {
        var text = $"<Project>\n  <ItemGroup>\n    <{element} Include=\"{include}\" />\n  </ItemGroup>\n</Project>";
        var found = Projects.References(new SourceFile(project, text), Table).ToList();

        if (expected is null)
        {
            found.ShouldBeEmpty();
        }
        else
        {
            found.ShouldHaveSingleItem().ToString().ShouldSatisfyAllConditions(
                text => text.ShouldStartWith($"{project}:3: "), text => text.ShouldContain(expected));
        }
    }

    [Fact]
    public void A_project_that_is_not_in_the_table_is_found() =>
        Projects.References(new SourceFile("src/New/New.csproj", "<Project />"), Table).ShouldHaveSingleItem();

    [Fact]
    public void A_row_whose_project_is_gone_is_found() =>
        Projects.Rows(Repository.Of(("tests/T/T.csproj", "")), Table).ShouldHaveSingleItem()
            .Path.ShouldBe("src/A/A.csproj");
}
