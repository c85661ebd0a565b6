using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class RemoveTests : IAsyncLifetime
{
    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.OnJson("GET /2015-03-31/functions/hello", "{\"Configuration\":{\"FunctionName\":\"hello\"}}");
        server.OnJson("GET /2015-03-31/functions/hello/versions",
            "{\"Versions\":[{\"Version\":\"$LATEST\"},{\"Version\":\"1\"},{\"Version\":\"2\"}]}");
        server.OnJson("GET /2015-03-31/functions/hello/aliases", "{\"Aliases\":[{\"Name\":\"live\"}]}");
        server.OnJson("GET /2021-10-31/functions/hello/url",
            "{\"FunctionUrl\":\"http://hello.localhost/\",\"AuthType\":\"NONE\"}");
        server.OnJson("DELETE /2015-03-31/functions/hello", "", 204);
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    private bool Deleted => server.Requests.Any(request => request.Method == "DELETE");

    [Fact]
    public async Task Remove_yes_saysWhatGoesAndDeletes()
    {
        var result = await commandLine.RunAsync("rm", "hello", "--yes");
        result.Output.ShouldBe("deleted hello\n");
        result.Error.ShouldContain("2 published versions, 1 alias, the URL http://hello.localhost/");
        Deleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Remove_withNobodyToAsk_needsYes()
    {
        var result = await commandLine.RunAsync("rm", "hello");
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("lambent rm hello --yes");
        Deleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("hello\n", 0, true)]
    [InlineData("yes\n", 2, false)]
    [InlineData("", 2, false)]
    public async Task Remove_onATerminal_asksForTheName(string typed, int exitCode, bool deleted)
    {
        commandLine.IsTerminal = true;
        commandLine.Input = typed;
        var result = await commandLine.RunAsync("rm", "hello");
        result.ExitCode.ShouldBe(exitCode);
        Deleted.ShouldBe(deleted);
    }

    [Fact]
    public async Task Remove_dryRun_deletesNothing()
    {
        var result = await commandLine.RunAsync("rm", "hello", "--dry-run", "--json");
        result.Output.ShouldBe(
            "{\"schema\":\"lambent.removal/1\",\"function\":\"hello\",\"versions\":2,\"aliases\":1,"
            + "\"url\":\"http://hello.localhost/\",\"deleted\":false}\n");
        Deleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Remove_unknownName_isNotFound()
    {
        server.OnJson("GET /2015-03-31/functions/", "{\"Functions\":[{\"FunctionName\":\"hello\"}]}");
        var result = await commandLine.RunAsync("rm", "hallo", "--yes");
        result.ExitCode.ShouldBe(3);
        result.Error.ShouldContain("Did you mean 'hello'?");
    }
}
