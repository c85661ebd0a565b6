using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.EndToEnd.Durability;

namespace Lambent.EndToEnd.Webhooks;

/// <summary>A webhook's 202 is a promise that a dead server keeps when it is started again.</summary>
public sealed class WebhookCrashTests
{
    private const string Secret = "It's a Secret to Everybody";
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DeliveryLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Requests_acknowledged_before_a_kill_run_after_the_restart_and_repeats_do_not()
    {
        using var folder = new TemporaryFolder();
        var accepted = new ConcurrentDictionary<int, string>();
        string token;
        await using (var first = await LambentServer.StartAsync(folder["data"]))
        {
            await first.Root.CreateFunctionAsync(new FunctionDefinition(
                "recorder", "nodejs20.x", "index.handler", ZipPackage.Of(("index.mjs", EventWitness.Handler)))
            {
                TimeoutSeconds = 60,
            });
            await first.Root.SendAsync(
                "PUT",
                "/2017-10-31/functions/recorder/concurrency",
                new JsonObject { ["ReservedConcurrentExecutions"] = 1 });
            var created = await first.Root.SendAsync("POST", "/v1/webhooks", new JsonObject
            {
                ["name"] = "gh",
                ["target"] = "recorder",
                ["scheme"] = "github",
                ["secret"] = Secret,
                ["payload"] = "body",
                ["rate"] = 10_000,
            });
            created.Status.ShouldBe(201, created.ToString());
            token = new Uri((string)created.Json["address"]!).AbsolutePath;

            // The first holds the only place, so that none of the others runs before the server is killed.
            var until = TimeProvider.System.GetUtcNow().Add(HoldTime).ToUnixTimeMilliseconds();
            accepted[0] = (await PostAsync(first, token, 0, until))!;
            await Deadline.PollAsync(
                () => first.Root.GetAsync("/v1/environments"), answer => answer.Text.Contains("\"busy\""), LoadLimit);
            var load = Task.WhenAll(Enumerable.Range(1, 4).Select(worker => UntilItDiesAsync(first, token, worker)));
            await Deadline.PollAsync(() => accepted.Count > 40, LoadLimit);
            await first.KillAsync();
            await load;

            async Task UntilItDiesAsync(LambentServer server, string path, int worker)
            {
                for (var number = worker * 10_000; ; number++)
                {
                    if (await PostAsync(server, path, number, 0) is not { } eventId)
                    {
                        return;
                    }

                    accepted[number] = eventId;
                }
            }
        }

        await using var second = await LambentServer.StartAsync(folder["data"]);
        foreach (var (number, eventId) in accepted.Take(20))
        {
            (await PostAsync(second, token, number, 0)).ShouldBe(eventId, "the same delivery makes no second event");
        }

        await Deadline.PollAsync(
            async () =>
            {
                var seen = await EventWitness.SeenAsync(second.Root, "recorder");
                return string.Join(',', accepted.Keys.Where(id => !seen.Contains(id)).Order());
            },
            missing => missing.Length == 0,
            DeliveryLimit);
    }

    [Fact]
    public async Task Callback_that_was_owed_before_a_kill_is_made_after_the_restart()
    {
        using var folder = new TemporaryFolder();
        using var outside = new HttpListener();
        var port = FreePort();
        outside.Prefixes.Add($"http://127.0.0.1:{port}/");
        await using (var first = await LambentServer.StartAsync(folder["data"], "--callback-allow", "127.0.0.1/32"))
        {
            // Nobody listens yet: the call fails and waits for its next attempt.
            var created = await first.Root.SendAsync("POST", "/v1/webhooks", new JsonObject
            {
                ["name"] = "out",
                ["url"] = $"http://127.0.0.1:{port}/hook",
                ["types"] = new JsonArray("function.created"),
            });
            created.Status.ShouldBe(201, created.ToString());
            await first.Root.CreateFunctionAsync(Programs.NodeFunction("told", "hello"));
            await first.KillAsync();
        }

        outside.Start();
        await using var second = await LambentServer.StartAsync(folder["data"], "--callback-allow", "127.0.0.1/32");
        var call = await outside.GetContextAsync().WaitAsync(DeliveryLimit);
        using var body = new StreamReader(call.Request.InputStream);
        var told = JsonNode.Parse(await body.ReadToEndAsync())!;
        call.Request.Headers["webhook-signature"].ShouldStartWith("v1,");
        call.Response.Close();
        ((string?)told["type"]).ShouldBe("function.created");
        ((string?)told["data"]!["functionName"]).ShouldBe("told");
    }

    /// <summary>The event's id, or null when the server is gone.</summary>
    private static async Task<string?> PostAsync(LambentServer server, string path, int number, long until)
    {
        var body = $$"""{"id":{{number}},"until":{{until}}}""";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, path))
        {
            Content = new StringContent(body),
        };
        request.Headers.Add("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(signature)}");
        request.Headers.Add("X-GitHub-Delivery", $"delivery-{number}");
        try
        {
            using var response = await client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.Accepted, text);
            return (string)JsonNode.Parse(text)!["eventId"]!;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
