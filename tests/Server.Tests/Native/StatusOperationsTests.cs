using Lambent.Kernel.Invocations;
using Lambent.Server.Tests.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class StatusOperationsTests
{
    [Fact]
    public async Task Status_is_told_with_the_callers_own_functions()
    {
        await using var server = await NativeServer.StartAsync();
        TestFunctions.Announce(server.Functions, TestFunctions.Create(TestFunctions.Id("one")));
        TestFunctions.Announce(server.Functions, TestFunctions.Create(TestFunctions.Id("two")));
        TestFunctions.Announce(
            server.Functions, TestFunctions.Create(TestFunctions.Id("three", NativeServer.Tenant)));

        var status = (await server.SendAsync("GET", "/v1/status", (string?)null, NativeServer.Tenant)).Json;

        status.AsObject().Select(member => member.Key).ShouldBe(
            [
                "version", "startedAt", "region", "account", "functions", "callsInFlight", "runtimes", "logs",
                "storedCalls",
                "metrics",
            ]);
        status["storedCalls"]!["state"]!.ToString().ShouldBe("ok");
        status["metrics"]!["cellsDropped"]!.GetValue<long>().ShouldBe(0);
        status["logs"]!["dropped"]!.AsObject().Select(member => member.Key).ShouldBe(
            ["environment", "function", "account", "queue"]);
        status["account"]!.ToString().ShouldBe(NativeServer.Tenant);
        status["functions"]!.GetValue<int>().ShouldBe(1);
        status["callsInFlight"]!.GetValue<int>().ShouldBe(0);
        status["region"]!.ToString().ShouldBe("us-east-1");
        status["runtimes"]!.AsArray().Select(runtime => runtime!.ToString()).ShouldContain("provided.al2023");
    }

    [Fact]
    public async Task Environments_are_told_to_their_own_account()
    {
        await using var server = await NativeServer.StartAsync();
        var function = TestFunctions.Announce(server.Functions, TestFunctions.Create(TestFunctions.Id("one")));
        var invocation = new Invocation { RequestId = "r", InvokedArn = function.Arn, Payload = "{}"u8.ToArray() };
        (await server.Dispatcher.InvokeAsync(function, function.Route(null, 0)!, invocation, "invoke")).Value.Dispose();

        var own = (await server.SendAsync("GET", "/v1/environments")).Json["environments"]!.AsArray();
        var others = (await server.SendAsync("GET", "/v1/environments", (string?)null, NativeServer.Tenant)).Json;

        var environment = own.ShouldHaveSingleItem()!.AsObject();
        environment.Select(member => member.Key).ShouldBe(
            [
                "id", "function", "version", "state", "calls", "startedAt", "fetchMilliseconds", "startMilliseconds",
                "initMilliseconds", "memoryMegabytes",
            ]);
        environment["function"]!.ToString().ShouldBe("one");
        environment["state"]!.ToString().ShouldBe("idle");
        environment["calls"]!.GetValue<long>().ShouldBe(1);
        others["environments"]!.AsArray().ShouldBeEmpty();
    }
}
