using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lambent.Cli.Tests.Harness;

/// <summary>One request as the server saw it.</summary>
internal sealed record SeenRequest(string Method, string Path, string Query, string Body, string Authorization)
{
    public override string ToString() => $"{Method} {Path}{Query}";
}

/// <summary>An HTTP server on a free loopback port that answers as a test says.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const string Credentials = """
        [default]
        aws_access_key_id = AKIAEXAMPLE
        aws_secret_access_key = c2VjcmV0
        region = eu-north-1
        """;

    private readonly WebApplication application;
    private readonly ConcurrentDictionary<string, RequestDelegate> answers = new(StringComparer.Ordinal);

    private FakeServer(WebApplication application) => this.application = application;

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public string Address => application.Urls.First();

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new FakeServer(builder.Build());
        server.application.Run(server.ServeAsync);
        await server.application.StartAsync();
        return server;
    }

    /// <summary>What "METHOD /path" answers, the query left out.</summary>
    public FakeServer On(string route, RequestDelegate answer)
    {
        answers[route] = answer;
        return this;
    }

    public FakeServer OnJson(string route, string json, int status = 200) => On(route, http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    });

    public FakeServer OnError(string route, int status, string type, string message) => On(route, http =>
        WriteErrorAsync(http, status, type, message));

    public static Task WriteErrorAsync(HttpContext http, int status, string type, string message)
    {
        http.Response.StatusCode = status;
        http.Response.Headers["x-amzn-ErrorType"] = type;
        http.Response.Headers["x-amzn-RequestId"] = "request-1";
        return http.Response.WriteAsJsonAsync(new Dictionary<string, string>
        {
            ["Type"] = "User",
            [type == "ResourceNotFoundException" ? "Message" : "message"] = message,
        });
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        http.Request.EnableBuffering();
        using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        http.Request.Body.Position = 0;
        var path = http.Request.Path.Value!;
        Requests.Enqueue(new SeenRequest(
            http.Request.Method, path, http.Request.QueryString.Value!, body,
            http.Request.Headers.Authorization.ToString()));
        if (answers.TryGetValue($"{http.Request.Method} {path}", out var answer))
        {
            await answer(http);
        }
        else
        {
            await WriteErrorAsync(
                http, 404, "ResourceNotFoundException", $"Nothing answers {http.Request.Method} {path}");
        }
    }
}
