using System.Net;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Protocol.Signing;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class SessionOperationsTests : IAsyncLifetime
{
    private SessionServer server = null!;

    public async ValueTask InitializeAsync() => server = await SessionServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Token_gives_an_address_of_the_page_that_uses_it()
    {
        var answer = await server.CallAsync("POST", "/v1/sessions/tokens", "{\"minutes\":5}");
        answer.Status.ShouldBe(HttpStatusCode.Created);
        var token = answer.Json["token"]!.ToString();
        token.Length.ShouldBe(43);
        answer.Json["url"]!.ToString().ShouldBe($"{server.Address}/login#token={token}");
        answer.Json["expiresAt"]!.GetValue<DateTimeOffset>()
            .ShouldBe(server.Time.GetUtcNow() + TimeSpan.FromMinutes(5));
        answer.Headers["Cache-Control"].ShouldBe("no-store");
    }

    [Theory]
    [InlineData("{\"minutes\":0}")]
    [InlineData("{\"minutes\":1441}")]
    [InlineData("{\"minutes\":-1}")]
    [InlineData("{\"minutes\":\"many\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    public async Task Token_with_a_wrong_request_is_refused(string body) =>
        (await server.CallAsync("POST", "/v1/sessions/tokens", body)).ShouldFail(400, ErrorCode.ValidationFailed);

    [Fact]
    public async Task Token_without_a_signature_is_refused() =>
        (await server.BrowseAsync("POST", "/v1/sessions/tokens", "{}"))
            .ShouldFail(403, ErrorCode.AuthenticationMissing);

    [Theory]
    [InlineData("POST", "/v1/sessions/tokens")]
    [InlineData("GET", "/v1/sessions")]
    [InlineData("DELETE", "/v1/sessions")]
    [InlineData("DELETE", "/v1/sessions/0011223344556677")]
    public async Task Function_has_nothing_to_do_with_sessions(string method, string path)
    {
        var issued = server.Tokens.Issue(new FunctionId(AccountId.Root, "greedy"), TimeSpan.FromHours(1));
        var credentials = new SigningCredentials(issued.AccessKeyId, issued.Secret, issued.SessionToken);
        (await server.CallAsync(method, path, credentials: credentials)).ShouldFail(403, ErrorCode.AccessDenied);
    }

    [Fact]
    public async Task Login_answers_all_that_the_page_needs()
    {
        var answer = await server.BeginAsync(await server.NewTokenAsync());
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Headers["Cache-Control"].ShouldBe("no-store");
        answer.Headers.Keys.ShouldNotContain(name => name.StartsWith("Access-Control", StringComparison.Ordinal));
        var cookie = answer.Headers["Set-Cookie"];
        cookie.ShouldStartWith($"lambent-session-{server.Port}=");
        cookie.Split("; ").Skip(1).ShouldBe(
            ["max-age=43200", "path=/v1/sessions", "samesite=strict", "httponly"], ignoreOrder: true);
        answer.Json["proof"]!.ToString().Length.ShouldBe(43);
        answer.Json["account"]!.ToString().ShouldBe("000000000000");
        answer.Json["accountName"]!.ToString().ShouldBe("root");
        answer.Json["region"]!.ToString().ShouldBe("us-east-1");
        answer.Json["version"]!.ToString().ShouldBe(ProgramVersion.Text);
        answer.Json["expiresAt"]!.GetValue<DateTimeOffset>()
            .ShouldBe(server.Time.GetUtcNow() + TimeSpan.FromHours(12));
        answer.Json["credentials"]!["expiresAt"]!.GetValue<DateTimeOffset>()
            .ShouldBe(server.Time.GetUtcNow() + TimeSpan.FromMinutes(15));
    }

    [Fact]
    public async Task Token_is_taken_once_and_tells_no_reason_after_that()
    {
        var token = await server.NewTokenAsync();
        (await server.BeginAsync(token)).Status.ShouldBe(HttpStatusCode.OK);
        var used = await server.BeginAsync(token);
        used.ShouldFail(403, ErrorCode.LoginTokenInvalid);

        var late = await server.NewTokenAsync(minutes: 1);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        var expired = await server.BeginAsync(late);
        var unknown = await server.BeginAsync("nobody-made-this");
        var endless = await server.BeginAsync(new string('a', 2_000));
        foreach (var refused in (SessionAnswer[])[expired, unknown, endless])
        {
            refused.ShouldFail(403, ErrorCode.LoginTokenInvalid);
            refused.Json["error"]!["message"]!.ToString().ShouldBe(used.Json["error"]!["message"]!.ToString());
        }
    }

    [Fact]
    public async Task Token_taken_by_many_at_once_begins_one_session()
    {
        var token = await server.NewTokenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.BeginAsync(token)));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task Tokens_beyond_the_most_void_the_oldest()
    {
        var oldest = await server.NewTokenAsync();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var next = "";
        for (var count = 0; count < Limits.LoginTokensPerAccountMax; count++)
        {
            var made = await server.NewTokenAsync();
            next = count == 0 ? made : next;
        }

        (await server.BeginAsync(oldest)).ShouldFail(403, ErrorCode.LoginTokenInvalid);
        (await server.BeginAsync(next)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{}", 403)]
    [InlineData("{\"token\":7}", 400)]
    [InlineData("token", 400)]
    [InlineData("", 400)]
    public async Task Login_with_a_wrong_body_is_refused(string body, int status) =>
        ((int)(await server.BrowseAsync("POST", "/v1/sessions", body)).Status).ShouldBe(status);

    [Fact]
    public async Task Login_with_a_body_without_end_is_refused() =>
        (await server.BeginAsync(new string('a', 5_000))).ShouldFail(413, ErrorCode.RequestTooLarge);

    [Fact]
    public async Task Login_never_takes_a_session_over()
    {
        var planted = await server.LogInAsync();
        var answer = await server.BeginAsync(await server.NewTokenAsync(), ("Cookie", planted.Cookie));
        answer.CookieText.ShouldNotBe(planted.Cookie);
        (await server.RenewAsync(planted)).ShouldFail(401, ErrorCode.SessionEnded);
        (await server.AskStsAsync(planted.Credentials)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.AskStsAsync(answer.Credentials)).Status.ShouldBe(HttpStatusCode.OK);
        var made = await server.BeginAsync(
            await server.NewTokenAsync(), ("Cookie", $"lambent-session-{server.Port}=chosen-by-another"));
        made.CookieText!.ShouldNotContain("chosen-by-another");
    }

    [Fact]
    public async Task Login_that_fails_ends_no_session()
    {
        var session = await server.LogInAsync();
        (await server.BeginAsync("wrong", ("Cookie", session.Cookie))).ShouldFail(403, ErrorCode.LoginTokenInvalid);
        (await server.RenewAsync(session)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Credentials_sign_as_a_key_of_the_account()
    {
        var session = await server.LogInAsync();
        (await server.AskStsAsync(session.Credentials)).Text.ShouldContain("arn:aws:iam::000000000000:root");
        (await server.CallAsync("GET", "/v1/accounts", credentials: session.Credentials)).Status
            .ShouldBe(HttpStatusCode.OK);
        (await server.CallAsync("POST", "/v1/sessions/tokens", credentials: session.Credentials)).Status
            .ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Credentials_of_a_tenant_stay_in_its_account()
    {
        var tenant = (await server.Accounts.CreateAsync("tenant")).Value;
        var session = await server.LogInAsync(tenant.Key);
        (await server.AskStsAsync(session.Credentials)).Text.ShouldContain($"arn:aws:iam::{tenant.Account.Id}:root");
        (await server.CallAsync("GET", "/v1/accounts", credentials: session.Credentials))
            .ShouldFail(403, ErrorCode.AccessDenied);
    }

    [Fact]
    public async Task Renewal_gives_fresh_credentials_and_no_proof()
    {
        var session = await server.LogInAsync();
        server.Time.Advance(TimeSpan.FromMinutes(14));
        var answer = await server.RenewAsync(session);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Json["proof"].ShouldBeNull();
        answer.CookieText.ShouldBe(session.Cookie);
        answer.Json["expiresAt"]!.GetValue<DateTimeOffset>()
            .ShouldBe(server.Time.GetUtcNow() + TimeSpan.FromHours(12));
        server.Time.Advance(TimeSpan.FromMinutes(1));
        (await server.AskStsAsync(session.Credentials)).Text.ShouldContain("ExpiredToken");
        (await server.AskStsAsync(answer.Credentials)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Cookie_without_its_proof_is_worth_nothing()
    {
        var (session, other) = (await server.LogInAsync(), await server.LogInAsync());
        foreach (var proof in (string[])["", "wrong", other.Proof, session.Proof + "a", new string('a', 10_000)])
        {
            (await server.RenewAsync(session with { Proof = proof })).ShouldFail(401, ErrorCode.SessionEnded);
            (await server.BrowseAsync(
                "DELETE", "/v1/sessions/current",
                headers: [("Cookie", session.Cookie), ("x-lambent-proof", proof)]))
                .ShouldFail(401, ErrorCode.SessionEnded);
        }

        (await server.BrowseAsync(
            "POST", "/v1/sessions/current/credentials", "{}", headers: ("Cookie", session.Cookie)))
            .ShouldFail(401, ErrorCode.SessionEnded);
        (await server.BrowseAsync(
            "POST", "/v1/sessions/current/credentials", "{}", headers: ("x-lambent-proof", session.Proof)))
            .ShouldFail(401, ErrorCode.SessionEnded);
        (await server.RenewAsync(session)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Proof_sent_twice_is_worth_nothing()
    {
        var session = await server.LogInAsync();
        (await server.RenewAsync(session, ("x-lambent-proof", "second"))).ShouldFail(401, ErrorCode.SessionEnded);
    }

    [Fact]
    public async Task Logout_ends_the_credentials_at_once()
    {
        var session = await server.LogInAsync();
        (await server.AskStsAsync(session.Credentials)).Status.ShouldBe(HttpStatusCode.OK);
        var answer = await server.BrowseAsync(
            "DELETE", "/v1/sessions/current",
            headers: [("Cookie", session.Cookie), ("x-lambent-proof", session.Proof)]);
        answer.Status.ShouldBe(HttpStatusCode.NoContent);
        answer.Headers["Set-Cookie"].ShouldStartWith($"lambent-session-{server.Port}=;");
        answer.Headers["Set-Cookie"].ShouldContain("path=/v1/sessions");
        var refused = await server.AskStsAsync(session.Credentials);
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Text.ShouldContain("InvalidClientTokenId");
        (await server.RenewAsync(session)).ShouldFail(401, ErrorCode.SessionEnded);
    }

    [Fact]
    public async Task Sessions_of_another_account_are_neither_seen_nor_ended()
    {
        var tenant = (await server.Accounts.CreateAsync("tenant")).Value;
        var session = await server.LogInAsync();
        var id = (await server.CallAsync("GET", "/v1/sessions")).Json["sessions"]![0]!["id"]!.ToString();
        var stranger = SessionServer.Credentials(tenant.Key);
        (await server.CallAsync("GET", "/v1/sessions", credentials: stranger)).Json["sessions"]!.AsArray()
            .ShouldBeEmpty();
        (await server.CallAsync("DELETE", $"/v1/sessions/{id}", credentials: stranger))
            .ShouldFail(404, ErrorCode.ResourceNotFound);
        (await server.CallAsync("DELETE", "/v1/sessions", credentials: stranger)).Status
            .ShouldBe(HttpStatusCode.NoContent);
        (await server.RenewAsync(session)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task List_says_which_session_is_the_callers_own()
    {
        var (one, two) = (await server.LogInAsync(), await server.LogInAsync());
        var listed = (await server.CallAsync("GET", "/v1/sessions", credentials: one.Credentials)).Json["sessions"]!;
        listed.AsArray().Count.ShouldBe(2);
        listed.AsArray().Count(session => session!["current"]!.GetValue<bool>()).ShouldBe(1);
        listed[0]!["userAgent"]!.ToString().ShouldBe("Browser/1");
        listed.ToJsonString().ShouldNotContain(two.Proof);
        (await server.CallAsync("GET", "/v1/sessions")).Json["sessions"]!.AsArray()
            .ShouldAllBe(session => !session!["current"]!.GetValue<bool>());
    }

    [Fact]
    public async Task One_session_ends_by_its_id_and_all_at_once()
    {
        var (one, two) = (await server.LogInAsync(), await server.LogInAsync());
        var own = (await server.CallAsync("GET", "/v1/sessions", credentials: one.Credentials)).Json["sessions"]!
            .AsArray().Single(session => session!["current"]!.GetValue<bool>())!["id"]!.ToString();
        (await server.CallAsync("DELETE", $"/v1/sessions/{own}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await server.AskStsAsync(one.Credentials)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.CallAsync("DELETE", $"/v1/sessions/{own}")).ShouldFail(404, ErrorCode.ResourceNotFound);
        (await server.AskStsAsync(two.Credentials)).Status.ShouldBe(HttpStatusCode.OK);

        var unused = await server.NewTokenAsync();
        (await server.CallAsync("DELETE", "/v1/sessions")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await server.AskStsAsync(two.Credentials)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.BeginAsync(unused)).ShouldFail(403, ErrorCode.LoginTokenInvalid);
    }

    [Fact]
    public async Task Session_ends_when_it_is_not_used()
    {
        var session = await server.LogInAsync();
        server.Time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        (await server.RenewAsync(session)).Status.ShouldBe(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromHours(12));
        (await server.RenewAsync(session)).ShouldFail(401, ErrorCode.SessionEnded);
        (await server.CallAsync("GET", "/v1/sessions")).Json["sessions"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Session_ends_at_its_age_however_much_it_is_used()
    {
        var session = await server.LogInAsync();
        var end = server.Time.GetUtcNow() + TimeSpan.FromDays(7);
        while (server.Time.GetUtcNow() < end - TimeSpan.FromHours(10))
        {
            server.Time.Advance(TimeSpan.FromHours(10));
            (await server.RenewAsync(session)).Status.ShouldBe(HttpStatusCode.OK);
        }

        server.Time.Advance(end - server.Time.GetUtcNow() - TimeSpan.FromMinutes(5));
        var last = await server.RenewAsync(session);
        last.Json["expiresAt"]!.GetValue<DateTimeOffset>().ShouldBe(end);
        last.Json["credentials"]!["expiresAt"]!.GetValue<DateTimeOffset>().ShouldBe(end);
        server.Time.Advance(TimeSpan.FromMinutes(5));
        (await server.RenewAsync(session)).ShouldFail(401, ErrorCode.SessionEnded);
        (await server.AskStsAsync(last.Credentials)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Restart_keeps_sessions_and_credentials_and_voids_tokens()
    {
        var session = await server.LogInAsync();
        var token = await server.NewTokenAsync();
        await server.RestartAsync();

        // The port of the test's server is another one now, and with it the cookie's name.
        var moved = session with { Cookie = $"lambent-session-{server.Port}={session.Cookie.Split('=')[1]}" };
        (await server.AskStsAsync(session.Credentials)).Status.ShouldBe(HttpStatusCode.OK);
        (await server.RenewAsync(moved)).Status.ShouldBe(HttpStatusCode.OK);
        (await server.BeginAsync(token)).ShouldFail(403, ErrorCode.LoginTokenInvalid);
    }

    [Fact]
    public async Task Deleted_account_takes_its_sessions_and_tokens_along()
    {
        var id = AccountId.Parse("111122223333");
        var tenant = (await server.Accounts.CreateAsync("tenant", id)).Value;
        var session = await server.LogInAsync(tenant.Key);
        var token = await server.NewTokenAsync(tenant.Key);
        (await server.Accounts.DeleteAsync(id)).IsSuccess.ShouldBeTrue();
        (await server.AskStsAsync(session.Credentials)).Status.ShouldBe(HttpStatusCode.Forbidden);

        // Another one with the same id is somebody else.
        var next = (await server.Accounts.CreateAsync("next", id)).Value;
        (await server.RenewAsync(session)).ShouldFail(401, ErrorCode.SessionEnded);
        (await server.AskStsAsync(session.Credentials)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.BeginAsync(token)).ShouldFail(403, ErrorCode.LoginTokenInvalid);
        (await server.CallAsync("GET", "/v1/sessions", credentials: SessionServer.Credentials(next.Key)))
            .Json["sessions"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Sessions_beyond_the_most_end_the_oldest()
    {
        var oldest = await server.LogInAsync();
        server.Time.Advance(TimeSpan.FromMinutes(2));
        for (var count = 0; count < Limits.BrowserSessionsPerAccountMax; count++)
        {
            await server.LogInAsync();
        }

        (await server.RenewAsync(oldest)).ShouldFail(401, ErrorCode.SessionEnded);
        (await server.CallAsync("GET", "/v1/sessions")).Json["sessions"]!.AsArray().Count
            .ShouldBe(Limits.BrowserSessionsPerAccountMax);
    }

    [Fact]
    public void Browsers_name_is_cleaned_and_cut()
    {
        BrowserSessionRules.Clean("Fire\u001b[31mfox\r\n\u202e/1 \ud83e").ShouldBe("Fire[31mfox/1 ");
        BrowserSessionRules.Clean(new string('a', 1_000)).Length.ShouldBe(Limits.UserAgentLengthMax);
        BrowserSessionRules.Clean(null).ShouldBe("");
    }
}
