using System.Net;
using Lambent.Kernel;
using Lambent.Server.Scaling;
using Lambent.Server.Tests.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class ScalingOperationsTests
{
    [Fact]
    public async Task Decisions_are_told_in_words_listed_and_made_again()
    {
        await using var server = await NativeServer.StartAsync();
        var id = TestFunctions.Id("hello");
        TestFunctions.Announce(server.Functions, TestFunctions.Create(id));
        (await server.SendAsync("GET", "/v1/scaling/hello")).Json["controllers"]!.AsArray().ShouldBeEmpty();
        var orders = new SourceKey(id, "queue", "orders");
        server.Scaling.TargetFor(orders, new SourceLoad(12, TimeSpan.Zero, 0, 0));
        server.Scaling.TargetFor(orders, new SourceLoad(0, TimeSpan.Zero, 12, 4));

        var told = (await server.SendAsync("GET", "/v1/scaling/orders")).Json["controllers"]!.AsArray()
            .ShouldHaveSingleItem()!;
        told["controller"]!.ToString().ShouldBe("queue");
        told["explanation"]!.AsArray().Count.ShouldBeGreaterThan(2);
        told["last"]!["decision"]!["reason"]!.ToString().ShouldNotBeEmpty();

        var listed = await server.SendAsync("GET", "/v1/scaling/hello/decisions");
        listed.Json["controllers"]![0]!["decisions"]!.AsArray().Count.ShouldBe(2);

        var again = await server.SendAsync("GET", "/v1/scaling/hello/replay");
        again.Text.ShouldBe("""{"replayed":2,"differing":[]}""");
        (await server.SendAsync("POST", "/v1/scaling", listed.Text)).Text.ShouldBe(again.Text);
        var changed = listed.Text.Replace("\"concurrency\":4", "\"concurrency\":9", StringComparison.Ordinal);
        var differing = (await server.SendAsync("POST", "/v1/scaling", changed)).Json["differing"]!.AsArray()
            .ShouldHaveSingleItem()!;
        differing["recorded"]!["concurrency"]!.GetValue<int>().ShouldBe(9);
        differing["now"]!["concurrency"]!.GetValue<int>().ShouldBe(4);
    }

    [Theory]
    [InlineData("{}", ErrorCode.InvalidParameter, "controllers")]
    [InlineData("""{"controllers":[null]}""", ErrorCode.InvalidParameter, "controllers")]
    [InlineData("""{"controllers":[{"controller":"x","function":"y","decisions":[null]}]}""",
        ErrorCode.InvalidParameter, "controllers")]
    [InlineData("""{"controllers":[{"decisions":[{"number":1}]}]}""", ErrorCode.ValidationFailed,
        "$.controllers[0].decisions[0]")]
    public async Task Bad_input_is_refused(string body, ErrorCode code, string field)
    {
        await using var server = await NativeServer.StartAsync();

        (await server.SendAsync("POST", "/v1/scaling", body)).ShouldFail(400, code, field);
    }

    [Fact]
    public async Task Numbers_that_no_controller_wrote_do_no_harm()
    {
        await using var server = await NativeServer.StartAsync();
        const string Body = """
            {"controllers":[{"controller":"x","function":"y","decisions":[{"number":1,"at":"2026-11-21T08:00:00Z",
            "isChange":true,"decision":{},"http":{"before":{"hasBegun":true,"arrivals":{"level":1e300}},
            "load":{"nowSeconds":-5,"arrived":1e308,"callsInFlight":-7,"use":{"executionSeconds":1e300}}}},
            {"number":2,"at":"2026-11-21T08:00:00Z","isChange":true,"decision":{},"queue":{"before":{"wanted":-3},
            "load":{"nowSeconds":1e308,"backlog":2147483647,"arrived":-1,"use":{"executionSeconds":1e-300,
            "tailSeconds":1e300,"callsPerEnvironment":-4}}}}]}]}
            """;

        (await server.SendAsync("POST", "/v1/scaling", Body)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Unknown_name_and_the_functions_of_others_are_not_found()
    {
        await using var server = await NativeServer.StartAsync();
        TestFunctions.Announce(server.Functions, TestFunctions.Create(TestFunctions.Id("hello")));

        (await server.SendAsync("GET", "/v1/scaling/nothing")).ShouldFail(404, ErrorCode.FunctionNotFound);
        (await server.SendAsync("GET", "/v1/scaling/hello/replay", (string?)null, NativeServer.Tenant))
            .ShouldFail(404, ErrorCode.FunctionNotFound);
    }
}
