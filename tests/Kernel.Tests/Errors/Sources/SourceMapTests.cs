using System.Text;
using Lambent.Kernel.Errors.Sources;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Errors.Sources;

public sealed class SourceMapTests
{
    /// <summary>Line 1: column 0 is a.ts 1:0, column 10 is a.ts 3:4 (name go). Line 2: column 2 is b.ts 6:0.</summary>
    private const string Mappings = "AAAA,UAEIA;ECGJ";

    private static readonly string Plain = $$"""
        {"version":3,"sources":["a.ts","b.ts"],"names":["go"],"mappings":"{{Mappings}}",
        "sourcesContent":["one\ntwo\nthree",null],"sourceRoot":"src"}
        """;

    [Theory]
    [InlineData(1, 1, "src/a.ts", 1, 1, null)]
    [InlineData(1, 10, "src/a.ts", 1, 1, null)]
    [InlineData(1, 11, "src/a.ts", 3, 5, "go")]
    [InlineData(1, 900, "src/a.ts", 3, 5, "go")]
    [InlineData(2, 3, "src/b.ts", 6, 1, null)]
    public void Place_isFound(int line, int column, string file, int sourceLine, int sourceColumn, string? name)
    {
        var position = Parse(Plain).Find(line, column).ShouldNotBeNull();
        (position.File, position.Line, position.Column, position.Name)
            .ShouldBe((file, sourceLine, sourceColumn, name));
        position.Content.ShouldBe(file == "src/a.ts" ? "one\ntwo\nthree" : null);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(0, 0)]
    [InlineData(-5, 7)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Place_withoutAMapping_isNone(int line, int column) => Parse(Plain).Find(line, column).ShouldBeNull();

    [Fact]
    public void Sections_areFoundByTheirOffsets()
    {
        var map = Parse($$"""
            {"version":3,"sections":[
            {"offset":{"line":10,"column":5},"map":{{Plain}} },
            {"offset":{"line":0,"column":0},"map":{{Plain}} },
            {"offset":{"line":30,"column":0},"map":{"version":3,"sections":[] } }] }
            """);
        map.Find(1, 11)!.Line.ShouldBe(3);
        map.Find(11, 16)!.Line.ShouldBe(3);
        map.Find(12, 3)!.File.ShouldBe("src/b.ts");
        map.Find(40, 1).ShouldBeNull();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"version\":2}")]
    [InlineData("nonsense")]
    public void What_isNoMap_isRefused(string text) =>
        SourceMap.Parse(Encoding.UTF8.GetBytes(text)).IsSuccess.ShouldBeFalse();

    [Theory]
    [InlineData("{\"version\":3,\"mappings\":7,\"sources\":{},\"names\":null}")]
    [InlineData("{\"version\":3,\"mappings\":\"!!!,ü,AAAA\",\"sources\":[1,null]}")]
    [InlineData("{\"version\":3,\"mappings\":\"AggggggggggggggggggA,gggggggggggB,DDDD\",\"sources\":[\"a\"]}")]
    [InlineData("{\"version\":3,\"sections\":[7,{\"offset\":1,\"map\":[]}]}")]
    public void Wrong_parts_areHarmless(string text)
    {
        var map = Parse(text);
        for (var column = 0; column < 50; column++)
        {
            _ = map.Find(1, column);
        }
    }

    [Fact]
    public void AnyMappings_areReadWithoutFailure()
    {
        var random = new Random(3);
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 80).Select(_ => (char)random.Next(32, 127)))
                .Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
            _ = Parse($"{{\"version\":3,\"sources\":[\"a\"],\"mappings\":\"{text}\"}}").Find(1, random.Next(100));
        }
    }

    [Fact]
    public void TooManyMappings_areRefused() => SourceMap.Parse(Encoding.UTF8.GetBytes(
        $"{{\"version\":3,\"mappings\":\"{string.Concat(Enumerable.Repeat("A,", 3_100_000))}\"}}"))
        .Error!.Message.ShouldContain("too many mappings");

    [Theory]
    [InlineData("x();\n//# sourceMappingURL=index.js.map\n", "index.js.map")]
    [InlineData("x();\n//@ sourceMappingURL=a%20b.map", "a b.map")]
    [InlineData("/*# sourceMappingURL=c.map */", "c.map")]
    [InlineData("x();", null)]
    [InlineData("const a = 'sourceMappingURL=no'", null)]
    public void Reference_isTheLastLines(string compiled, string? file) =>
        SourceReference.Find(compiled).Value?.File.ShouldBe(file);

    [Fact]
    public void Reference_mayHoldTheMapItself()
    {
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes(Plain));
        var reference = SourceReference.Find(
            $"x();\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,{data}").Value!;
        SourceMap.Parse(reference.Inline!.Value).IsSuccess.ShouldBeTrue();
        SourceReference.Find("//# sourceMappingURL=https://example.org/x.map").IsSuccess.ShouldBeFalse();
        SourceReference.Find("//# sourceMappingURL=data:application/json;base64,%%%").IsSuccess.ShouldBeFalse();
    }

    private static SourceMap Parse(string text) => SourceMap.Parse(Encoding.UTF8.GetBytes(text)).Value;
}
