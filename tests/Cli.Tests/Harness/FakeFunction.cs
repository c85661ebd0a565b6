using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Lambent.Cli.Tests.Harness;

/// <summary>
/// One function with the behaviour that deploys rely on: states that settle later, revisions, tags, a URL.
/// </summary>
internal sealed class FakeFunction
{
    private readonly string name;
    private JsonObject? configuration;
    private JsonObject tags = [];
    private int revision;
    private int unsettledReads;

    public FakeFunction(FakeServer server, string name)
    {
        this.name = name;
        var path = $"/2015-03-31/functions/{name}";
        server.On("POST /2015-03-31/functions", CreateAsync);
        server.On($"GET {path}", GetAsync);
        server.On($"GET {path}/configuration", ReadAsync);
        server.On($"PUT {path}/code", http => UpdateAsync(http, ApplyCode));
        server.On($"PUT {path}/configuration", http => UpdateAsync(http, ApplyConfiguration));
        server.On($"POST /2017-03-31/tags/{Arn}", TagAsync);
        server.On($"PUT /2017-10-31/functions/{name}/concurrency", ReserveAsync);
        server.On($"GET /2019-09-25/functions/{name}/event-invoke-config", http => Events is null
            ? FakeServer.WriteErrorAsync(
                http, 404, "ResourceNotFoundException", $"The function {Arn} doesn't have an EventInvokeConfig")
            : WriteAsync(http, 200, Events));
        server.On($"PUT /2019-09-25/functions/{name}/event-invoke-config", async http =>
        {
            Events = await BodyAsync(http);
            await WriteAsync(http, 200, Events);
        });
        server.On($"GET /2021-10-31/functions/{name}/url", http => Url is null
            ? FakeServer.WriteErrorAsync(
                http, 404, "ResourceNotFoundException", "The resource you requested does not exist.")
            : WriteAsync(http, 200, UrlConfiguration()));
        server.On($"POST /2021-10-31/functions/{name}/url", http =>
        {
            Url = $"http://{name}.localhost/";
            return WriteAsync(http, 201, UrlConfiguration());
        });
        server.On($"POST {path}/policy", async http =>
        {
            Permissions.Add((await BodyAsync(http))["StatementId"]!.GetValue<string>());
            await WriteAsync(http, 201, new JsonObject { ["Statement"] = "{}" });
        });
    }

    public string Arn => $"arn:aws:lambda:eu-north-1:000000000000:function:{name}";

    public string? Url { get; private set; }

    /// <summary>How asynchronous calls are made, as it was last put.</summary>
    public JsonObject? Events { get; private set; }

    public int? Reserved { get; private set; }

    public List<string> Permissions { get; } = [];

    public JsonObject Tags => tags;

    public JsonObject Configuration => configuration!;

    public byte[] Zip { get; private set; } = [];

    /// <summary>As another editor would: every revision that was read before is out of date.</summary>
    public void ChangeElsewhere() => revision++;

    private async Task CreateAsync(HttpContext http)
    {
        var call = await BodyAsync(http);
        configuration = new JsonObject
        {
            ["FunctionName"] = name,
            ["FunctionArn"] = Arn,
            ["MemorySize"] = 128,
            ["Timeout"] = 3,
            ["Version"] = "$LATEST",
            ["State"] = "Active",
            ["LastUpdateStatus"] = "Successful",
        };
        ApplyCode((JsonObject)call["Code"]!);
        ApplyConfiguration(call);
        tags = call["Tags"]?.DeepClone().AsObject() ?? [];
        unsettledReads = 2;
        await WriteAsync(http, 201, Shown());
    }

    private Task GetAsync(HttpContext http)
    {
        if (configuration is null)
        {
            return FakeServer.WriteErrorAsync(http, 404, "ResourceNotFoundException", $"Function not found: {Arn}");
        }

        var answer = new JsonObject { ["Configuration"] = Shown(), ["Tags"] = tags.DeepClone() };
        if (Reserved is { } reserved)
        {
            answer["Concurrency"] = new JsonObject { ["ReservedConcurrentExecutions"] = reserved };
        }

        return WriteAsync(http, 200, answer);
    }

    private Task ReadAsync(HttpContext http) => WriteAsync(http, 200, Shown());

    private async Task UpdateAsync(HttpContext http, Action<JsonObject> apply)
    {
        var call = await BodyAsync(http);
        if (call["RevisionId"] is { } expected && expected.GetValue<string>() != $"revision-{revision}")
        {
            await FakeServer.WriteErrorAsync(
                http, 412, "PreconditionFailedException",
                "The Revision Id provided does not match the latest Revision Id.");
            return;
        }

        apply(call);
        unsettledReads = 1;
        await WriteAsync(http, 200, Shown());
    }

    private void ApplyCode(JsonObject call)
    {
        Zip = Convert.FromBase64String(call["ZipFile"]!.GetValue<string>());
        configuration!["CodeSha256"] = Convert.ToBase64String(SHA256.HashData(Zip));
        configuration["CodeSize"] = Zip.Length;
        revision++;
    }

    private void ApplyConfiguration(JsonObject call)
    {
        foreach (var field in new[] { "Runtime", "Handler", "MemorySize", "Timeout", "Environment" })
        {
            if (call[field] is { } value)
            {
                configuration![field] = value.DeepClone();
            }
        }

        revision++;
    }

    /// <summary>The first reads after a change say that it is under way.</summary>
    private JsonObject Shown()
    {
        var shown = configuration!.DeepClone().AsObject();
        if (unsettledReads > 0)
        {
            unsettledReads--;
            shown["LastUpdateStatus"] = "InProgress";
        }

        shown["RevisionId"] = $"revision-{revision}";
        return shown;
    }

    private async Task TagAsync(HttpContext http)
    {
        foreach (var (tag, value) in (await BodyAsync(http))["Tags"]!.AsObject())
        {
            tags[tag] = value!.DeepClone();
        }

        http.Response.StatusCode = 204;
    }

    private async Task ReserveAsync(HttpContext http)
    {
        var call = await BodyAsync(http);
        Reserved = call["ReservedConcurrentExecutions"]!.GetValue<int>();
        await WriteAsync(http, 200, call);
    }

    private JsonObject UrlConfiguration() => new() { ["FunctionUrl"] = Url, ["AuthType"] = "NONE" };

    private static async Task<JsonObject> BodyAsync(HttpContext http) =>
        (await JsonNode.ParseAsync(http.Request.Body))!.AsObject();

    private static Task WriteAsync(HttpContext http, int status, JsonObject answer)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(answer.ToJsonString());
    }
}
