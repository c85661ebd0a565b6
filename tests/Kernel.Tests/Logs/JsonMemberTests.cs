using System.Text;
using Lambent.Kernel.Logs;
using Lambent.Kernel.Values;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Logs;

public sealed class JsonMemberTests
{
    private static readonly string[] Names = ["a", "b", "c\u00E9", "level"];

    [Fact]
    public void What_is_found_on_the_way_is_what_the_whole_line_has()
    {
        var chance = new Random(20261122);
        for (var trial = 0; trial < 20_000; trial++)
        {
            var line = Make(chance, 4);
            object[] steps = [.. Enumerable.Range(0, chance.Next(1, 4)).Select(object (_) =>
                chance.Next(3) > 0 ? Encoding.UTF8.GetBytes(Names[chance.Next(Names.Length)]) : chance.Next(3))];
            var text = line.ToString();
            if (chance.Next(10) == 0)
            {
                text = text[..chance.Next(text.Length)];
            }

            var tree = DataReader.Read(text).Value;
            JsonMember.TryFind(Encoding.UTF8.GetBytes(text), steps, out var found).ShouldBe(tree is not null, text);
            if (tree is not null)
            {
                Shape(found).ShouldBe(Shape(Follow(tree, steps)), $"{text} at {string.Join('/', steps.Select(Show))}");
            }
        }
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "2")]
    [InlineData("""{"a":{"b":1},"a":3}""", "3")]
    [InlineData("""{"\u0061":5}""", "5")]
    [InlineData("""{"a":1} x""", null)]
    [InlineData("""{"a":01}""", null)]
    [InlineData("", null)]
    public void Member_is_found_as_it_is_written_last(string line, string? expected)
    {
        JsonMember.TryFind(Encoding.UTF8.GetBytes(line), ["a"u8.ToArray()], out var found)
            .ShouldBe(expected is not null);
        if (expected is not null)
        {
            found.ShouldNotBeNull().ToString().ShouldBe(expected);
        }
    }

    private static DataValue? Follow(DataValue? value, object[] steps)
    {
        foreach (var step in steps)
        {
            value = step is byte[] name ? value?[Encoding.UTF8.GetString(name)]
                : value is DataArray array && (int)step < array.Items.Count ? array.Items[(int)step]
                : null;
        }

        return value;
    }

    private static string Shape(DataValue? value) =>
        value is null or DataObject or DataArray ? value?.Kind ?? "nothing" : value.ToString();

    private static string Show(object step) => step is byte[] name ? Encoding.UTF8.GetString(name) : $"{step}";

    private static DataValue Make(Random chance, int depth) => chance.Next(depth > 0 ? 7 : 5) switch
    {
        0 => chance.Next(-50, 50),
        1 => chance.NextDouble(),
        2 => chance.Next(2) == 0,
        3 => DataNull.Value,
        4 => Names[chance.Next(Names.Length)] + "\"\\\n",
        5 => new DataArray([.. Enumerable.Range(0, chance.Next(4)).Select(_ => Make(chance, depth - 1))]),
        _ => new DataObject(new OrderedDictionary<string, DataValue>(Names.Take(chance.Next(5)).Select(name =>
            KeyValuePair.Create(name, Make(chance, depth - 1))))),
    };
}
