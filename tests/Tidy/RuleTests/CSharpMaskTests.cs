using System.Text.RegularExpressions;
using Lambent.Tidy.Syntax;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class CSharpMaskTests
{
    [Theory]
    [InlineData("a // b { \nc", "a \nc")]
    [InlineData("a /* { \n } */ c", "a \n c")]
    [InlineData("x = \"{ \\\" }\"; y", "x = ; y")]
    [InlineData("x = '{'; y", "x = ; y")]
    [InlineData("x = '\\''; y", "x = ; y")]
    [InlineData("x = @\"a\"\"{\"; y", "x = ; y")]
    [InlineData("x = $\"a{b + \"}\"}c\"; y", "x = ; y")]
    [InlineData("x = $\"{{ {a} }}\"; y", "x = ; y")]
    [InlineData("x = $@\"{a}\"\"\\\"; y", "x = ; y")]
    [InlineData("x = \"\"\"a \"b\" {\"\"\"; y", "x = ; y")]
    [InlineData("x = $\"\"\"{a}\n{\"b\"}\"\"\"; y", "x = \n ; y")]
    [InlineData("@class { }", "@class { }")]
    public void What_is_not_code_is_blanked(string text, string expected)
    {
        var mask = CSharpMask.Of(text);

        Regex.Replace(mask, " +", " ").ShouldBe(expected);
        mask.Length.ShouldBe(text.Length, "positions stay");
    }

    [Theory]
    [InlineData("\"never closed")]
    [InlineData("/* never closed")]
    [InlineData("$\"{never closed")]
    [InlineData("\"\"\"never closed")]
    [InlineData("'")]
    [InlineData("$@")]
    public void Broken_text_ends(string text) => CSharpMask.Of(text).Length.ShouldBe(text.Length);

    [Fact]
    public void Strings_are_listed_where_they_stand()
    {
        var literals = CSharpMask.Parse("a(\"one\", $\"two{x}\", 'c');").Literals;

        literals.Select(literal => literal.Text).ShouldBe(["\"one\"", "$\"two{x}\""]);
        literals[0].Position.ShouldBe(2);
    }
}
