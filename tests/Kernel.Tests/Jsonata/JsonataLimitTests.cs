using System.Diagnostics;
using Lambent.Kernel.Jsonata;
using Lambent.Kernel.Values;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Jsonata;

/// <summary>Expressions that would take for ever, or all memory, or the stack, end with a failure.</summary>
public sealed class JsonataLimitTests
{
    public static TheoryData<string, string> Bombs => new()
    {
        { "($f := function(){$f()}; $f())", "D1012" },
        { "($f := function($n){1 + $f($n)}; $f(1))", "D1011" },
        { "($f := function($n){$n & $f($n)}; $map([1], $f))", "D1011" },
        { "($f := function($g){$g($g)}; $f($f))", "D1012" },
        { "($a := function(){$b()}; $b := function(){$a()}; $a())", "D1012" },
        { "($f := function($x){$map([1], function(){$f($x)})}; $f(1))", "D1011" },
        { "($f := function($x){$x ~> $f}; $f(1))", "D1011" },
        { "[1..10000001]", "D2014" },
        { "[1..10000000]", "D2015" },
        { "[1..1000000].[1..1000000]", "D1012" },
        { "$count([1..1000].([1..1000]))", "1000000" },
        { "$range(0, 1000000000, 1)", "D2014" },
        { "($f := function($x){$f($append($x, $x))}; $f([1,2]))", "D2015" },
        { "($f := function($x){$f($zip($x, $x))}; $f([1,2]))", "D2017" },
        { "$pad(\"\", 100000000)", "D2016" },
        { "$pad(\"\", -2000000000)", "D2016" },
        { "($f := function($s){$f($s & $s)}; $f(\"a\"))", "D2016" },
        { "($f := function($s){$f($join([$s, $s]))}; $f(\"a\"))", "D2016" },
        { "($s := $pad(\"\", 1000000, \"x\"); $replace($s, \"x\", $s))", "D2016" },
        { "($s := $pad(\"\", 2000000, \"x\"); $map([1..100000], function(){$s & \"\"}))", "D1012" },
        { "($f := function($x){$f($string([$x, $x]))}; $f(\"\\\\\"))", "D2016" },
        { "($f := function($x){$f($encodeUrlComponent($x))}; $f(\"%%%%%\"))", "D1012" },
        { "($f := function($x){$f([[$x]])}; $f(1))", "D2017" },
        { "($f := function($x){$f({\"a\": $x})}; $f(1))", "D2017" },
        { "($f := function($x){$f($map([1, 2], function(){$x}))}; $f(1))", "D2017" },
        { "($f := function($x){$f($x ~> |$|{\"a\": $}|)}; $f({}))", "D2017" },
        { "($f := function($x){$f($merge([$x, {\"a\": $x}]))}; $f({}))", "D2017" },
        { "($f := function($x){$f($partition([[$x]], 1))}; $f(1))", "D2017" },
        { "($o := {\"a\": {}}; $f := function($x){$f($x ~> |**|{\"a\": $, \"b\": $}|)}; $f($o))", "D1012" },
        { "$match($pad(\"\", 40, \"a\"), /^(a+)+$/) ~> $count", "1" },
        { "$match($pad(\"\", 40, \"a\") & \"!\", /^(a+)+$/)", "D1012" },
        { "$match($pad(\"\", 40, \"a\") & \"!\", /^(a|aa)+$/)", "D1012" },
        { "$contains($pad(\"\", 100000, \"a\"), /a.*b|a.*c/)", "D1012" },
        { "$contains($pad(\"\", 1000000, \"ab\"), /^(ab)*$/)", "true" },
        { "/((((a{1000}){1000}){1000}){1000})/(\"a\")", "S0603" },
        { "/a{100000}/(\"a\")", "S0603" },
        { "$sort([1..1000000], function($a, $b){$a > $b}) ~> $count", "D1012" },
        { "$formatInteger(1e300, \"I\")", "D2016" },
        { "$formatBase(1e308, 2) ~> $length", "1024" },
        { "$formatNumber(1e308, \"0.00\") ~> $length", "312" },
        { "$distinct([1..200000]) ~> $count", "200000" },
        { "$string($parse($pad(\"\", 300, \"[\")))", "D3153" },
        { "$fromMillis(1e300)", "D3110" },
        { "$fromMillis(0, \"[Y,99-99]\") ~> $length", "99" },
        { "$now($pad(\"\", 1000000, \"[Y]\")) ~> $length", "D2016" },
        { "$shuffle([1..100]) ~> $sum", "5050" },
    };

    /// <summary>Expressions whose parts are many instead of deep, evaluated again and again.</summary>
    public static TheoryData<string> Wide =>
    [
        Looped("[" + Repeated("1,") + "1]"),
        Looped("(" + Repeated("1;") + "1)"),
        Looped("{" + string.Concat(Enumerable.Range(0, 8_000).Select(name => $"\"{name}\":1,")) + "\"x\":1}"),
        Looped("$" + Repeated(".$")),
        Looped("$" + Repeated("[0]")),
        Looped("$zip(" + Repeated("1,") + "1)"),
        Looped("[1,2]^(" + Repeated("1,") + "1)"),
        Looped("[1]" + Repeated("@$v")),
        Looped("(" + string.Concat(Enumerable.Range(0, 8_000).Select(name => $"$v{name}:=1;")) + "$v7999)"),
        Looped("{\"a\":1}.`" + Repeated("x") + "`"),
        Looped("$merge([{\"" + Repeated("x") + "\": 1}])"),
        Looped("\"" + Repeated("x") + "\" = \"" + Repeated("y")[..20_000] + "\""),
        "($f := function($a)<" + string.Concat(Enumerable.Repeat("n?", 60)) + "s:n>{1}; $f("
            + string.Concat(Enumerable.Repeat("1,", 30)) + "true))",
        "($s := $pad(\"\", 1000000, \"x\"); $t := $s & \"\"; $map([1..100000], function(){$s = $t}))",
        "($s := $pad(\"\", 1000000, \"x\"); $o := {$s: 1}; $map([1..100000], function(){$keys($o)}))",
        "($s := $pad(\"\", 1000000, \"one \"); $map([1..100000], function(){$toMillis($s, \"[Dw] [Mw]\")}))",
        "($f := function($n, $g){$f($n, function(){$g() + $n})}; $f(1, function(){1}))",
    ];

    public static TheoryData<string, string> Texts => new()
    {
        { Repeated("("), "S0602" },
        { Repeated("["), "S0602" },
        { Repeated("{\"a\":"), "S0602" },
        { Repeated("-") + "1", "S0602" },
        { Repeated("a["), "S0602" },
        { Repeated("function(){"), "S0602" },
        { Repeated("1?"), "S0602" },
        { Repeated("$a:=") + "1", "S0602" },
        { Repeated("f("), "S0602" },
        { Repeated("|a|"), "S0602" },
        { Repeated("a^("), "S0602" },
        { Repeated("/* "), "S0106" },
        { "/" + Repeated("(") + "/", "S0302" },
        { "/" + string.Concat(Repeated("(").Take(1_000)) + string.Concat(Repeated(")").Take(1_000)) + "/", "S0603" },
        { Repeated("1+") + "1", "D1011" },
        { Repeated("1 ~> ") + "$string", "D1011" },
        { "$f" + Repeated("()"), "D1011" },
        { "$f" + Repeated("[0]"), "nothing" },
        { "a" + Repeated(".a"), "nothing" },
        { "a" + Repeated(".%"), "S0602" },
        { Repeated(" ") + Repeated(" "), "S0601" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Bomb_ends_with_a_failure(string expression, string expected) => Timely(expression, expected);

    [Theory]
    [MemberData(nameof(Wide))]
    public void Work_that_is_wide_counts(string expression) => Timely(expression, "D1012");

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_that_is_nested_without_end_is_refused(string expression, string expected) =>
        Timely(expression, expected);

    [Fact]
    public void Deep_recursion_that_is_not_in_tail_position_works_for_a_thousand_levels() =>
        Evaluations.Shown(Evaluations.Of("($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(1000))"))
            .ShouldBe("1000");

    [Fact]
    public void Limits_can_be_set_lower()
    {
        var limits = new JsonataLimits
        {
            StepsMax = 1_000, DepthMax = 100, ItemsMax = 10, TextLengthMax = 20, ValueDepthMax = 3,
        };
        string Ends(string expression) => Evaluations.Shown(Evaluations.Of(expression, limits: limits));
        Ends("[1..11]").ShouldBe("D2015");
        Ends("$pad(\"\", 21)").ShouldBe("D2016");
        Ends("[[[[1]]]]").ShouldBe("D2017");
        Ends("($f := function($n){$n = 0 ? 0 : $f($n - 1)}; $f(1000))").ShouldBe("D1012");
        Ends("($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(50))").ShouldBe("D1011");
        Ends("[[[1..10]]]").ShouldBe("[[[1,2,3,4,5,6,7,8,9,10]]]");
    }

    [Fact]
    public void The_same_evaluation_ends_at_the_same_step()
    {
        var expression = "($f := function($n){$n = 0 ? 0 : $f($n - 1)}; $f(100))";
        var enough = Enumerable.Range(1, 5_000).First(steps =>
            Evaluations.Of(expression, limits: new JsonataLimits { StepsMax = steps }).Failure is null);
        Evaluations.Of(expression, limits: new JsonataLimits { StepsMax = enough - 1 }).Failure!.Code.ShouldBe("D1012");
        Evaluations.Of(expression, limits: new JsonataLimits { StepsMax = enough }).Failure.ShouldBeNull();
    }

    private static void Timely(string expression, string expected)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();

        // What ends by its steps would do so at any number of them; fewer make the test quicker.
        var limits = expected == "D1012" ? new JsonataLimits { StepsMax = 500_000 } : JsonataLimits.Default;
        Evaluations.Shown(Evaluations.Of(expression, DataNull.Value, limits: limits)).ShouldBe(expected);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1L << 30);
    }

    private static string Looped(string body) => "($f := function(){(" + body + "; $f())}; $f())";

    /// <summary>A hundred thousand characters.</summary>
    private static string Repeated(string part) => string.Concat(Enumerable.Repeat(part, 100_000 / part.Length));
}
