using System.Text;
using Lambent.Kernel.Logs;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Logs;

public sealed class LogPatternTests
{
    private const string Json =
        """{"level":"error","x":4,"user":{"id":7,"name":"Ann"},"tags":["a","b"],"ok":true,"no":null,"ip":"10.0.0.1"}""";

    [Theory]
    [InlineData("ERROR", "[ERROR] broken", true)]
    [InlineData("ERROR", "error", false)]
    [InlineData("ERROR broken", "broken ERROR", true)]
    [InlineData("ERROR broken", "ERROR", false)]
    [InlineData("\"out of memory\"", "it is out of memory now", true)]
    [InlineData("\"out of memory\"", "memory out of", false)]
    [InlineData("\"a \\\" b\"", "a \" b", true)]
    [InlineData("ERROR -expected", "ERROR", true)]
    [InlineData("ERROR -expected", "ERROR expected", false)]
    [InlineData("-expected", "something", true)]
    [InlineData("?ERROR ?WARN", "a WARN b", true)]
    [InlineData("?ERROR ?WARN", "INFO", false)]
    [InlineData("?ERROR needed", "needed", true)]
    [InlineData("%[45]\\d\\d%", "status 503", true)]
    [InlineData("%[45]\\d\\d%", "status 200", false)]
    public void Terms_match(string pattern, string line, bool expected) => Matches(pattern, line).ShouldBe(expected);

    [Theory]
    [InlineData("{ $.level = \"error\" && $.x > 3 }", true)]
    [InlineData("{ $.level = \"error\" && $.x > 4 }", false)]
    [InlineData("{ $.x >= 4 }", true)]
    [InlineData("{ $.x <= 3.5 || $.user.id = 7 }", true)]
    [InlineData("{ ($.x = 1 || $.x = 4) && $.level != info }", true)]
    [InlineData("{ $.missing != 1 }", false)]
    [InlineData("{ $.missing NOT EXISTS }", true)]
    [InlineData("{ $.level NOT EXISTS }", false)]
    [InlineData("{ $.no IS NULL }", true)]
    [InlineData("{ $.ok IS TRUE }", true)]
    [InlineData("{ $.ok is false }", false)]
    [InlineData("{ $.user.name = \"A*\" }", true)]
    [InlineData("{ $.ip = 10.0.* }", true)]
    [InlineData("{ $.ip = %^10\\.% }", true)]
    [InlineData("{ $.tags[1] = \"b\" }", true)]
    [InlineData("{ $.tags[*] = \"b\" }", true)]
    [InlineData("{ $.tags[9] = \"b\" }", false)]
    [InlineData("{$.[\"level\"] = error}", false)]
    public void Conditions_hold_onJsonLines(string pattern, bool expected)
    {
        if (pattern.StartsWith("{$.[", StringComparison.Ordinal))
        {
            LogPattern.Parse(pattern).IsSuccess.ShouldBeFalse();
            return;
        }

        Matches(pattern, Json).ShouldBe(expected);
        Matches(pattern, "text { " + Json).ShouldBeFalse();
    }

    [Theory]
    [InlineData("[ip, user]")]
    [InlineData("{ $.a }")]
    [InlineData("{ $.a = }")]
    [InlineData("{ $.a = 1")]
    [InlineData("{ $.a = 1 } x")]
    [InlineData("{ a = 1 }")]
    [InlineData("{ $.a > text }")]
    [InlineData("{ $ = 1 }")]
    [InlineData("{ $.a[x] = 1 }")]
    [InlineData("{ $.a[1 = 1 }")]
    [InlineData("{ ($.a = 1 }")]
    [InlineData("{ $.a = %(% }")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("\"open")]
    [InlineData("\"\"")]
    [InlineData("%(a%")]
    [InlineData("%(a)\\1%")]
    [InlineData("-")]
    [InlineData("a ?")]
    public void Pattern_thatIsNone_isRefused(string pattern) =>
        LogPattern.Parse(pattern).Error.ShouldNotBeNull().Message.ShouldStartWith("Invalid filter pattern");

    [Fact]
    public void Pattern_tooDeepOrTooLong_isRefused()
    {
        LogPattern.Parse("{ " + new string('(', 500)).IsSuccess.ShouldBeFalse();
        LogPattern.Parse(new string('a', Limits.LogFilterLengthMax + 1)).IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public void Any_text_isReadWithoutFailure()
    {
        var random = new Random(11);
        const string Letters = "{}()[]$.\"%&|=<>!? -ab1*\\IS NOT";
        for (var round = 0; round < 20_000; round++)
        {
            var text = new string(random.GetItems(Letters.AsSpan(), random.Next(30)));
            if (LogPattern.Parse((round % 2 == 0 ? "{ $." : "") + text) is { IsSuccess: true, Value: { } pattern })
            {
                pattern.Matches(Encoding.UTF8.GetBytes(Json));
            }
        }
    }

    [Theory]
    [InlineData("user.id=7", true)]
    [InlineData("user.name=Ann", true)]
    [InlineData("user.name=ann", false)]
    [InlineData("x=4.0", true)]
    [InlineData("ok=true", true)]
    [InlineData("no=null", true)]
    [InlineData("missing=", false)]
    [InlineData("level=error", true)]
    public void Field_matches_byItsValue(string field, bool expected)
    {
        var filter = new LineFilter { Fields = [LineField.Parse(field).Value] };
        filter.Matches(Json, LineLevels.Read(Json)).ShouldBe(expected);
        filter.Matches("2026\t1\tINFO\t" + Json + "\n", LineLevels.Read(Json)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("name")]
    [InlineData("a..b=1")]
    public void Field_thatIsNone_isRefused(string field) => LineField.Parse(field).IsSuccess.ShouldBeFalse();

    [Theory]
    [InlineData("REPORT", true)]
    [InlineData("Duration: 12", true)]
    [InlineData("error", true)]
    [InlineData("needle", false)]
    public void Words_thatNoPlatformLineHas_areNotSoughtInThem(string text, bool mayBe) =>
        new LineFilter { Text = text }.WantsLinesOnly.ShouldBe(!mayBe);

    [Fact]
    public void Secrets_areTakenOut_whenTheirNamesSayThatTheyAreSome()
    {
        var mask = SecretMask.From(new Dictionary<string, string>
        {
            ["DB_PASSWORD"] = "correct horse", ["api_key"] = "correct horse battery", ["A_TOKEN"] = "short",
            ["PLAIN"] = "visible text",
        }).ShouldNotBeNull();

        mask.Apply("correct horse battery, correct horse, short, visible text")
            .ShouldBe("********, ********, short, visible text");
        SecretMask.From(new Dictionary<string, string> { ["KEYS"] = "0123456789" }).ShouldBeNull();
    }

    private static bool Matches(string pattern, string line) =>
        LogPattern.Parse(pattern).Value.ShouldNotBeNull().Matches(Encoding.UTF8.GetBytes(line));
}
