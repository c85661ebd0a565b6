using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class AccountTests : IAsyncLifetime
{
    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.OnJson(
            "POST /v1/accounts",
            "{\"account\":{\"id\":\"000000000001\",\"name\":\"team\"},\"accessKeyId\":\"AKIATEAM\","
            + "\"secretAccessKey\":\"s3\"}",
            201);
        server.OnJson("DELETE /v1/accounts/000000000001", "", 204);
        server.OnJson("GET /v1/accounts/000000000001/keys", "{\"keys\":[{\"accessKeyId\":\"AKIATEAM\"}]}");
        server.OnJson(
            "POST /v1/accounts/000000000001/keys", "{\"accessKeyId\":\"AKIANEW\",\"secretAccessKey\":\"s4\"}", 201);
        server.OnJson("DELETE /v1/accounts/000000000001/keys/AKIATEAM", "", 204);
        server.OnJson("GET /2015-03-31/functions/", "{\"Functions\":[]}");
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Create_account_printsItsKey()
    {
        var result = await commandLine.RunAsync("account", "create", "team", "--id", "000000000001");
        result.Output.ShouldBe("account     000000000001  team\naccess key  AKIATEAM\nsecret key  s3\n");
        server.Requests.Single().Body.ShouldBe("{\"name\":\"team\",\"id\":\"000000000001\"}");
    }

    [Fact]
    public async Task Create_withSave_isSignedWithByItsProfile()
    {
        await commandLine.RunAsync("account", "create", "team", "--save");
        server.Requests.Clear();
        var result = await commandLine.RunAsync("ls", "--profile", "team");
        result.ExitCode.ShouldBe(0, result.Error);
        server.Requests.Single().Authorization.ShouldContain("Credential=AKIATEAM/");
        (await commandLine.RunAsync("account", "create", "team", "--save")).ExitCode.ShouldBe(5);
    }

    [Fact]
    public async Task Profile_unknown_asksWhatWasMeant()
    {
        await commandLine.RunAsync("account", "create", "team", "--save");
        var result = await commandLine.RunAsync("ls", "--profile", "taem");
        result.ExitCode.ShouldBe(4);
        result.Error.ShouldContain("Did you mean 'team'?");
    }

    [Fact]
    public async Task Remove_account_needsYes()
    {
        (await commandLine.RunAsync("account", "rm", "000000000001")).ExitCode.ShouldBe(2);
        (await commandLine.RunAsync("account", "rm", "000000000001", "--yes")).Output
            .ShouldBe("deleted account 000000000001\n");
    }

    [Fact]
    public async Task Keys_ofAnAccount_areListedCreatedAndDeleted()
    {
        (await commandLine.RunAsync("account", "key", "ls", "000000000001")).Output.ShouldContain("AKIATEAM");
        (await commandLine.RunAsync("account", "key", "create", "000000000001", "--json")).Output.ShouldBe(
            "{\"schema\":\"lambent.key/1\",\"account\":\"000000000001\",\"accessKeyId\":\"AKIANEW\","
            + "\"secretAccessKey\":\"s4\"}\n");
        (await commandLine.RunAsync("account", "key", "rm", "000000000001", "AKIATEAM", "--yes")).Output
            .ShouldBe("deleted AKIATEAM\n");
    }
}
