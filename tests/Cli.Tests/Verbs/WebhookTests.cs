using System.Text.Json.Nodes;
using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Inbound =
        "\"name\":\"gh\",\"direction\":\"in\",\"address\":\"http://127.0.0.1/hooks/t\",\"scheme\":\"github\"";

    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Create_inbound_printsAddressAndSecret()
    {
        server.OnJson("POST /v1/webhooks", $"{{{Inbound},\"secret\":\"s3\"}}", 201);
        var result = await commandLine.RunAsync(
            "webhook", "create", "gh", "--to", "hello", "--scheme", "hmac", "--header", "X-Sig", "--rate", "5");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Lines.ShouldBe(["created gh", "address  http://127.0.0.1/hooks/t", "secret   s3"]);
        server.Requests.Single().Body.ShouldBe(
            "{\"name\":\"gh\",\"target\":\"hello\",\"scheme\":\"hmac\",\"header\":\"X-Sig\",\"rate\":5}");
    }

    [Fact]
    public async Task Create_outbound_sendsTypes()
    {
        server.OnJson(
            "POST /v1/webhooks", "{\"name\":\"out\",\"direction\":\"out\",\"url\":\"https://example.com/\"}", 201);
        var result = await commandLine.RunAsync(
            "webhook", "create", "out", "--url", "https://example.com/", "--on", "event.failed", "--on", "queue.*");
        result.Lines.ShouldBe(["created out", "calls    https://example.com/"]);
        JsonNode.Parse(server.Requests.Single().Body)!["types"]!.ToJsonString()
            .ShouldBe("[\"event.failed\",\"queue.*\"]");
    }

    [Theory]
    [InlineData("--to", "hello")]
    [InlineData("--scheme", "github")]
    [InlineData("--to", "hello", "--url", "https://example.com/", "--scheme", "none")]
    public async Task Create_withoutWhatIsNeeded_isRefusedBeforeTheServerIsAsked(params string[] options)
    {
        var result = await commandLine.RunAsync(["webhook", "create", "gh", .. options]);
        result.ExitCode.ShouldBe(2);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_followsPagesAndShowsNoSecret()
    {
        server.OnJson("GET /v1/webhooks", $"{{\"webhooks\":[{{{Inbound}}}]}}");
        var result = await commandLine.RunAsync("webhook", "ls");
        result.Output.ShouldContain("gh");
        result.Output.ShouldContain("http://127.0.0.1/hooks/t");
        var json = await commandLine.RunAsync("webhook", "ls", "--json");
        JsonNode.Parse(json.Output)!["schema"]!.ToString().ShouldBe("lambent.webhooks/1");
    }

    [Fact]
    public async Task Test_thatFails_saysWhyAndExitsWithOne()
    {
        server.OnJson(
            "POST /v1/webhooks/out/test", "{\"delivered\":false,\"status\":500,\"problem\":\"The answer was 500.\"}");
        var result = await commandLine.RunAsync("webhook", "test", "out");
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("The answer was 500.");
        result.Error.ShouldContain("CallbackFailed");
        server.OnJson("POST /v1/webhooks/in/test", "{\"delivered\":true,\"eventId\":\"e1\"}");
        (await commandLine.RunAsync("webhook", "test", "in")).Lines.ShouldBe(["accepted e1"]);
    }

    [Fact]
    public async Task Rotate_printsTheNewSecretAndHowLongTheOldOneCounts()
    {
        server.OnJson(
            "POST /v1/webhooks/gh/rotate", $"{{{Inbound},\"secret\":\"s4\",\"formerSecretEndsAt\":\"tomorrow\"}}");
        var result = await commandLine.RunAsync("webhook", "rotate", "gh", "--overlap", "60");
        result.Output.ShouldContain("secret   s4");
        result.Error.ShouldContain("tomorrow");
        server.Requests.Single().Body.ShouldBe("{\"overlapSeconds\":60}");
    }

    [Fact]
    public async Task Remove_needsYes()
    {
        server.OnJson("GET /v1/webhooks/gh", $"{{{Inbound}}}");
        server.OnJson("DELETE /v1/webhooks/gh", "", 204);
        (await commandLine.RunAsync("webhook", "rm", "gh")).ExitCode.ShouldBe(2);
        (await commandLine.RunAsync("webhook", "rm", "gh", "--yes")).Lines.ShouldBe(["deleted gh"]);
    }

    [Theory]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("office")]
    [InlineData("10.0.0.1/33")]
    public async Task Network_that_is_none_is_refused_at_the_start(string network) =>
        (await commandLine.RunAsync("up", "--callback-allow", network)).ExitCode.ShouldBe(2);
}
