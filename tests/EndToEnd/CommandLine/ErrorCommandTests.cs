using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.CommandLine;

/// <summary>Errors, stored calls and replays as people meet them.</summary>
public sealed class ErrorCommandTests(CommandLineServer fixture) : IClassFixture<CommandLineServer>
{
    [Fact]
    public async Task SameError_ofNodeAndPython_isOneGroupThatALaterReleaseReopens()
    {
        fixture.Write("nodeshop.js", """
            class OrderNotFoundError extends Error { constructor(m) { super(m); this.name = 'OrderNotFoundError'; } }
            function load(id) { throw new OrderNotFoundError(`no order ${id}`); }
            exports.handler = async (event) => (event.fail ? load(event.id) : { got: event.id });
            """);
        fixture.Write("pyshop.py", """
            class OrderNotFoundError(Exception):
                pass
            def load(number):
                raise OrderNotFoundError(f"no order {number}")
            def handler(event, context):
                return load(event["id"]) if event.get("fail") else {"got": event["id"]}
            """);
        await fixture.OkAsync("deploy", "nodeshop.js");
        await fixture.OkAsync("deploy", "pyshop.py");
        await fixture.RunAsync("invoke", "nodeshop", "--data", """{"id":17,"fail":true}""");
        await fixture.RunAsync("invoke", "pyshop", "--data", """{"id":4711,"fail":true}""");

        var group = await GroupAsync("OrderNotFoundError");
        ((int)group["count"]!).ShouldBe(2, group.ToString());
        group["functions"]!.AsArray().Select(name => (string)name!).Order().ShouldBe(["nodeshop", "pyshop"]);
        var id = (string)group["id"]!;
        (await fixture.OkAsync("error", "show", id)).Output.ShouldContain("raise OrderNotFoundError");

        await fixture.OkAsync("error", "resolve", id);
        await fixture.RunAsync("invoke", "nodeshop", "--data", """{"id":18,"fail":true}""");
        ((string)(await GroupAsync("OrderNotFoundError"))["status"]!).ShouldBe("resolved");

        // The next release still has it.
        var code = await File.ReadAllTextAsync(Path.Combine(fixture.Folder, "nodeshop.js"));
        fixture.Write("nodeshop.js", code + "\n// 2\n");
        await fixture.OkAsync("deploy", "nodeshop.js");
        await fixture.RunAsync("invoke", "nodeshop", "--data", """{"id":19,"fail":true}""");
        var reopened = await GroupAsync("OrderNotFoundError");
        ((string)reopened["status"]!).ShouldBe("open", reopened.ToString());
        ((string)reopened["reopenedBy"]!).ShouldBe("nodeshop:$LATEST");
        ((int)reopened["count"]!).ShouldBe(4);
    }

    [Fact]
    public async Task StoredCall_isRepeatedOnTheServerAndHere()
    {
        fixture.Write("echo.py", """
            import os
            def handler(event, context):
                if event.get("fail"):
                    raise ValueError(f"bad {event['id']}")
                return {"event": event, "key": os.environ.get("API_KEY"), "stage": os.environ.get("STAGE")}
            """);
        await fixture.OkAsync("deploy", "echo.py", "--env", "STAGE=test", "--env", "API_KEY=very-secret-value");
        await fixture.OkAsync("invoke", "echo", "--data", """{"id":7,"note":"\u001b]0;title\u0007"}""");
        var id = (await CallsAsync("echo"))[0]!["id"]!.ToString();

        var shown = (await fixture.OkAsync("invocation", "show", id)).Output;
        shown.ShouldContain("\"id\": 7");
        shown.ShouldNotContain("very-secret-value");
        shown.ShouldNotContain("\u001b");

        var again = JsonNode.Parse((await fixture.OkAsync("replay", id, "--json")).Output)!;
        ((int)again["output"]!["json"]!["event"]!["id"]!).ShouldBe(7);
        (await fixture.OkAsync("invocation", "show", (string)again["id"]!)).Output.ShouldContain(id);
        (await fixture.OkAsync("invocation", "show", id)).Output.ShouldContain((string)again["id"]!);

        var local = await fixture.OkAsync("replay", id, "--local", ".");
        var answer = JsonNode.Parse(local.Output)!;
        ((int)answer["event"]!["id"]!).ShouldBe(7);
        ((string)answer["stage"]!).ShouldBe("test");
        answer["key"].ShouldBeNull();
        local.Everything.ShouldContain("API_KEY is secret");

        fixture.Write("other.json", """{"id":8}""");
        ((int)JsonNode.Parse((await fixture.OkAsync("replay", id, "--edit", "other.json", "--json")).Output)!
            ["output"]!["json"]!["event"]!["id"]!).ShouldBe(8);
        (await fixture.RunAsync("replay", "0193aaaa-0000-7000-8000-000000000000")).ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task FailedCalls_areRepeatedTogether()
    {
        const string Broken = "def handler(event, context):\n    raise ValueError(f\"bad {event['id']}\")\n";
        fixture.Write("later.py", Broken);
        await fixture.OkAsync("deploy", "later.py");
        for (var call = 0; call < 5; call++)
        {
            await fixture.RunAsync("invoke", "later", "--data", $"{{\"id\":{call}}}");
        }

        fixture.Write("later.py", "def handler(event, context):\n    return event['id']\n");
        await fixture.OkAsync("deploy", "later.py");
        var plan = JsonNode.Parse((await fixture.OkAsync(
            "replay", "--failed", "--function", "later", "--dry-run", "--json")).Output)!;
        ((int)plan["accepted"]!).ShouldBe(5, plan.ToString());
        var done = await fixture.OkAsync("replay", "--failed", "--function", "later", "--rate", "50", "--yes");
        done.Output.ShouldContain("5 succeeded, 0 failed", customMessage: done.Everything);
        (await CallsAsync("later")).Count(call => (string?)call!["replayOf"] is not null).ShouldBe(5);
    }

    [Fact]
    public async Task Bundle_isShownInItsSource()
    {
        // index.js line 2 column 8 is load of shop.ts, line 2.
        fixture.Write(
            "bundle/shop.ts", "export function load(id: number) {\n  throw new Error(`nothing at ${id}`);\n}\n");
        fixture.Write(
            "bundle/index.js",
            "exports.handler=async(e)=>t(e.id);\nconst t=e=>{throw new Error(`nothing at ${e}`)};\n"
            + "//# sourceMappingURL=index.js.map\n");
        fixture.Write(
            "bundle/index.js.map",
            """{"version":3,"sources":["shop.ts"],"names":["load"],"mappings":";YACEA","sourcesContent":[null]}""");
        await fixture.OkAsync("deploy", "bundle");
        await fixture.RunAsync("invoke", "bundle", "--data", """{"id":5}""");
        var id = (string)(await GroupAsync("Error", "nothing at"))["id"]!;
        var shown = (await fixture.OkAsync("error", "show", id)).Output;
        shown.ShouldContain("at load (shop.ts:2:3)", customMessage: shown);
        shown.ShouldContain(">     2 |   throw new Error(`nothing at ${id}`);");
    }

    private async Task<JsonNode> GroupAsync(string type, string message = "")
    {
        var listed = JsonNode.Parse((await fixture.OkAsync("error", "ls", "--status", "all", "--json")).Output)!;
        return listed["errors"]!.AsArray().Single(group => (string)group!["type"]! == type
            && ((string)group["message"]!).Contains(message, StringComparison.Ordinal))!;
    }

    private async Task<JsonArray> CallsAsync(string function) =>
        JsonNode.Parse((await fixture.OkAsync("invocation", "ls", function, "--json")).Output)!
            ["invocations"]!.AsArray();
}
