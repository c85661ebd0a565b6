using System.Text;
using Lambent.Kernel.Jsonata;
using Lambent.Kernel.Values;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Jsonata;

/// <summary>Thousands of expressions give what the npm package gives; see Oracle/make-cases.mjs.</summary>
public sealed class JsonataOracleTests
{
    private const int ShownMax = 40;

    [Fact]
    public void Expressions_give_what_the_reference_gives()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Jsonata/Oracle/cases.json");
        var file = DataReader.Read(File.ReadAllBytes(path));
        var inputs = file.Value!["inputs"]!;
        var cases = ((DataArray)file.Value["cases"]!).Items;
        var differences = new List<string>();
        foreach (var one in cases)
        {
            var expression = Text(one["expression"]);
            var expected = one["code"] is DataText code ? code.Value
                : one["value"] is { } value ? Plain(value) : "nothing";
            var actual = Answer(expression, inputs[Text(one["input"])]);
            if (actual != expected)
            {
                differences.Add($"{Text(one["input"])}: {expression}\n    expected {expected}\n    but got  {actual}");
            }
        }

        cases.Count.ShouldBeGreaterThan(1_000);
        differences.Count.ShouldBe(0, $"of {cases.Count}:\n" + string.Join('\n', differences.Take(ShownMax)));
    }

    private static string Answer(string expression, DataValue? input) => Evaluations.Of(expression, input) switch
    {
        { Failure: { } failure } => failure.Code,
        { Value: { } value } => Plain(value),
        _ => "nothing",
    };

    private static string Text(DataValue? value) => ((DataText)value!).Value;

    /// <summary>
    /// JSON whose numbers have the shortest form; members keep their order, which is part of the language.
    /// </summary>
    private static string Plain(DataValue value) => value switch
    {
        DataNumber number => new DataNumber(number.Value).Text,
        DataArray array => $"[{string.Join(',', array.Items.Select(Plain))}]",
        DataObject members => new StringBuilder("{")
            .AppendJoin(',', members.Members.Select(member => $"{new DataText(member.Key)}:{Plain(member.Value)}"))
            .Append('}').ToString(),
        _ => value.ToString(),
    };
}
