using System.Text;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Items;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Items;

public sealed class ItemParserTests
{
    [Theory]
    [InlineData("a,b\n1,2\n3,4\n", """[{"a":"1","b":"2"},{"a":"3","b":"4"}]""")]
    [InlineData("a,b\r\n1,2\r\n3,4", """[{"a":"1","b":"2"},{"a":"3","b":"4"}]""")]
    [InlineData("\uFEFFa,b\n1,2\n", """[{"a":"1","b":"2"}]""")]
    [InlineData("a,b\n\"x,y\",\"p\nq\"\n", """[{"a":"x,y","b":"p\nq"}]""")]
    [InlineData("a,b\n\"say \"\"hi\"\"\",2\n", """[{"a":"say \"hi\"","b":"2"}]""")]
    [InlineData("a\n{\"\"k\"\":\"\"v\"\"}\n", """[{"a":"{\"k\":\"v\"}"}]""")]
    [InlineData("a,b\n1\n1,2,3\n", """[{"a":"1","b":""},{"a":"1","b":"2"}]""")]
    [InlineData("a\n\n1\n\n\n2\n", """[{"a":"1"},{"a":"2"}]""")]
    [InlineData("a,b\n,\n", """[{"a":"","b":""}]""")]
    [InlineData("a\n\"\"\n", """[{"a":""}]""")]
    [InlineData("p\nC:\\\\Files\\\\x\n", """[{"p":"C:\\Files\\x"}]""")]
    [InlineData("p,q\na\\,b,\\n\n", """[{"p":"a,b","q":"n"}]""")]
    [InlineData("p\nit\"s\n", """[{"p":"it\"s"}]""")]
    [InlineData("a\nä€\n", """[{"a":"ä€"}]""")]
    [InlineData("a,b\n\"1\" x,2\n", """[{"a":"1 x","b":"2"}]""")]
    [InlineData("a\n", "[]")]
    public void Rows_follow_the_rules(string text, string expected) =>
        Read(() => new CsvItems(null, ','), text).ShouldBe(expected);

    [Theory]
    [InlineData('|', "1|2,3", """[{"x":"1","y":"2,3"}]""")]
    [InlineData('\t', "1\t2", """[{"x":"1","y":"2"}]""")]
    public void Columns_may_be_given(char delimiter, string text, string expected) =>
        Read(() => new CsvItems(["x", "y"], delimiter), text).ShouldBe(expected);

    [Fact]
    public void Row_that_cannot_be_read_ends_the_file_there()
    {
        Read(() => new CsvItems(null, ','), "a\n1\n\"open\n2").ShouldBe(
            """[{"a":"1"}] Row 3: a quoted field is not closed.""");
        Read(() => new CsvItems(null, ','), "").ShouldStartWith("[] The file is empty");
        Read(() => new CsvItems(["a"], ','), [0x31, 0x0A, 0xFF, 0x0A]).ShouldBe(
            """[{"a":"1"}] Row 2 holds bytes that are not UTF-8.""");
        Read(() => new CsvItems(["a"], ','), new string('x', Limits.WorkflowPayloadBytesMax + 1))
            .ShouldStartWith("[] Row 1 is larger than the limit");
    }

    [Theory]
    [InlineData("{\"a\":1}\n\n [2] \r\n\"x\"", """[{"a":1},[2],"x"]""")]
    [InlineData("\uFEFF1\n2", "[1,2]")]
    [InlineData("1\n{", "[1] Line 2 is not JSON: ")]
    public void Lines_are_values(string text, string expected) =>
        Read(() => new JsonLineItems(), text).ShouldStartWith(expected);

    [Theory]
    [InlineData(null, "[1, {\"a\": [2]}, \"x\", null]", """[1,{"a":[2]},"x",null]""")]
    [InlineData(null, "\uFEFF[1]", "[1]")]
    [InlineData(null, "{\"a\": 1, \"b\": [2]}", """[{"Key":"a","Value":1},{"Key":"b","Value":[2]}]""")]
    [InlineData("/d/rows", "{\"x\": {\"rows\": [9]}, \"d\": {\"n\": [[1]], \"rows\": [1, 2]}, \"z\": 1}", "[1,2]")]
    [InlineData("/1/a~1b", "[5, {\"a/b\": [7]}, [8]]", "[7]")]
    [InlineData("/a", "{\"a\": []}", "[]")]
    [InlineData("/b", "{\"a\": []}", "[] The pointer to the items leads to nothing in the document.")]
    [InlineData("/a/b", "{\"a\": 1}", "[] The pointer to the items leads to nothing in the document.")]
    [InlineData(null, "3", "[] The items must be an array or an object.")]
    [InlineData(null, "[1, 2", "[1] The document is not JSON")]
    [InlineData(null, "", "[] The document is not JSON")]
    [InlineData(null, "[1] x", "[1] The document is not JSON")]
    public void Document_gives_its_items(string? pointer, string text, string expected) =>
        Read(() => new JsonItems(pointer), text).ShouldStartWith(expected);

    [Fact]
    public void Document_larger_than_memory_should_hold_is_read_in_pieces()
    {
        var skipped = "\"" + new string('s', 3_000_000) + "\"";
        var parser = new JsonItems("/rows");
        List<DataValue> items = [];
        parser.Add(Encoding.UTF8.GetBytes("{\"before\": [["), items);
        for (var row = 0; row < 20; row++)
        {
            parser.Add(Encoding.UTF8.GetBytes($"{{\"a\": {row}}},"), items);
        }

        parser.Add(Encoding.UTF8.GetBytes("1]], \"rows\": ["), items);
        for (var row = 0; row < 50_000; row++)
        {
            parser.Add(Encoding.UTF8.GetBytes($"{(row > 0 ? "," : "")}{{\"row\": {row}}}"), items);
        }

        parser.Add("]}"u8, items);
        parser.End(items);
        parser.Problem.ShouldBeNull();
        items.Count.ShouldBe(50_000);
        items[49_999].ToString().ShouldBe("""{"row":49999}""");
        Read(() => new JsonItems("/a"), $"{{\"x\": {skipped}, \"a\": [1]}}").ShouldContain("larger than the limit");
    }

    [Fact]
    public void Batches_are_full_by_number_or_by_size()
    {
        Batch(new ItemBatches(2, null, null), 5).ShouldBe(
            """{"Items":[0,1]} {"Items":[2,3]} {"Items":[4]}""");
        Batch(new ItemBatches(null, 4, new DataObject(("k", 1))), 3).ShouldBe(
            """{"BatchInput":{"k":1},"Items":[0,1]} {"BatchInput":{"k":1},"Items":[2]}""");
    }

    private static string Batch(ItemBatches batches, int count)
    {
        List<DataValue?> made = [.. Enumerable.Range(0, count).Select(item => batches.Add(item)), batches.End()];
        return string.Join(' ', made.OfType<DataValue>());
    }

    private static string Read(Func<ItemParser> parser, string text) => Read(parser, Encoding.UTF8.GetBytes(text));

    /// <summary>Whole, and cut at every place: it must make no difference.</summary>
    private static string Read(Func<ItemParser> make, byte[] bytes)
    {
        var whole = ReadIn(make(), bytes, Math.Clamp(bytes.Length, 1, 100_000));
        if (bytes.Length < 1_000)
        {
            for (var size = 1; size < bytes.Length; size++)
            {
                var cut = ReadIn(make(), bytes, size);
                cut.Split(" The document is not JSON")[0].ShouldBe(
                    whole.Split(" The document is not JSON")[0], $"in pieces of {size}");
            }
        }

        return whole;
    }

    private static string ReadIn(ItemParser parser, byte[] bytes, int size)
    {
        List<DataValue> items = [];
        for (var start = 0; start < bytes.Length; start += size)
        {
            parser.Add(bytes.AsSpan(start, Math.Min(size, bytes.Length - start)), items);
        }

        parser.End(items);
        return new DataArray(items) + (parser.Problem is null ? "" : " " + parser.Problem);
    }
}
