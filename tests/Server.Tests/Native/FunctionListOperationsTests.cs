using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Server.Tests.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class FunctionListOperationsTests
{
    [Fact]
    public async Task Functions_are_listed_by_name_page_by_page_to_their_account()
    {
        await using var server = await NativeServer.StartAsync();
        Announce(server, "two", "one", "Three");
        TestFunctions.Announce(server.Functions, TestFunctions.Create(TestFunctions.Id("other", NativeServer.Tenant)));

        var first = (await server.SendAsync("GET", "/v1/functions?limit=2")).Json;
        var second = (await server.SendAsync("GET", $"/v1/functions?limit=2&after={first["next"]}")).Json;

        Names(first).ShouldBe(["Three", "one"]);
        ((int)first["total"]!).ShouldBe(3);
        Names(second).ShouldBe(["two"]);
        second["next"].ShouldBeNull();
    }

    [Fact]
    public async Task Function_is_found_by_part_of_its_name_a_tag_and_its_state()
    {
        await using var server = await NativeServer.StartAsync();
        var mail = TestFunctions.Create(TestFunctions.Id("send-mail"));
        TestFunctions.Announce(server.Functions, mail with { Tags = mail.Tags.Add("team", "post") });
        TestFunctions.Announce(server.Functions, TestFunctions.Create(TestFunctions.Id("send-fax"), reserved: 0));

        Names((await server.SendAsync("GET", "/v1/functions?filter=MAIL")).Json).ShouldBe(["send-mail"]);
        Names((await server.SendAsync("GET", "/v1/functions?tag=team")).Json).ShouldBe(["send-mail"]);
        Names((await server.SendAsync("GET", "/v1/functions?tag=team=other")).Json).ShouldBeEmpty();
        Names((await server.SendAsync("GET", "/v1/functions?state=off")).Json).ShouldBe(["send-fax"]);
    }

    [Fact]
    public async Task Function_says_what_failed_and_when_it_was_called_last()
    {
        await using var server = await NativeServer.StartAsync();
        var broken = TestFunctions.Create(TestFunctions.Id("broken"));
        TestFunctions.Announce(server.Functions, broken with
        {
            Latest = broken.Latest with
            {
                LastUpdateStatus = UpdateStatus.Failed, LastUpdateStatusReason = "no room",
            },
        });
        server.Telemetry.Record(new InvocationRecord
        {
            RequestId = "r",
            Function = broken.Id,
            Version = FunctionVersion.LatestName,
            EnvironmentId = "e",
            StartedAt = TimeProvider.System.GetUtcNow(),
            Duration = TimeSpan.FromMilliseconds(3),
            Outcome = OutcomeKind.TimedOut,
            MemoryMegabytes = 128,
            MaxMemoryUsedMegabytes = 20,
            Source = "invoke",
        });

        var shown = (await server.SendAsync("GET", "/v1/functions")).Json["functions"]![0]!;

        ((string)shown["state"]!, (string)shown["stateReason"]!).ShouldBe(("update-failed", "no room"));
        ((string)shown["lastOutcome"]!).ShouldBe("timeout");
        shown["lastCalledAt"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("state=odd", "state")]
    public async Task WrongParameters_areNamed(string query, string field)
    {
        await using var server = await NativeServer.StartAsync();
        (await server.SendAsync("GET", $"/v1/functions?{query}")).ShouldFail(400, ErrorCode.ValidationFailed, field);
    }

    private static void Announce(NativeServer server, params string[] names)
    {
        foreach (var name in names)
        {
            TestFunctions.Announce(server.Functions, TestFunctions.Create(TestFunctions.Id(name)));
        }
    }

    private static List<string> Names(System.Text.Json.Nodes.JsonNode answer) =>
        [.. answer["functions"]!.AsArray().Select(function => (string)function!["name"]!)];
}
