using Lambent.Kernel.Jsonata;
using Lambent.Kernel.Values;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Jsonata;

/// <summary>Whatever is written, compiling and evaluating end, with an outcome.</summary>
public sealed class JsonataPropertyTests
{
    private static readonly string[] Pieces =
    [
        "a", "b.c", "$", "$$", "$x", "1", "-2.5", "\"t\"", "'u'", "null", "true", "(", ")", "[", "]", "{", "}", ".",
        ",", ";", ":", ":=", "?", "?:", "??", "+", "-", "*", "**", "/", "%", "&", "=", "!=", "<", ">", "<=", ">=",
        "and", "or", "in", "~>", "|", "^(", "@$v", "#$i", "..", "function($a){", "}", "λ($b)<n:n>{", "$map(", "$sum(",
        "$string(", "$match(", "/a(b|c)*/", "/[x-z]+/i", "$replace(", "$formatNumber(", "$fromMillis(", "$sort(", "`n`",
        "/*", "*/", "\\", "\"", "!", "~", "\u0000", "é", "😀", " ", "[]", "[0]", "?,", "$f(", "1..3",
    ];

    private static readonly JsonataLimits Limits = new()
    {
        StepsMax = 20_000, ItemsMax = 2_000, TextLengthMax = 20_000,
    };

    private static readonly DataValue Input =
        DataReader.Read("""{"a": [1, {"b": {"c": 2}}], "b": {"c": "x"}}""").Value!;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_pieces_never_throw(int seed)
    {
        var random = new Random(seed);
        var compiled = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var text = Any(random, Pieces, 14);
            compiled += Tried(text) ? 1 : 0;
        }

        compiled.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Damaged_expressions_never_throw()
    {
        var random = new Random(4);
        var cases = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Jsonata/Oracle/cases.json"))
            .Where(line => line.StartsWith("{\"topic\"", StringComparison.Ordinal))
            .Select(line => ((DataText)DataReader.Read(line.TrimEnd(',')).Value!["expression"]!).Value)
            .Where(text => text.Length is > 0 and < 200);
        foreach (var text in cases)
        {
            var place = random.Next(text.Length);
            Tried(text.Remove(place, 1));
            Tried(text.Insert(place, Pieces[random.Next(Pieces.Length)]));
            Tried(text[..place]);
        }
    }

    [Fact]
    public void Random_regular_expressions_never_throw()
    {
        string[] parts = ["a", "b", ".", "*", "+", "?", "{2}", "{1,}", "(", ")", "|", "[", "]", "^", "$", "\\d", "\\b",
            "(?=", "(?!", "(?<=", "(?:", "(?<n>", "\\1", "\\k<n>", "-", "\\", "\\u0061", "{", "}", ",", "\\x6", "\\cA",
            "é"];
        var random = new Random(5);
        for (var round = 0; round < 8_000; round++)
        {
            Tried($"$match(\"aabbaab 12\", /{Any(random, parts, 10)}/)");
        }
    }

    [Fact]
    public void Functions_take_any_arguments()
    {
        string[] names = ["sum", "string", "substring", "pad", "match", "replace", "split", "join", "formatNumber",
            "formatBase", "formatInteger", "parseInteger", "number", "round", "power", "map", "filter", "single",
            "reduce", "sift", "keys", "lookup", "append", "spread", "merge", "each", "zip", "sort", "distinct",
            "toMillis", "fromMillis", "now", "partition", "range", "hash", "random", "uuid", "parse",
            "base64decode", "decodeUrl", "encodeUrlComponent", "clone", "assert", "type"];
        string[] values = ["nothing", "null", "0", "-1", "1e308", "-1e308", "0.5", "1/0", "\"\"", "\"[Y]\"",
            "\"\\ud800\"", "\"#0.#;0e0\"", "[]", "[[]]", "{}", "{\"a\":1}", "function($x){$x}", "$sum", "/a/",
            "[1,\"a\",null]", "true"];
        var random = new Random(6);
        for (var round = 0; round < 8_000; round++)
        {
            var arguments = Enumerable.Range(0, random.Next(4)).Select(_ => values[random.Next(values.Length)]);
            Tried($"${names[random.Next(names.Length)]}({string.Join(", ", arguments)})");
        }
    }

    [Fact]
    public void An_expression_serves_many_threads()
    {
        var expression = JsonataExpression.Compile(
            "($t := a[$type($) = \"number\"]; $f := function($n){$n = 0 ? $t : $f($n - 1)}; $f(20) + $count(**))")
            .Expression!;
        var scope = new JsonataScope { Input = Input, Now = Evaluations.Now, Chance = () => 0 };
        var answers = Enumerable.Range(0, 200).AsParallel()
            .Select(_ => Evaluations.Shown(expression.Evaluate(scope))).Distinct();
        answers.ShouldBe(["8"]);
    }

    private static string Any(Random random, string[] parts, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(1, most)).Select(_ => parts[random.Next(parts.Length)]));

    /// <summary>
    /// Whether it is an expression; what it gives is written, so that a value that has no JSON is found.
    /// </summary>
    private static bool Tried(string text)
    {
        try
        {
            var compiled = JsonataExpression.Compile(text);
            (compiled.Expression is null).ShouldBe(compiled.Failure is not null);
            var outcome = Evaluations.Of(text, Input, limits: Limits);
            _ = Evaluations.Shown(outcome);
            if ((outcome.Failure ?? compiled.Failure) is { } failure)
            {
                failure.Position.ShouldBeInRange(0, text.Length);
            }

            return compiled.Expression is not null;
        }
        catch (Exception exception) when (exception is not ShouldAssertException)
        {
            throw new InvalidOperationException($"{text} threw {exception}", exception);
        }
    }
}
