using Lambent.Kernel.Jsonata;
using Lambent.Kernel.Values;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Jsonata;

/// <summary>
/// The language by topic, each row as the reference answers it; the examples of docs/reference/jsonata.md.
/// </summary>
public sealed class JsonataLanguageTests
{
    private static readonly DataValue Order = DataReader.Read(
        """
        {
          "id": "o-17",
          "customer": {"name": "Ada", "email": "ada@example.com"},
          "items": [
            {"sku": "a1", "price": 12.5, "count": 2, "tags": ["new", "red"]},
            {"sku": "b2", "price": 3, "count": 10, "tags": []},
            {"sku": "c3", "price": 99.99, "count": 1, "tags": ["red"]}
          ]
        }
        """).Value!;

    public static TheoryData<string, string> Paths => new()
    {
        { "customer.name", "\"Ada\"" },
        { "items.sku", """["a1","b2","c3"]""" },
        { "items[0].sku", "\"a1\"" },
        { "items[-1].sku", "\"c3\"" },
        { "items[[0..1]].sku", """["a1","b2"]""" },
        { "items[price > 10].sku", """["a1","c3"]""" },
        { "items[price > 90].sku", "\"c3\"" },
        { "items[price > 90].sku[]", """["c3"]""" },
        { "items[price > 1000]", "nothing" },
        { "items.tags", """["new","red","red"]""" },
        { "items[\"red\" in tags].sku", """["a1","c3"]""" },
        { "items.tags[0]", """["new","red"]""" },
        { "(items.tags)[0]", "\"new\"" },
        { "items.[sku, count]", """[["a1",2],["b2",10],["c3",1]]""" },
        { "items.(price * count)", "[25,30,99.99]" },
        { "customer.*", """["Ada","ada@example.com"]""" },
        { "**.sku", """["a1","b2","c3"]""" },
        { "`id`", "\"o-17\"" },
        { "missing.field", "nothing" },
        { "items^(>price).sku", """["c3","a1","b2"]""" },
        { "items^(count, >price).sku", """["c3","a1","b2"]""" },
        { "items{sku: price * count}", """{"a1":25,"b2":30,"c3":99.99}""" },
        { "items[count > 1].{\"sku\": sku, \"of\": %.id}", """[{"sku":"a1","of":"o-17"},{"sku":"b2","of":"o-17"}]""" },
        { "items#$i[$i > 0].sku", """["b2","c3"]""" },
        { "items#$i.($i & sku)", """["0a1","1b2","2c3"]""" },
        { "items@$i.$.customer.(name & $i.sku)", """["Adaa1","Adab2","Adac3"]""" },
        { "items.tags.(% . sku)", """["a1","a1","c3"]""" },
    };

    public static TheoryData<string, string> Operators => new()
    {
        { "1 + 2 * 3 - 4 / 2", "5" },
        { "7 % 3", "1" },
        { "\"a\" & 1 & true & null & missing", "\"a1truenull\"" },
        { "1 = 1.0", "true" },
        { "[1,2] = [1,2]", "true" },
        { "missing = 1", "false" },
        { "missing != 1", "false" },
        { "missing + 1", "nothing" },
        { "\"a\" < \"b\"", "true" },
        { "1 < \"b\"", "T2009" },
        { "true < false", "T2010" },
        { "1 + \"a\"", "T2002" },
        { "-\"a\"", "D1002" },
        { "0 or \"x\"", "true" },
        { "1 and []", "false" },
        { "2 in [1,2,3]", "true" },
        { "true ? 1 : 2", "1" },
        { "false ? 1", "nothing" },
        { "0 ?: 5", "5" },
        { "missing ?? 5", "5" },
        { "null ?? 5", "null" },
        { "[1..5]", "[1,2,3,4,5]" },
        { "[1..3, 7]", "[1,2,3,7]" },
        { "1 / 0", "D1001" },
        { "/* a comment */ 1", "1" },
    };

    public static TheoryData<string, string> Functions => new()
    {
        { "($double := function($x){$x * 2}; $map([1,2,3], $double))", "[2,4,6]" },
        { "($add := function($a, $b){$a + $b}; $add(1, ?)(2))", "3" },
        { "\"  ada \" ~> $trim ~> $uppercase", "\"ADA\"" },
        { "($shout := $trim ~> $uppercase; $shout(\" x \"))", "\"X\"" },
        { "function($n)<n:n>{$n + 1}(\"1\")", "T0410" },
        { "$sum([\"a\"])", "T0412" },
        { "($f := function($n){$n < 2 ? 1 : $n * $f($n - 1)}; $f(10))", "3628800" },
        { "($f := function($n, $s){$n = 0 ? $s : $f($n - 1, $s + $n)}; $f(100000, 0))", "5000050000" },
        { "$reduce(items.price, function($a, $b){$a + $b})", "115.49" },
        { "$filter(items, function($i){$i.count > 1}).sku", """["a1","b2"]""" },
        { "$sort(items, function($a, $b){$a.price > $b.price}).sku", """["b2","a1","c3"]""" },
        { "customer ~> |$|{\"name\": \"Bob\"}, \"email\"|", """{"name":"Bob"}""" },
        {
            "($ ~> |items[price > 10]|{\"price\": 0}, [\"tags\", \"count\"]|).items[0..1]",
            "S0202"
        },
        {
            "($ ~> |items[price > 10]|{\"price\": 0}, [\"tags\", \"count\"]|).items[[0..1]]",
            """[{"sku":"a1","price":0},{"sku":"b2","price":3,"count":10,"tags":[]}]"""
        },
        {
            "$match(customer.email, /(\\w+)@(\\w+)/)",
            """{"match":"ada@example","index":0,"groups":["ada","example"]}"""
        },
        { "$replace(\"1234567.89\", /(\\d)(?=(\\d{3})+\\.)/, \"$1,\")", "\"1,234,567.89\"" },
        { "$replace(\"John Smith\", /(\\w+)\\s(\\w+)/, \"$2, $1\")", "\"Smith, John\"" },
        { "$split(\"a, b,c\", /\\s*,\\s*/)", """["a","b","c"]""" },
        { "$contains(\"aXa\", /(?<=a)x\\B/i)", "true" },
        { "/(a)\\1/(\"xaa\").match", "\"aa\"" },
        { "$formatNumber(12345.6, \"#,##0.00\")", "\"12,345.60\"" },
        { "$formatInteger(2026, \"w\")", "\"two thousand and twenty-six\"" },
        { "$parseInteger(\"twelve\", \"w\")", "12" },
        { "$fromMillis(1510067557121, \"[D1o] [MNn] [Y], [h]:[m] [P]\")", "\"7th November 2017, 3:12 pm\"" },
        { "$toMillis(\"2017-11-07T15:12:37.121Z\")", "1510067557121" },
        { "$string({\"n\": 0.1 + 0.2})", "\"{\\\"n\\\":0.3}\"" },
        { "$now()", "\"2026-03-04T05:06:07.089Z\"" },
        { "$millis()", "1772600767089" },
        { "$error(\"no\")", "D3137" },
        { "$assert(1 = 2, \"no\")", "D3141" },
        { "$eval(\"1\")", "T1006" },
    };

    /// <summary>What Step Functions adds; its documentation is the reference here.</summary>
    public static TheoryData<string, string> StepFunctions => new()
    {
        { "$partition([1..5], 2)", "[[1,2],[3,4],[5]]" },
        { "$partition([], 2)", "[]" },
        { "$partition([1], 0)", "D3150" },
        { "$range(0, 10, 2)", "[0,2,4,6,8,10]" },
        { "$range(3, 1, -1)", "[3,2,1]" },
        { "$range(1, 3, -1)", "[]" },
        { "$range(1, 3, 0)", "D3151" },
        { "$range(0, 1, 0.000000001)", "D2014" },
        { "$hash(\"input data\", \"SHA-1\")", "\"aaff4a450a104cd177d28d18d74485e8cae074b7\"" },
        { "$hash(\"\", \"MD5\")", "\"d41d8cd98f00b204e9800998ecf8427e\"" },
        { "$hash(\"x\", \"CRC32\")", "D3152" },
        { "$length($hash({\"a\": 1}, \"SHA-512\"))", "128" },
        { "$random()", "0.25" },
        { "$random(7) = $random(7)", "true" },
        { "$random(7) = $random(8)", "false" },
        { "$uuid()", "\"40404040-4040-4040-8040-404040404040\"" },
        { "$parse('{\"a\": [1, 2]}').a[1]", "2" },
        { "$parse(\"{\")", "D3153" },
    };

    /// <summary>Where the npm package is not followed; the table of docs/reference/jsonata.md.</summary>
    public static TheoryData<string, string> Differences => new()
    {
        { "5 % 0", "D1001" },
        { "$fromMillis(253402300800000)", "D3110" },
        { "$fromMillis(0, \"[Z]\", \"here\")", "D3134" },
        { "$parseInteger(\"x\", \"0\")", "D3030" },
        { "items.tags{%.sku: $}", """{"a1":["new","red"],"c3":"red"}""" },
        { "$map([1], function(){%})", "S0217" },
        { "[7,8]#$i.($i & $)", """["07","18"]""" },
        { "items.(%.id)^($)#$i.$i", "[0,1,2]" },
        { "missing[1 < {}]", "nothing" },
        { "$map([1], function(){$string(1){\"k\": $}})", """{"k":"1"}""" },
        { "[1 < {}, $sum(\"a\")]", "T2010" },
        { "$formatNumber(1234.5678, \"0.0,0,0,0\")", "\"1234.5,6,7,8\"" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    [MemberData(nameof(Paths))]
    [MemberData(nameof(Operators))]
    [MemberData(nameof(Functions))]
    [MemberData(nameof(StepFunctions))]
    public void Expression_gives(string expression, string expected) =>
        Evaluations.Shown(Evaluations.Of(expression, Order)).ShouldBe(expected);

    [Theory]
    [InlineData("$states.input.a", "states")]
    [InlineData("$x + $y + $x", "x,y")]
    [InlineData("$ & $$ & a", "")]
    [InlineData("$sum($list)", "list")]
    [InlineData("($x := 1; $x)", "")]
    [InlineData("($x := $x + 1; $x)", "x")]
    [InlineData("(($x := 1); $x)", "x")]
    [InlineData("function($a){$a + $b}", "b")]
    [InlineData("($f := function($n){$f($n - 1)}; $f(1))", "")]
    [InlineData("($f := function(){$g()}; $g := function(){$f() + $h}; 1)", "h")]
    [InlineData("a@$v.b#$i[$v.c = $i and $w]", "w")]
    [InlineData("$map(a, function($v){$v & $k})", "k")]
    public void FreeVariables_are_those_read_and_not_bound(string expression, string expected) =>
        string.Join(',', JsonataExpression.Compile(expression).Expression!.FreeVariables).ShouldBe(expected);

    [Fact]
    public void Variables_come_from_the_scope_and_before_functions()
    {
        var states = new DataObject(("input", Order));
        DataValue? Find(string name) => name switch { "states" => states, "sum" => 7, _ => null };
        Evaluations.Shown(Evaluations.Of("$states.input.items[0].price * 2", null, Find)).ShouldBe("25");
        Evaluations.Shown(Evaluations.Of("$sum", null, Find)).ShouldBe("7");
        Evaluations.Shown(Evaluations.Of("$count([1]) & $nothing", null, Find)).ShouldBe("\"1\"");
    }

    [Theory]
    [InlineData("1 +", "S0207", 3)]
    [InlineData("a.b[", "S0203", 4)]
    [InlineData("a ! b", "S0204", 2)]
    [InlineData("a + \"x", "S0101", 4)]
    [InlineData("a := 1", "S0212", 2)]
    [InlineData("$string(5) + 1", "T2001", 11)]
    [InlineData("1 + $length(5)", "T0410", 11)]
    public void Failure_says_where(string expression, string code, int position)
    {
        var failure = Evaluations.Of(expression, Order).Failure!;
        (failure.Code, failure.Position).ShouldBe((code, position));
        failure.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public void Digits_of_a_number_that_is_only_passed_on_stay()
    {
        var input = DataReader.Read("""{"id": 12345678901234567890, "price": 1.50}""").Value!;
        Evaluations.Shown(Evaluations.Of("{\"id\": id, \"price\": price}", input))
            .ShouldBe("""{"id":12345678901234567890,"price":1.50}""");
    }

    [Theory]
    [InlineData("$sum", "D2018")]
    [InlineData("[function(){1}]", "D2018")]
    [InlineData("/a/(\"a\")", """{"match":"a","start":0,"end":1,"groups":[]}""")]
    public void Functions_do_not_leave_an_evaluation(string expression, string expected) =>
        Evaluations.Shown(Evaluations.Of(expression)).ShouldBe(expected);
}
