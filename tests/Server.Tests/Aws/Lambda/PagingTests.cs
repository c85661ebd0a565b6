using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

public sealed class PagingTests
{
    private const string Functions = "/2015-03-31/functions";

    [Theory]
    [InlineData("?MaxItems=1", 1)]
    [InlineData("?MaxItems=7", 7)]
    [InlineData("", 50)]
    [InlineData("?MaxItems=10000", 50)]
    public async Task ListFunctions_pages_through_every_function_once_in_order(string query, int page)
    {
        await using var server = await LambdaServer.StartAsync();
        var names = Enumerable.Range(0, 53).Select(number => $"f{number:000}").ToList();
        await Task.WhenAll(names.Select(name => server.CreateAsync(name)));
        await server.CreateAsync("other", account: "111111111111");

        var (items, pages) = await ListAsync(server, $"{Functions}{query}", "Functions", "FunctionName");

        items.ShouldBe(names);
        pages.ShouldBe((53 + page - 1) / page);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    public async Task ListFunctions_with_all_versions_pages_within_a_function(int page)
    {
        await using var server = await LambdaServer.StartAsync();
        foreach (var name in new[] { "a", "b" })
        {
            await server.CreateAsync(name);
            foreach (var timeout in new[] { 5, 6 })
            {
                await server.SendAsync("POST", $"{Functions}/{name}/versions");
                await server.SendAsync(
                    "PUT", $"{Functions}/{name}/configuration", new JsonObject { ["Timeout"] = timeout });
                await server.WhenSettledAsync(name);
            }
        }

        var (items, _) = await ListAsync(
            server, $"{Functions}?FunctionVersion=ALL&MaxItems={page}", "Functions", "FunctionArn");

        items.Select(arn => arn[(arn.IndexOf("function:", StringComparison.Ordinal) + 9)..])
            .ShouldBe(["a:$LATEST", "a:1", "a:2", "b:$LATEST", "b:1", "b:2"]);
        var (versions, _) = await ListAsync(
            server, $"{Functions}/a/versions?MaxItems={page}", "Versions", "Version");
        versions.ShouldBe(["$LATEST", "1", "2"]);
    }

    [Fact]
    public async Task List_items_do_not_tell_states()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");

        var item = (await server.SendAsync("GET", Functions)).Json["Functions"]![0]!.AsObject();

        item.ContainsKey("State").ShouldBeFalse();
        item.ContainsKey("LastUpdateStatus").ShouldBeFalse();
        item["FunctionArn"]!.ToString().ShouldEndWith(":function:one");
    }

    [Fact]
    public async Task Marker_is_good_only_for_the_list_and_the_account_it_was_given_for()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("a");
        await server.CreateAsync("b");
        var marker = (await server.SendAsync("GET", $"{Functions}?MaxItems=1"))["NextMarker"];

        (await server.SendAsync("GET", $"{Functions}?Marker={marker}")).ShouldBe(HttpStatusCode.OK)["Functions"]
            .ShouldContain("function:b");
        foreach (var (path, account) in new[]
        {
            ($"{Functions}?Marker={marker}", "111111111111"),
            ($"{Functions}?Marker={marker}x", "000000000000"),
            ($"{Functions}?Marker={marker[1..]}", "000000000000"),
            ($"{Functions}/a/versions?Marker={marker}", "000000000000"),
            ($"/2018-10-31/layers?Marker={marker}", "000000000000"),
            ($"{Functions}?Marker={new string('A', 7000)}", "000000000000"),
        })
        {
            (await server.SendAsync("GET", path, null, account))
                .ShouldFail(400, "InvalidParameterValueException", "The Marker is invalid");
        }
    }

    private static async Task<(List<string> Items, int Pages)> ListAsync(
        LambdaServer server, string path, string list, string member)
    {
        var items = new List<string>();
        string? marker = null;
        for (var pages = 1; ; pages++)
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var answer = await server.SendAsync("GET", marker is null ? path : $"{path}{separator}Marker={marker}");
            answer.ShouldBe(HttpStatusCode.OK);
            items.AddRange(answer.Json[list]!.AsArray().Select(item => item![member]!.ToString()));
            marker = (string?)answer.Json["NextMarker"];
            if (marker is null)
            {
                return (items, pages);
            }
        }
    }
}
