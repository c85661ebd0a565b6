using System.Net;
using Lambent.Kernel;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class SessionOriginTests : IAsyncLifetime
{
    private SessionServer server = null!;

    public async ValueTask InitializeAsync() => server = await SessionServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Own_page_may_use_sessions()
    {
        var answer = await server.BeginAsync(
            await server.NewTokenAsync(), ("Origin", server.Address), ("Sec-Fetch-Site", "same-origin"));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("https://127.0.0.1:PORT")]
    [InlineData("http://localhost:PORT")]
    [InlineData("http://hello.localhost:PORT")]
    [InlineData("http://127.0.0.1:PORT.evil.example")]
    public async Task Page_of_another_origin_is_refused(string origin)
    {
        var foreign = origin.Replace("PORT", $"{server.Port}", StringComparison.Ordinal);
        await RefusedEverywhereAsync(("Origin", foreign));
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("none")]
    [InlineData("")]
    public Task Request_that_a_browser_calls_foreign_is_refused(string site) =>
        RefusedEverywhereAsync(("Sec-Fetch-Site", site));

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/jsonp")]
    [InlineData(null)]
    public async Task Body_that_a_form_could_send_is_refused(string? contentType)
    {
        var token = await server.NewTokenAsync();
        (await server.BrowseAsync("POST", "/v1/sessions", $"{{\"token\":\"{token}\"}}", contentType))
            .ShouldFail(415, ErrorCode.UnsupportedMediaType);
        var session = await server.LogInAsync();
        (await server.BrowseAsync(
            "POST", "/v1/sessions/current/credentials", "{}", contentType,
            ("Cookie", session.Cookie), ("x-lambent-proof", session.Proof)))
            .ShouldFail(415, ErrorCode.UnsupportedMediaType);

        // None of it used the token up.
        (await server.BrowseAsync(
            "POST", "/v1/sessions", $"{{\"token\":\"{token}\"}}", "application/json; charset=utf-8")).Status
            .ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Claims_of_a_proxy_are_not_believed()
    {
        var token = await server.NewTokenAsync();
        (await server.BeginAsync(
            token, ("Origin", "https://evil.example"), ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Proto", "https"))).ShouldFail(403, ErrorCode.OriginRefused);
        (await server.BeginAsync(token, ("X-Forwarded-Proto", "https"))).Headers["Set-Cookie"]
            .ShouldNotContain("secure");
    }

    [Fact]
    public async Task Public_address_is_the_origin_of_those_who_come_by_it()
    {
        await using var behind = await SessionServer.StartAsync(new Uri("https://lambent.example.org"));
        var answer = await behind.BeginAsync(
            await behind.NewTokenAsync(),
            ("Host", "lambent.example.org"),
            ("Origin", "https://lambent.example.org"),
            ("Sec-Fetch-Site", "same-origin"));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Headers["Set-Cookie"].ShouldContain("secure");

        // Who comes to the server itself is where he is.
        (await behind.BeginAsync(await behind.NewTokenAsync(), ("Origin", behind.Address))).Status
            .ShouldBe(HttpStatusCode.OK);
        (await behind.BeginAsync(await behind.NewTokenAsync(), ("Origin", "https://lambent.example.org")))
            .ShouldFail(403, ErrorCode.OriginRefused);
    }

    private async Task RefusedEverywhereAsync((string Name, string? Value) header)
    {
        var token = await server.NewTokenAsync();
        (await server.BeginAsync(token, header)).ShouldFail(403, ErrorCode.OriginRefused);
        var session = await server.LogInAsync();
        (await server.RenewAsync(session, header)).ShouldFail(403, ErrorCode.OriginRefused);
        (await server.BrowseAsync(
            "DELETE", "/v1/sessions/current",
            headers: [("Cookie", session.Cookie), ("x-lambent-proof", session.Proof), header]))
            .ShouldFail(403, ErrorCode.OriginRefused);

        // Nothing was used up or ended.
        (await server.RenewAsync(session)).Status.ShouldBe(HttpStatusCode.OK);
        (await server.BeginAsync(token)).Status.ShouldBe(HttpStatusCode.OK);
    }
}
