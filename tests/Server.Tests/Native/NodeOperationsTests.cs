using Lambent.Kernel;
using Lambent.Server.Tests.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class NodeOperationsTests
{
    [Fact]
    public async Task Node_is_told_to_the_operator()
    {
        await using var server = await NativeServer.StartAsync();

        var node = (await server.SendAsync("GET", "/v1/node")).Json;

        node["processors"]!.GetValue<int>().ShouldBe(Environment.ProcessorCount);
        node["diskFreeBytes"]!.GetValue<long>().ShouldBeInRange(0, node["diskBytes"]!.GetValue<long>());
        node["memoryBytes"]!.GetValue<long>().ShouldBeGreaterThan(0);
        node["environments"]!["max"]!.GetValue<int>().ShouldBeGreaterThan(0);
        node["settings"]!["calls"]!.ToString().ShouldBe("sampled");
        node["settings"]!["sendsMail"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Node_is_refused_to_other_accounts()
    {
        await using var server = await NativeServer.StartAsync();

        var refused = await server.SendAsync("GET", "/v1/node", (string?)null, NativeServer.Tenant);

        refused.ShouldFail(403, ErrorCode.AccessDenied);
    }

    [Fact]
    public async Task Deployments_are_the_callers_own_with_the_newest_first()
    {
        await using var server = await NativeServer.StartAsync();
        Announce("old", 1, NativeServer.Tenant);
        Announce("new", 2, NativeServer.Tenant);
        TestFunctions.Announce(server.Functions, TestFunctions.Create(TestFunctions.Id("other")));

        var all = (await server.SendAsync("GET", "/v1/deployments", (string?)null, NativeServer.Tenant)).Json;
        var newest = (await server.SendAsync(
            "GET", "/v1/deployments?limit=1", (string?)null, NativeServer.Tenant)).Json;

        all["deployments"]!.AsArray().Select(each => each!["function"]!.ToString()).ShouldBe(["new", "old"]);
        newest["deployments"]!.AsArray().ShouldHaveSingleItem()!["function"]!.ToString().ShouldBe("new");

        void Announce(string name, int hour, string account)
        {
            var created = TestFunctions.Create(TestFunctions.Id(name, account));
            var at = new DateTimeOffset(2026, 11, 22, hour, 0, 0, TimeSpan.Zero);
            TestFunctions.Announce(
                server.Functions, created with { Latest = created.Latest with { LastModifiedAt = at } });
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("many")]
    public async Task Deployments_with_a_wrong_limit_are_refused(string limit)
    {
        await using var server = await NativeServer.StartAsync();

        (await server.SendAsync("GET", $"/v1/deployments?limit={limit}")).ShouldFail(
            400, ErrorCode.ValidationFailed, "limit");
    }
}
