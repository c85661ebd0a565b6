using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Sts;
using Lambent.Server.Native;
using Lambent.Server.Tests.Memory;
using Lambent.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Native;

/// <summary>Logins on a free loopback port, on the real store, with signatures verified as in the product.</summary>
internal sealed class SessionServer : IAsyncDisposable
{
    private const string Region = "us-east-1";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-sessions-");
    private readonly HttpClient client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly Uri? publicUrl;
    private SqliteStore store = null!;
    private WebApplication application = null!;

    private SessionServer(Uri? publicUrl) => this.publicUrl = publicUrl;

    public VirtualTime Time { get; } = new();

    public AccountService Accounts { get; private set; } = null!;

    public SessionTokens Tokens { get; private set; } = null!;

    public AccessKey Root { get; private set; } = null!;

    public string Address => application.Urls.Single();

    public int Port => new Uri(Address).Port;

    public static async Task<SessionServer> StartAsync(Uri? publicUrl = null)
    {
        var server = new SessionServer(publicUrl);
        await server.OpenAsync();
        return server;
    }

    /// <summary>Everything in memory is lost; the port is another one.</summary>
    public async Task RestartAsync()
    {
        await application.DisposeAsync();
        store.Dispose();
        await OpenAsync();
    }

    /// <summary>A signed request.</summary>
    public Task<SessionAnswer> CallAsync(
        string method, string path, string? json = null, SigningCredentials? credentials = null,
        string service = "lambda", string contentType = "application/json")
    {
        var body = Encoding.UTF8.GetBytes(json ?? "");
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address + path));
        if (json is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        new RequestSigner(credentials ?? Credentials(Root), Region, service).Sign(request, body, Time.GetUtcNow());
        return SendAsync(request);
    }

    /// <summary>A request as a browser sends it; a null header is left out.</summary>
    public Task<SessionAnswer> BrowseAsync(
        string method, string path, string? json = null, string? contentType = "application/json",
        params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address + path));
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType =
                contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value ?? "");
        }

        return SendAsync(request);
    }

    public async Task<string> NewTokenAsync(AccessKey? key = null, int? minutes = null)
    {
        var body = minutes is null ? null : $"{{\"minutes\":{minutes}}}";
        var answer = await CallAsync("POST", "/v1/sessions/tokens", body, Credentials(key ?? Root));
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return answer.Json["token"]!.ToString();
    }

    public Task<SessionAnswer> BeginAsync(string token, params (string Name, string? Value)[] headers) =>
        BrowseAsync("POST", "/v1/sessions", $"{{\"token\":\"{token}\"}}", headers: headers);

    public async Task<LoggedIn> LogInAsync(AccessKey? key = null)
    {
        var answer = await BeginAsync(await NewTokenAsync(key), ("User-Agent", "Browser/1"));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return new LoggedIn(answer.CookieText!, answer.Json["proof"]!.ToString(), answer.Credentials);
    }

    public Task<SessionAnswer> RenewAsync(LoggedIn session, params (string Name, string? Value)[] headers) =>
        BrowseAsync(
            "POST",
            "/v1/sessions/current/credentials",
            "{}",
            headers: [("Cookie", session.Cookie), ("x-lambent-proof", session.Proof), .. headers]);

    /// <summary>What STS says of the credentials: 200, or why not.</summary>
    public Task<SessionAnswer> AskStsAsync(SigningCredentials credentials) => CallAsync(
        "POST",
        "/",
        "Action=GetCallerIdentity&Version=2011-06-15",
        credentials,
        "sts",
        "application/x-www-form-urlencoded");

    public static SigningCredentials Credentials(AccessKey key) => new(key.Id, key.Secret);

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await application.DisposeAsync();
        store.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task OpenAsync()
    {
        store = SqliteStore.Open(
            new SqliteStoreOptions { Path = Path.Combine(folder.FullName, "lambent.db") }, TimeProvider.System);
        var keys = new AccessKeyDirectory(store);
        keys.Load();
        Accounts = new AccountService(store, keys, Time);
        Root = (await Accounts.EnsureRootAsync()).Value;
        var browsers = new BrowserSessions(
            store,
            new BrowserSessionRules(Limits.BrowserSessionIdleTimeout, Limits.BrowserSessionAgeMax),
            Time);
        browsers.Load();
        var logins = new LoginTokens(Time);
        Accounts.Deleted += browsers.Refresh;
        Accounts.Deleted += logins.Forget;
        Tokens = new SessionTokens((await SessionTokens.LoadKeyAsync(store)).Value, _ => true, Time)
        {
            IsLive = browsers.IsLive,
        };
        var source = new AccessKeySource(keys, Tokens);
        var ids = new RequestIds(Time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        var stsScope = new SignatureScope(Region, StsEndpoint.Service) { AcceptsGlobalRegion = true };
        new StsEndpoint(new SignatureVerifier(source, stsScope, Time), ids.Next, NullLogger<StsEndpoint>.Instance)
            .Map(application);
        application.UseRouting();
        var verifier = new SignatureVerifier(source, new SignatureScope(Region, "lambda"), Time);
        var native = new NativeEndpoints(verifier, ids, NullLogger<NativeEndpoints>.Instance);
        new AccountOperations(Accounts).Map(native, application);
        new SessionOperations(logins, browsers, Tokens, new BrowserOrigin(publicUrl), Region, Time)
            .Map(native, application);
        await application.StartAsync();
    }

    private async Task<SessionAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request);
            return new SessionAnswer(
                response.StatusCode,
                await response.Content.ReadAsStringAsync(),
                response.Headers.ToDictionary(
                    header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase));
        }
    }
}

/// <summary>A browser that is logged in.</summary>
internal sealed record LoggedIn(string Cookie, string Proof, SigningCredentials Credentials);

internal sealed record SessionAnswer(
    HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The cookie as a browser sends it back, or null.</summary>
    public string? CookieText => Headers.TryGetValue("Set-Cookie", out var cookie) ? cookie.Split(';')[0] : null;

    public SigningCredentials Credentials
    {
        get
        {
            var given = Json["credentials"]!;
            return new SigningCredentials(
                given["accessKeyId"]!.ToString(),
                given["secretAccessKey"]!.ToString(),
                given["sessionToken"]!.ToString());
        }
    }

    public void ShouldFail(int status, ErrorCode code)
    {
        ((int)Status).ShouldBe(status, Text);
        Json["error"]!["code"]!.ToString().ShouldBe(code.ToString());
        Headers.ContainsKey("Set-Cookie").ShouldBeFalse();
    }
}
