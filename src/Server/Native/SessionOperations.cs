using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Server.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// Logins to the dashboard. A signed request makes a token; a browser begins a session with it and asks for
/// credentials of the account again and again, with a cookie and a proof that the page keeps. A cookie alone is worth
/// nothing: other programs on other ports of the same host get it too.
/// </summary>
internal sealed class SessionOperations(
    LoginTokens tokens,
    BrowserSessions sessions,
    SessionTokens credentials,
    BrowserOrigin origin,
    string region,
    TimeProvider time)
{
    private const string ProofHeader = "x-lambent-proof";
    private const int RequestBytesMax = 4 * 1024;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "POST", "/v1/sessions/tokens", MakeTokenAsync, RequestBytesMax);
        endpoints.Map(routes, "GET", "/v1/sessions", ListAsync, RequestBytesMax);
        endpoints.Map(routes, "DELETE", "/v1/sessions", EndAllAsync, RequestBytesMax);
        endpoints.Map(routes, "DELETE", "/v1/sessions/{id}", EndAsync, RequestBytesMax);
        endpoints.MapUnsigned(routes, "POST", "/v1/sessions", BeginAsync, RequestBytesMax);
        endpoints.MapUnsigned(
            routes, "POST", "/v1/sessions/current/credentials", RenewAsync, RequestBytesMax);
        endpoints.MapUnsigned(routes, "DELETE", "/v1/sessions/current", LogOutAsync, RequestBytesMax);
    }

    private async Task<Error?> MakeTokenAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        ForbidStoring(http);
        var minutes = Limits.LoginTokenMinutesDefault;
        if (body.Length > 0)
        {
            if (NativeEndpoints.Read(body, SessionJson.Default.LoginTokenRequest)
                .Failed(out var request, out var wrong))
            {
                return wrong;
            }

            minutes = request.Minutes ?? minutes;
        }

        if (minutes is < 1 or > Limits.LoginTokenMinutesMax)
        {
            return new Error(
                ErrorCode.ValidationFailed, $"minutes must be 1 to {Limits.LoginTokenMinutesMax}.", "minutes");
        }

        var made = tokens.Make(principal.Account, TimeSpan.FromMinutes(minutes));
        var answer = new LoginTokenAnswer(made.Token, made.ExpiresAt, LoginUrl(origin.Of(http), made));
        await NativeEndpoints.WriteAsync(http, 201, answer, SessionJson.Default.LoginTokenAnswer);
        return null;
    }

    private async Task<Error?> BeginAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        ForbidStoring(http);
        if (origin.Check(http) is { } refused)
        {
            return refused;
        }

        if (NativeEndpoints.Read(body, SessionJson.Default.LoginRequest).Failed(out var request, out var invalid))
        {
            return invalid;
        }

        if (request.Token is not { Length: <= SessionSecret.LengthMax } || tokens.Take(request.Token) is not { } taken)
        {
            return new Error(
                ErrorCode.LoginTokenInvalid,
                "The login token was used already, has expired or was never made here: make another one.");
        }

        Result<NewBrowserSession> begun;
        try
        {
            // Even when the caller does not wait: a token is used up or not, never perhaps.
            begun = await sessions.BeginAsync(
                taken.Account, http.Request.Headers.UserAgent, BrowserOrigin.Cookie(http), CancellationToken.None);
        }
        catch (StoreException)
        {
            // Nothing began, so the token is still good: the disk may have been full.
            tokens.PutBack(taken);
            throw;
        }

        if (begun.Failed(out var created, out var failure))
        {
            return failure;
        }

        origin.SetCookie(http, created.Cookie, sessions.EndOf(created.Session) - time.GetUtcNow());
        await AnswerAsync(http, created.Session, created.Account, created.Proof);
        return null;
    }

    private async Task<Error?> RenewAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        ForbidStoring(http);
        if (origin.Check(http) is { } refused)
        {
            return refused;
        }

        var cookie = BrowserOrigin.Cookie(http);
        if ((await sessions.UseAsync(cookie, Proof(http), http.RequestAborted)).Failed(out var used, out var ended))
        {
            return ended;
        }

        // The browser forgets the cookie when the session would end; each use moves that.
        origin.SetCookie(http, cookie!, sessions.EndOf(used.Session) - time.GetUtcNow());
        await AnswerAsync(http, used.Session, used.Account, proof: null);
        return null;
    }

    private async Task<Error?> LogOutAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        ForbidStoring(http);
        if (origin.Check(http) is { } refused)
        {
            return refused;
        }

        var ended = await sessions.LogOutAsync(BrowserOrigin.Cookie(http), Proof(http), http.RequestAborted);
        if (ended.Error is { } failure)
        {
            return failure;
        }

        origin.ClearCookie(http);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        ForbidStoring(http);
        var answer = new BrowserSessionsAnswer(
        [
            .. sessions.List(principal.Account).Select(session => new BrowserSessionAnswer(
                session.Id,
                session.BegunAt,
                session.LastUsedAt,
                sessions.EndOf(session),
                session.UserAgent,
                session.Id == principal.BrowserSession)),
        ]);
        await NativeEndpoints.WriteAsync(http, 200, answer, SessionJson.Default.BrowserSessionsAnswer);
        return null;
    }

    private async Task<Error?> EndAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var id = (string)http.Request.RouteValues["id"]!;
        if ((await sessions.EndAsync(principal.Account, id, http.RequestAborted)).Error is { } failure)
        {
            return failure;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private async Task<Error?> EndAllAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        // The tokens that were made and not used yet would begin new ones.
        tokens.Forget(principal.Account);
        if ((await sessions.EndAllAsync(principal.Account, http.RequestAborted)).Error is { } failure)
        {
            return failure;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private Task AnswerAsync(HttpContext http, BrowserSession session, Account account, string? proof)
    {
        var end = sessions.EndOf(session);
        var expiresAt = time.GetUtcNow() + Limits.BrowserCredentialLifetime;
        var issued = credentials.Issue(session, expiresAt < end ? expiresAt : end);
        var answer = new LoginAnswer(
            proof,
            account.Id.Value,
            account.Name,
            region,
            ProgramVersion.Text,
            end,
            new BrowserCredentialsAnswer(issued.AccessKeyId, issued.Secret, issued.SessionToken, issued.ExpiresAt));
        return NativeEndpoints.WriteAsync(http, 200, answer, SessionJson.Default.LoginAnswer);
    }

    /// <summary>The page that uses a token; after the # because that part is never sent to a server.</summary>
    public static string LoginUrl(string origin, LoginToken token) => $"{origin}/login#token={token.Token}";

    private static string? Proof(HttpContext http) =>
        http.Request.Headers.TryGetValue(ProofHeader, out var values) && values is [{ } proof] ? proof : null;

    private static void ForbidStoring(HttpContext http) => http.Response.Headers.CacheControl = "no-store";
}
