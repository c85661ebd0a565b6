using System.Text.Json;
using Lambent.Kernel.Events.Filters;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Events.Filters;

/// <summary>The rules of AWS's event patterns, each with what it lets pass and what not.</summary>
public sealed class EventPatternTests
{
    [Theory]
    // Exact values
    [InlineData("""{"a":["x"]}""", """{"a":"x"}""", true)]
    [InlineData("""{"a":["x"]}""", """{"a":"X"}""", false)]
    [InlineData("""{"a":["x","y"]}""", """{"a":"y","b":1}""", true)]
    [InlineData("""{"a":[""]}""", """{"a":""}""", true)]
    [InlineData("""{"a":[1]}""", """{"a":1}""", true)]
    [InlineData("""{"a":[300]}""", """{"a":3.0e2}""", true)]
    [InlineData("""{"a":[1]}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":[9007199254740993]}""", """{"a":9007199254740992}""", false)]
    [InlineData("""{"a":[1e400]}""", """{"a":1e400}""", true)]
    [InlineData("""{"a":[true]}""", """{"a":true}""", true)]
    [InlineData("""{"a":[true]}""", """{"a":"true"}""", false)]
    [InlineData("""{"a":[null]}""", """{"a":null}""", true)]
    [InlineData("""{"a":[null]}""", """{}""", false)]
    // And across fields, at any depth
    [InlineData("""{"a":["x"],"b":["y"]}""", """{"a":"x","b":"y"}""", true)]
    [InlineData("""{"a":["x"],"b":["y"]}""", """{"a":"x"}""", false)]
    [InlineData("""{"a":{"b":{"c":[1]}}}""", """{"a":{"b":{"c":1,"d":2}}}""", true)]
    [InlineData("""{"a":{"b":[1]}}""", """{"a":1}""", false)]
    // Arrays in events: one value is enough, and of objects one that matches whole
    [InlineData("""{"a":["x"]}""", """{"a":["w","x"]}""", true)]
    [InlineData("""{"a":["x"]}""", """{"a":[]}""", false)]
    [InlineData("""{"a":{"b":[1],"c":[2]}}""", """{"a":[{"b":1,"c":3},{"b":1,"c":2}]}""", true)]
    [InlineData("""{"a":{"b":[1],"c":[2]}}""", """{"a":[{"b":1,"c":3},{"b":3,"c":2}]}""", false)]
    // Beginnings and ends
    [InlineData("""{"a":[{"prefix":"us-"}]}""", """{"a":"us-east-1"}""", true)]
    [InlineData("""{"a":[{"prefix":"us-"}]}""", """{"a":"eu-us-"}""", false)]
    [InlineData("""{"a":[{"prefix":{"equals-ignore-case":"US-"}}]}""", """{"a":"us-east-1"}""", true)]
    [InlineData("""{"a":[{"suffix":".png"}]}""", """{"a":"x.png"}""", true)]
    [InlineData("""{"a":[{"suffix":".png"}]}""", """{"a":"x.PNG"}""", false)]
    [InlineData("""{"a":[{"suffix":{"equals-ignore-case":".png"}}]}""", """{"a":"x.PNG"}""", true)]
    [InlineData("""{"a":[{"prefix":"1"}]}""", """{"a":12}""", false)]
    [InlineData("""{"a":[{"equals-ignore-case":"alice"}]}""", """{"a":"ALICE"}""", true)]
    [InlineData("""{"a":[{"equals-ignore-case":"alice"}]}""", """{"a":"bob"}""", false)]
    // Anything but
    [InlineData("""{"a":[{"anything-but":"x"}]}""", """{"a":"y"}""", true)]
    [InlineData("""{"a":[{"anything-but":"x"}]}""", """{"a":"x"}""", false)]
    [InlineData("""{"a":[{"anything-but":"x"}]}""", """{}""", false)]
    [InlineData("""{"a":[{"anything-but":["x","y"]}]}""", """{"a":"y"}""", false)]
    [InlineData("""{"a":[{"anything-but":[1,2]}]}""", """{"a":3}""", true)]
    [InlineData("""{"a":[{"anything-but":[1,2]}]}""", """{"a":2}""", false)]
    [InlineData("""{"a":[{"anything-but":{"prefix":"x"}}]}""", """{"a":"xy"}""", false)]
    [InlineData("""{"a":[{"anything-but":{"prefix":["x","y"]}}]}""", """{"a":"zy"}""", true)]
    [InlineData("""{"a":[{"anything-but":{"suffix":"x"}}]}""", """{"a":"yx"}""", false)]
    [InlineData("""{"a":[{"anything-but":{"equals-ignore-case":["x","y"]}}]}""", """{"a":"Y"}""", false)]
    [InlineData("""{"a":[{"anything-but":{"wildcard":"*/lib/*"}}]}""", """{"a":"b/lib/c"}""", false)]
    [InlineData("""{"a":[{"anything-but":{"wildcard":"*/lib/*"}}]}""", """{"a":"b/src/c"}""", true)]
    public void Pattern_ofTexts_decidesAsDocumented(string pattern, string document, bool expected) =>
        ShouldDecide(pattern, document, expected);

    [Theory]
    // Numbers
    [InlineData("""{"a":[{"numeric":["=",100]}]}""", """{"a":100.0}""", true)]
    [InlineData("""{"a":[{"numeric":[">",100]}]}""", """{"a":100}""", false)]
    [InlineData("""{"a":[{"numeric":[">=",100]}]}""", """{"a":100}""", true)]
    [InlineData("""{"a":[{"numeric":["<",0.5]}]}""", """{"a":-1}""", true)]
    [InlineData("""{"a":[{"numeric":["<=",0.5]}]}""", """{"a":0.6}""", false)]
    [InlineData("""{"a":[{"numeric":[">",10,"<=",20]}]}""", """{"a":20}""", true)]
    [InlineData("""{"a":[{"numeric":[">",10,"<",20]}]}""", """{"a":20}""", false)]
    [InlineData("""{"a":[{"numeric":[">",10]}]}""", """{"a":"11"}""", false)]
    // Presence, of values only
    [InlineData("""{"a":[{"exists":true}]}""", """{"a":null}""", true)]
    [InlineData("""{"a":[{"exists":true}]}""", """{"b":1}""", false)]
    [InlineData("""{"a":[{"exists":true}]}""", """{"a":{"b":1}}""", false)]
    [InlineData("""{"a":[{"exists":false}]}""", """{"b":1}""", true)]
    [InlineData("""{"a":[{"exists":false}]}""", """{"a":1}""", false)]
    [InlineData("""{"a":{"b":[{"exists":false}]}}""", """{}""", true)]
    [InlineData("""{"a":[{"exists":false},"x"]}""", """{"a":"x"}""", true)]
    // Addresses
    [InlineData("""{"a":[{"cidr":"10.0.0.0/24"}]}""", """{"a":"10.0.0.255"}""", true)]
    [InlineData("""{"a":[{"cidr":"10.0.0.7/24"}]}""", """{"a":"10.0.1.0"}""", false)]
    [InlineData("""{"a":[{"cidr":"2001:db8::/32"}]}""", """{"a":"2001:db8::1"}""", true)]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/24"}]}""", """{"a":"no address"}""", false)]
    // Wildcards
    [InlineData("""{"a":[{"wildcard":"*.txt"}]}""", """{"a":".txt"}""", true)]
    [InlineData("""{"a":[{"wildcard":"a*b*c"}]}""", """{"a":"a-b-b-c"}""", true)]
    [InlineData("""{"a":[{"wildcard":"a*b*c"}]}""", """{"a":"a-c-b"}""", false)]
    [InlineData("""{"a":[{"wildcard":"ab*ba"}]}""", """{"a":"aba"}""", false)]
    [InlineData("""{"a":[{"wildcard":"x*aab*y"}]}""", """{"a":"xaaaaby"}""", true)]
    [InlineData("""{"a":[{"wildcard":"a\\*b"}]}""", """{"a":"a*b"}""", true)]
    [InlineData("""{"a":[{"wildcard":"a\\*b"}]}""", """{"a":"axb"}""", false)]
    [InlineData("""{"a":[{"wildcard":"a\\\\*"}]}""", """{"a":"a\\b"}""", true)]
    [InlineData("""{"a":[{"wildcard":"*"}]}""", """{"a":""}""", true)]
    // Alternatives
    [InlineData("""{"$or":[{"a":[1]},{"b":[2]}]}""", """{"b":2}""", true)]
    [InlineData("""{"$or":[{"a":[1]},{"b":[2]}]}""", """{"a":2,"b":1}""", false)]
    [InlineData("""{"c":[3],"$or":[{"a":[1]},{"b":[2]}]}""", """{"b":2}""", false)]
    [InlineData("""{"d":{"$or":[{"a":[1]},{"b":[{"exists":false}]}]}}""", """{"d":{"a":2}}""", true)]
    [InlineData("""{"$or":{"a":[1]}}""", """{"$or":{"a":1}}""", true)]
    public void Pattern_ofOtherKinds_decidesAsDocumented(string pattern, string document, bool expected) =>
        ShouldDecide(pattern, document, expected);

    [Theory]
    [InlineData("[]", "Filter is not an object")]
    [InlineData("single-string", "It is not JSON")]
    [InlineData("", "It is not JSON")]
    [InlineData("{}", "Empty objects are not allowed")]
    [InlineData("""{"a":"x"}""", "\"a\" must be an object or an array")]
    [InlineData("""{"a":null}""", "\"a\" must be an object or an array")]
    [InlineData("""{"a":[]}""", "Empty arrays are not allowed")]
    [InlineData("""{"a":{}}""", "Empty objects are not allowed")]
    [InlineData("""{"a":[["x"]]}""", "Match value must be String, number, true, false, or null")]
    [InlineData("""{"a":[{}]}""", "Only one key allowed in match expression")]
    [InlineData("""{"a":[{"prefix":"x","suffix":"y"}]}""", "Only one key allowed in match expression")]
    [InlineData("""{"a":[{"EXISTS":true}]}""", "Unrecognized match type EXISTS")]
    [InlineData("""{"a":[{"exists":"no"}]}""", "exists match pattern must be either true or false.")]
    [InlineData("""{"a":[{"prefix":1}]}""", "prefix match pattern must be a string")]
    [InlineData("""{"a":[{"prefix":{"prefix":"x"}}]}""", "Unsupported prefix pattern: prefix")]
    [InlineData("""{"a":[{"suffix":null}]}""", "suffix match pattern must be a string")]
    [InlineData("""{"a":[{"equals-ignore-case":["x"]}]}""", "equals-ignore-case match pattern must be a string")]
    [InlineData("""{"a":[{"numeric":5}]}""", "Value of numeric must be an array.")]
    [InlineData("""{"a":[{"numeric":[]}]}""", "Invalid member in numeric match: ]")]
    [InlineData("""{"a":[{"numeric":[1,"<="]}]}""", "Invalid member in numeric match: 1")]
    [InlineData("""{"a":[{"numeric":["~",1]}]}""", "Unrecognized numeric range operator: ~")]
    [InlineData("""{"a":[{"numeric":["=","000"]}]}""", "Value of equals must be numeric")]
    [InlineData("""{"a":[{"numeric":[">="]}]}""", "Value of >= must be numeric")]
    [InlineData("""{"a":[{"numeric":["<",100,">",10]}]}""", "Too many elements in numeric expression")]
    [InlineData("""{"a":[{"numeric":[">",20,30]}]}""", "Bad value in numeric range: 30")]
    [InlineData("""{"a":[{"numeric":[">=",1,">",2]}]}""", "Bad numeric range operator: >")]
    [InlineData("""{"a":[{"numeric":[">",20,"<"]}]}""", "Value of < must be numeric")]
    [InlineData("""{"a":[{"numeric":[">",3,"<",1]}]}""", "Bottom must be less than top")]
    [InlineData("""{"a":[{"numeric":[">",1,"<",3,"<",5]}]}""", "Too many terms in numeric range expression")]
    [InlineData("""{"a":[{"anything-but":{"exists":false}}]}""", "Unsupported anything-but pattern: exists")]
    [InlineData("""{"a":[{"anything-but":{"prefix":false}}]}""", "prefix match pattern must be a string")]
    [InlineData("""{"a":[{"anything-but":{"prefix":""}}]}""", "Null prefix/suffix not allowed")]
    [InlineData("""{"a":[{"anything-but":["x",null]}]}""", "Inside anything but list")]
    [InlineData("""{"a":[{"anything-but":[]}]}""", "Empty arrays are not allowed")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0"}]}""", "Malformed CIDR, one '/' required")]
    [InlineData("""{"a":[{"cidr":"xx.11.xx/8"}]}""", "Nonstandard IP address: xx.11.xx")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/x"}]}""", "Malformed CIDR, mask bits must be an integer")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/33"}]}""", "Malformed CIDR, mask bits")]
    [InlineData("""{"a":[{"wildcard":"a**b"}]}""", "Consecutive wildcard characters at pos 1")]
    [InlineData("""{"a":[{"wildcard":"a\\b"}]}""", "Invalid escape character at pos 1")]
    [InlineData("""{"$or":[{"a":[1]}]}""", "There must have at least 2 Objects in $or relationship")]
    [InlineData("""{"$or":[{"a":[1]},1]}""", "must be an array of objects")]
    [InlineData("""{"a":[1],"a":[2]}""", "It is not JSON")]
    public void Pattern_thatCannotBeOne_isRefusedWithTheReason(string pattern, string reason)
    {
        EventPattern.Parse(pattern).Failed(out _, out var error).ShouldBeTrue();

        error!.Code.ShouldBe(ErrorCode.InvalidParameter);
        error.Message.ShouldContain(reason);
    }

    /// <summary>A backtracking matcher would need years.</summary>
    [Fact]
    public async Task Wildcards_onHostileText_endSoon()
    {
        var wildcard = string.Concat(Enumerable.Repeat("*aaaaaaaaaaaaaaaab", 200)) + "*";
        var pattern = EventPattern.Parse($$"""{"a":[{"wildcard":"{{wildcard}}"}]}""").Value;
        using var document = JsonDocument.Parse($$"""{"a":"{{new string('a', 1 << 20)}}"}""");

        var matching = Task.Run(() => pattern.Matches(document.RootElement));

        (await matching.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeFalse();
    }

    [Fact]
    public async Task Pattern_onEventOfManyObjects_endsSoon()
    {
        var fields = string.Join(',', Enumerable.Range(0, 100).Select(number => $"\"f{number}\":[\"x\"]"));
        var pattern = EventPattern.Parse("{\"a\":{\"b\":{" + fields + "}}}").Value;
        var items = string.Join(',', Enumerable.Repeat("""{"b":[{"f0":"x"},{"f1":"x"}]}""", 20_000));
        using var document = JsonDocument.Parse($$"""{"a":[{{items}}]}""");

        var matching = Task.Run(() => pattern.Matches(document.RootElement));

        (await matching.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeFalse();
    }

    private static void ShouldDecide(string pattern, string document, bool expected)
    {
        using var parsed = JsonDocument.Parse(document);

        EventPattern.Parse(pattern).Value.Matches(parsed.RootElement).ShouldBe(expected);
    }
}
