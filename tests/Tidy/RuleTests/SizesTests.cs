using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Lambent.Tidy.Tables;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class SizesTests
{
    private static readonly LongFunction[] NoExemptions = [];

    [Fact]
    public void A_file_of_601_lines_is_found_and_one_of_600_is_not()
    {
        Sizes.Files(FileOf(string.Concat(Enumerable.Repeat("x\n", 600)))).ShouldBeEmpty();
        Sizes.Files(FileOf(string.Concat(Enumerable.Repeat("x\n", 601)))).ShouldHaveSingleItem().Line.ShouldBe(601);
    }

    [Fact]
    public void A_line_of_121_columns_is_found_and_one_of_120_is_not()
    {
        var longest = new string('x', 120);

        Sizes.Lines(FileOf($"{longest}\n{longest}x\n")).ShouldHaveSingleItem().Line.ShouldBe(2);
        Sizes.Lines(FileOf(string.Concat(Enumerable.Repeat("𝄞", 120)))).ShouldBeEmpty("columns are characters");
        Sizes.Lines(new SourceFile("docs/a.md", $"{longest}x")).ShouldBeEmpty("prose may have tables");
    }

    [Fact]
    public void A_function_of_71_lines_is_found_with_its_name_and_line()
    {
        var found = Sizes.Functions(FileOf(ClassWith(71)), NoExemptions).ShouldHaveSingleItem();

        found.ToString().ShouldBe("src/A.cs:3: A.Long has 71 lines, at most 70: split it");
        Sizes.Functions(FileOf(ClassWith(70)), NoExemptions).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(80, 80, null)]
    [InlineData(81, 80, "grew from 80 to 81")]
    [InlineData(79, 80, "lower it to 79")]
    [InlineData(70, 80, "remove it")]
    public void An_exempt_function_may_only_shrink_and_its_exemption_with_it(int lines, int listed, string? expected)
    {
        LongFunction[] exemptions = [new("src/A.cs", "A.Long", listed, "a table")];
        var found = Sizes.Functions(FileOf(ClassWith(lines)), exemptions).ToList();

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
    public void An_exemption_for_a_function_that_is_gone_is_found() =>
        Sizes.Functions(FileOf("class A { }"), [new LongFunction("src/A.cs", "A.Gone", 99, "")])
            .ShouldHaveSingleItem().Message.ShouldContain("A.Gone");

    [Fact]
    public void The_cases_of_a_theory_may_be_many() =>
        Sizes.Functions(FileOf(ClassWith(200).Replace("void Long", "public static TheoryData<int> Long")), NoExemptions)
            .ShouldBeEmpty();

    private static SourceFile FileOf(string text) => new("src/A.cs", text);

    private static string ClassWith(int lines) =>
        "class A\n{\n    void Long()\n    {\n" + string.Concat(Enumerable.Repeat("x();\n", lines - 3)) + "    }\n}\n";
}
