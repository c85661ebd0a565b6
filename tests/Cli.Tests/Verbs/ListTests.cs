using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class ListTests : IAsyncLifetime
{
    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.On("GET /2015-03-31/functions/", http => FakePages.WriteAsync(
            http,
            "{\"Functions\":[{\"FunctionName\":\"a\",\"FunctionArn\":\"arn:a\",\"Runtime\":\"nodejs20.x\","
            + "\"Handler\":\"i.h\","
                + "\"MemorySize\":128,\"Timeout\":3,\"CodeSize\":2048,\"CodeSha256\":\"s\","
                + "\"LastModified\":\"2026-01-01T00:00:00.000+0000\"}],\"NextMarker\":\"page 2\"}",
            "{\"Functions\":[{\"FunctionName\":\"b\",\"Runtime\":\"python3.11\",\"MemorySize\":256,\"Timeout\":30}]}"));
        server.OnJson("GET /v1/environments",
            "{\"environments\":[{\"id\":\"e1\",\"function\":\"a\",\"version\":\"$LATEST\",\"state\":\"idle\","
            + "\"calls\":7,"
            + "\"startedAt\":\"2026-01-01T00:00:00Z\",\"memoryMegabytes\":40}]}");
        server.OnJson("GET /v1/accounts", "{\"accounts\":[{\"id\":\"000000000000\",\"name\":\"root\"}]}");
        server.OnJson("GET /2018-10-31/layers",
            "{\"Layers\":[{\"LayerName\":\"l\",\"LayerArn\":\"arn:l\","
            + "\"LatestMatchingVersion\":{\"LayerVersionArn\":\"arn:l:2\","
            + "\"Version\":2,\"CompatibleRuntimes\":[\"python3.11\"]}}]}");
        server.OnJson(
            "GET /2015-03-31/functions/a/versions", "{\"Versions\":[{\"Version\":\"$LATEST\"},{\"Version\":\"1\"}]}");
        server.OnJson("GET /2015-03-31/functions/a/aliases",
            "{\"Aliases\":[{\"Name\":\"live\",\"FunctionVersion\":\"1\","
            + "\"RoutingConfig\":{\"AdditionalVersionWeights\":{\"2\":0.1}}}]}");
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task List_functions_followsThePages()
    {
        var result = await commandLine.RunAsync("ls");
        result.Lines.Length.ShouldBe(3);
        result.Lines[0].ShouldStartWith("NAME");
        result.Lines[1].ShouldStartWith("a     nodejs20.x");
        result.Lines[2].ShouldStartWith("b");
        server.Requests.Last().Query.ShouldBe("?Marker=page%202");
    }

    [Theory]
    [InlineData(
        "functions", "name,arn,runtime,handler,memoryMegabytes,timeoutSeconds,codeBytes,codeSha256,lastModified")]
    [InlineData("environments", "id,function,version,state,calls,startedAt,memoryMegabytes")]
    [InlineData("accounts", "id,name,createdAt")]
    [InlineData("layers", "name,arn,latestVersion,latestVersionArn")]
    [InlineData("versions", "version,arn,runtime,codeBytes,codeSha256,lastModified,description", "a")]
    [InlineData("aliases", "name,version,description,additionalVersionWeights", "a")]
    public async Task List_json_hasTheDocumentedShape(string kind, string members, params string[] name)
    {
        var result = await commandLine.RunAsync(["ls", kind, .. name, "--json"]);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json.GetProperty("schema").GetString().ShouldBe($"lambent.{kind}/1");
        var first = result.Json.GetProperty(kind).EnumerateArray().First();
        string.Join(',', first.EnumerateObject().Select(member => member.Name)).ShouldBe(members);
    }

    [Theory]
    [InlineData("environments", "e1", "idle")]
    [InlineData("accounts", "000000000000", "root")]
    [InlineData("layers", "arn:l:2")]
    [InlineData("versions", "$LATEST", null, "a")]
    [InlineData("aliases", "live", "2: 10", "a")]
    public async Task List_kind_showsATable(string kind, string first, string? second = null, string? name = null)
    {
        var result = await commandLine.RunAsync(name is null ? ["ls", kind] : ["ls", kind, name]);
        result.Output.ShouldContain(first);
        result.Output.ShouldContain(second ?? "");
    }

    [Fact]
    public async Task List_nothing_saysWhatToDo()
    {
        server.OnJson("GET /2015-03-31/functions/", "{\"Functions\":[]}");
        var result = await commandLine.RunAsync("ls");
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("lambent deploy");
    }

    [Fact]
    public async Task List_whatIsNoLambent_isNotTakenForOne()
    {
        server.OnJson("GET /2015-03-31/functions/", "<html>");
        var result = await commandLine.RunAsync("ls", "--json");
        result.ErrorJson.GetProperty("code").GetString().ShouldBe("ServerAnswerUnreadable");
    }
}
