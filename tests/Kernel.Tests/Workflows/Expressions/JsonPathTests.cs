using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions.Paths;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Expressions;

public sealed class JsonPathTests
{
    private const string Store = """
        {"store":{"book":[
          {"category":"reference","author":"Rees","title":"Sayings","price":8.95,"tags":["a","b"]},
          {"category":"fiction","author":"Waugh","title":"Sword","price":12.99,"isbn":"0-1"},
          {"category":"fiction","author":"Melville","title":"Moby","price":8.99,"isbn":"0-2","tags":[]}],
          "bicycle":{"color":"red","price":19.95}},
         "expensive":10,"odd key":{"it's":1},"null":null,"list":["z","y"]}
        """;

    [Theory]
    [InlineData("$.expensive", "10")]
    [InlineData("$['expensive']", "10")]
    [InlineData("$[\"odd key\"]['it\\'s']", "1")]
    [InlineData("$.null", "null")]
    [InlineData("$.store.book[0].title", "\"Sayings\"")]
    [InlineData("$.store.book[-1].title", "\"Moby\"")]
    [InlineData("$.store.book[0]['title','price']", """{"title":"Sayings","price":8.95}""")]
    [InlineData("$$.Execution.Id", "\"e-1\"")]
    [InlineData("$inner[1]", "2")]
    [InlineData("$outer.a", "5")]
    [InlineData("$.list.length()", "2")]
    [InlineData("$.store.book[*].price.max()", "12.99")]
    [InlineData("$.store.book[*].price.sum()", "30.93")]
    [InlineData("$.store.bicycle.keys()", """["color","price"]""")]
    [InlineData("$.list.last()", "\"y\"")]
    [InlineData("$.list.index(-2)", "\"z\"")]
    public void Find_oneValue_isIt(string path, string expected) =>
        Found(path).ShouldBe(ExpressionScenario.Json(expected));

    [Theory]
    [InlineData("$.store.book[*].author", """["Rees","Waugh","Melville"]""")]
    [InlineData("$..author", """["Rees","Waugh","Melville"]""")]
    [InlineData("$.store..price", "[8.95,12.99,8.99,19.95]")]
    [InlineData("$.store.bicycle.*", """["red",19.95]""")]
    [InlineData("$.store.book[0,2].title", """["Sayings","Moby"]""")]
    [InlineData("$.store.book[0:2].title", """["Sayings","Sword"]""")]
    [InlineData("$.store.book[:1].title", """["Sayings"]""")]
    [InlineData("$.store.book[-2:].title", """["Sword","Moby"]""")]
    [InlineData("$.store.book[::2].title", """["Sayings","Moby"]""")]
    [InlineData("$.store.book[7:9].title", "[]")]
    [InlineData("$.store.book[*]['title','none']", """[{"title":"Sayings"},{"title":"Sword"},{"title":"Moby"}]""")]
    [InlineData("$..[0].title", """["Sayings"]""")]
    [InlineData("$.missing[*]", "[]")]
    [InlineData("$..nothing", "[]")]
    public void Find_severalValues_isAnArray(string path, string expected) =>
        Found(path).ShouldBe(ExpressionScenario.Json(expected));

    [Theory]
    [InlineData("@.isbn", "Sword,Moby")]
    [InlineData("!@.isbn", "Sayings")]
    [InlineData("@.price < 10", "Sayings,Moby")]
    [InlineData("@.price <= 8.95", "Sayings")]
    [InlineData("@.price > $.expensive", "Sword")]
    [InlineData("@.price >= 8.99 && @.category == 'fiction'", "Sword,Moby")]
    [InlineData("@.price>100||@.author=='Rees'", "Sayings")]
    [InlineData("(@.price > 100 || @.price < 9) && !(@.author == 'Rees')", "Moby")]
    [InlineData("@.category != 'fiction'", "Sayings")]
    [InlineData("@.isbn != '0-1'", "Sayings,Moby")]
    [InlineData("@.author =~ /^m.*e$/i", "Melville→Moby")]
    [InlineData("@.author in ['Rees','Waugh']", "Sayings,Sword")]
    [InlineData("@.author nin ['Rees','Waugh']", "Moby")]
    [InlineData("@.tags anyof ['b','c']", "Sayings")]
    [InlineData("@.tags noneof ['a']", "Sword,Moby")]
    [InlineData("@.tags subsetof ['a','b','c']", "Sayings,Moby")]
    [InlineData("@.tags contains 'a'", "Sayings")]
    [InlineData("@.title contains 'oby'", "Moby")]
    [InlineData("@.tags size 2", "Sayings")]
    [InlineData("@.tags empty true", "Moby")]
    [InlineData("@.tags empty false", "Sayings")]
    [InlineData("@.tags.length() == 2", "Sayings")]
    [InlineData("@['author'] == \"Rees\"", "Sayings")]
    [InlineData("@.price == null", "")]
    [InlineData("@.none == @.none", "")]
    [InlineData("$outer.a == 5", "Sayings,Sword,Moby")]
    [InlineData("@.tags[?(@ == 'a')]", "Sayings")]
    public void Filter_letsThroughWhatHolds(string condition, string titles)
    {
        var found = (DataArray)Found($"$.store.book[?({condition})].title");

        var expected = titles.Split('→')[^1];
        string.Join(',', found.Items.Select(title => ((DataText)title).Value)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("$.a", "No results for path: $['a']")]
    [InlineData("$.store.none", "No results for path: $['store']['none']")]
    [InlineData("$.none.a", "Missing property in path $['none']")]
    [InlineData("$.store.book[3]", "No results for path: $['store']['book'][3]")]
    [InlineData("$.expensive.a", "No results for path: $['expensive']['a']")]
    [InlineData("$nobody", "No results for path: $nobody")]
    public void Find_nothing_saysWhere(string path, string reason) =>
        Read(path).Find(ExpressionScenario.Scope(Store)).Miss.ShouldNotBeNull().Reason.ShouldBe(reason);

    [Theory]
    [InlineData("", "a path starts with '$'")]
    [InlineData("a", "a path starts with '$'")]
    [InlineData("$.", "a name is missing after '.'")]
    [InlineData("$..", "a name is missing after '.'")]
    [InlineData("$.a b", "' ' does not belong to a path")]
    [InlineData("$[", "an index, a name in quotes, '*' or a filter is missing after '['")]
    [InlineData("$['a'", "']' is missing")]
    [InlineData("$['a", "a closing quote is missing")]
    [InlineData("$[0", "']' is missing")]
    [InlineData("$[99999999999]", "an index")]
    [InlineData("$[0:2:0]", "the step of a slice is at least 1")]
    [InlineData("$[?]", "'(' is missing after '?'")]
    [InlineData("$[?()]", "is missing")]
    [InlineData("$[?(@.a", "')' is missing")]
    [InlineData("$[?(1)]", "a comparison is missing")]
    [InlineData("$[?(@.a == )]", "is missing")]
    [InlineData("$[?(@.a =~ 'x')]", "a pattern such as /abc/i is missing")]
    [InlineData("$[?(@.a =~ /(/)]", "cannot be used")]
    [InlineData("$[?(@.a =~ /(a)\\1/)]", "cannot be used")]
    [InlineData("$[?(@.a =~ /((a{1,1000}){1,1000}){1,1000}b/)]", "cannot be used")]
    [InlineData("$[?(@ in [[1]])]", "a list of a filter holds no lists")]
    [InlineData("$.a.nope()", "'nope' is not a function of paths")]
    [InlineData("$.a.length().b", "'.' does not belong to a path")]
    public void Read_whatIsNoPath_isRefused(string text, string problem) =>
        JsonPath.Read(text).Problem.ShouldNotBeNull().ShouldContain(problem);

    [Fact]
    public void Read_bracketsWithoutEnd_isRefusedSoon()
    {
        foreach (var text in new[]
        {
            "$[?(" + new string('(', 200_000), "$[?(" + new string('!', 200_000), Repeat("$[?(@", "[?(@", 50_000),
            "$" + Repeat("", ".a", 200_000), "$" + Repeat("", "..", 100_000) + "a",
        })
        {
            JsonPath.Read(text).Problem.ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData("$..*..*..*..*")]
    [InlineData("$..[?($..x == 1)]")]
    [InlineData("$..*[?($..*[?($..*)])]")]
    public void Find_whatMultiplies_endsInAFailure(string path)
    {
        var items = Enumerable.Range(0, 2000).Select(number => """{"x":{"y":[""" + number + "]}}");
        var deep = new string('[', 150) + new string(']', 150);
        var scope = ExpressionScenario.Scope($"[{deep},{string.Join(',', items)}]");

        var finding = Read(path).Find(scope);

        finding.Value.ShouldBeNull();
        finding.Problem.ShouldNotBeNull();
    }

    private static string Repeat(string start, string part, int count) =>
        start + string.Concat(Enumerable.Repeat(part, count));

    private static JsonPath Read(string path) => JsonPath.Read(path).Path.ShouldNotBeNull(path);

    private static DataValue Found(string path) =>
        Read(path).Find(ExpressionScenario.Scope(Store)).Value.ShouldNotBeNull(path);
}
