using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class DashboardTests : IAsyncLifetime
{
    private const string Url = "http://127.0.0.1:9550/login#token=secret";

    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        Answer(Url);
        server.OnJson(
            "GET /v1/sessions",
            "{\"sessions\":[{\"id\":\"00aa\",\"begunAt\":\"2026-11-22T04:00:00+00:00\","
            + "\"lastUsedAt\":\"2026-11-22T04:10:00+00:00\",\"expiresAt\":\"2026-11-22T16:10:00+00:00\","
            + "\"userAgent\":\"Firefox\\u001b[31m\",\"current\":false},{\"id\":\"11bb\",\"userAgent\":\"\"}]}");
        server.OnJson("DELETE /v1/sessions/00aa", "", 204);
        server.OnJson("DELETE /v1/sessions", "", 204);
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    private bool Ended => server.Requests.Any(request => request.Method == "DELETE");

    [Fact]
    public async Task Dashboard_address_isTheOnlyOutput()
    {
        var result = await commandLine.RunAsync("dashboard", "--minutes", "5");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBe(Url + "\n");
        result.Error.ShouldContain("once, within 5 minutes");
        server.Requests.Single().Body.ShouldBe("{\"minutes\":5}");
        server.Requests.Single().Authorization.ShouldStartWith("AWS4-HMAC-SHA256");
    }

    [Fact]
    public async Task Dashboard_json_isADocument()
    {
        var result = await commandLine.RunAsync("dashboard", "--json");
        result.Output.ShouldBe(
            $"{{\"schema\":\"lambent.dashboard/1\",\"url\":\"{Url}\",\"expiresAt\":\"2026-11-22T04:30:00+00:00\"}}\n");
        server.Requests.Single().Body.ShouldBe("{\"minutes\":30}");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1441")]
    public async Task Dashboard_minutesOutOfBounds_isRefused(string minutes)
    {
        (await commandLine.RunAsync("dashboard", "--minutes", minutes)).ExitCode.ShouldBe(2);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dashboard_open_givesTheAddressToTheBrowser()
    {
        commandLine.Folder.Write("bin/xdg-open", "#!/bin/sh\nprintf %s \"$1\" > opened\n", executable: true);
        commandLine.With("PATH", commandLine.Folder.Combine("bin"));
        var result = await commandLine.RunAsync("dashboard", "--open");
        result.ExitCode.ShouldBe(0, result.Error);
        (await File.ReadAllTextAsync(commandLine.Folder.Combine("opened"), TestContext.Current.CancellationToken))
            .ShouldBe(Url);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("--help")]
    public async Task Dashboard_openOfNoWebAddress_startsNothing(string url)
    {
        Answer(url);
        commandLine.Folder.Write("bin/xdg-open", "#!/bin/sh\nprintf %s \"$1\" > opened\n", executable: true);
        commandLine.With("PATH", commandLine.Folder.Combine("bin"));
        var result = await commandLine.RunAsync("dashboard", "--open");
        result.Error.ShouldContain("no browser could be opened");
        File.Exists(commandLine.Folder.Combine("opened")).ShouldBeFalse();
    }

    [Fact]
    public async Task Dashboard_openWithoutABrowser_saysSo()
    {
        commandLine.With("PATH", commandLine.Folder.Combine("bin"));
        var result = await commandLine.RunAsync("dashboard", "--open");
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldBe(Url + "\n");
        result.Error.ShouldContain("no browser could be opened");
    }

    [Fact]
    public async Task Sessions_areListed_withoutControlCodes()
    {
        var result = await commandLine.RunAsync("ls", "sessions");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Lines[0].ShouldStartWith("ID");
        result.Lines[1].ShouldStartWith("00aa");
        result.Output.ShouldNotContain("\u001b");
        var json = await commandLine.RunAsync("ls", "sessions", "--json");
        json.Json.GetProperty("sessions")[1].GetProperty("id").GetString().ShouldBe("11bb");
    }

    [Theory]
    [InlineData("00aa", "DELETE /v1/sessions/00aa")]
    [InlineData("all", "DELETE /v1/sessions")]
    public async Task Remove_session_endsIt(string id, string request)
    {
        (await commandLine.RunAsync("rm", $"session/{id}")).ExitCode.ShouldBe(2);
        (await commandLine.RunAsync("rm", $"session/{id}", "--dry-run")).ExitCode.ShouldBe(0);
        Ended.ShouldBeFalse();
        var result = await commandLine.RunAsync("rm", $"session/{id}", "--yes");
        result.Output.ShouldBe($"deleted session/{id}\n");
        var sent = server.Requests.Single(sent => sent.Method == "DELETE");
        $"{sent.Method} {sent.Path}".ShouldBe(request);
    }

    [Fact]
    public async Task Remove_unknownSession_isNotFound()
    {
        (await commandLine.RunAsync("rm", "session/22cc", "--yes")).ExitCode.ShouldBe(3);
        (await commandLine.RunAsync("rm", "session/", "--yes")).ExitCode.ShouldBe(3);
        Ended.ShouldBeFalse();
    }

    private void Answer(string url) => server.OnJson(
        "POST /v1/sessions/tokens",
        $"{{\"token\":\"secret\",\"expiresAt\":\"2026-11-22T04:30:00+00:00\",\"url\":\"{url}\"}}",
        201);
}
