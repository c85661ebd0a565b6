using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Push;

/// <summary>The server is killed while it posts messages to subscribers.</summary>
public sealed class PushCrashTests
{
    private const int Messages = 40;
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(20);

    /// <summary>What was under way at the kill is hidden for half a minute.</summary>
    private static readonly TimeSpan DeliveryLimit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Messages_acknowledged_before_a_kill_are_pushed_after_it_under_their_ids()
    {
        using var folder = new TemporaryFolder();
        using var subscriber = new HttpListener();
        var port = FreePort();
        subscriber.Prefixes.Add($"http://127.0.0.1:{port}/");
        subscriber.Start();
        var (attempts, delivered) = (new ConcurrentQueue<string>(), new ConcurrentDictionary<string, string>());
        var isWorking = false;
        var serving = ServeAsync();
        var sent = new Dictionary<string, string>();
        await using (var first = await StartAsync(folder))
        {
            using var client = new QueueClient(first.Address, first.Key);
            foreach (var queue in (string[])["jobs", "errors"])
            {
                await client.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = queue });
            }

            var put = await first.Root.SendAsync("PUT", "/v1/queues/jobs/push", new JsonObject
            {
                ["subscribers"] = new JsonArray(
                    new JsonObject { ["name"] = "a", ["url"] = $"http://127.0.0.1:{port}/a" },
                    new JsonObject { ["name"] = "b", ["url"] = $"http://127.0.0.1:{port}/b" }),
                ["errorQueue"] = "errors",
                ["retries"] = 20,
                ["retryDelaySeconds"] = 3,
            });
            put.Status.ShouldBe(200, put.ToString());
            for (var number = 0; number < Messages; number++)
            {
                var answer = await client.CallAsync("SendMessage", new JsonObject
                {
                    ["QueueUrl"] = client.Url("jobs"), ["MessageBody"] = $"message {number}",
                });
                sent[(string)answer["MessageId"]!] = $"message {number}";
            }

            // All were refused by b at least once, and some are being tried again.
            await Deadline.PollAsync(() => attempts.Count > 2 * Messages, LoadLimit);
            await first.KillAsync();
        }

        isWorking = true;
        await using var second = await StartAsync(folder);
        await Deadline.PollAsync(() => delivered.Count == 2 * Messages, DeliveryLimit);
        foreach (var (id, body) in sent)
        {
            delivered[$"/a {id}"].ShouldBe(body);
            delivered[$"/b {id}"].ShouldBe(body);
        }

        await Deadline.PollAsync(
            async () => (await second.Root.GetAsync("/v1/queues/jobs")).Json,
            queue => (long)queue["waiting"]! + (long)queue["inFlight"]! == 0,
            DeliveryLimit);
        ((long)(await second.Root.GetAsync("/v1/queues/errors")).Json["waiting"]!).ShouldBe(0);
        subscriber.Stop();
        await serving;

        async Task ServeAsync()
        {
            while (true)
            {
                HttpListenerContext call;
                try
                {
                    call = await subscriber.GetContextAsync();
                }
                catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using var reader = new StreamReader(call.Request.InputStream);
                var body = await reader.ReadToEndAsync();
                var key = $"{call.Request.Url!.AbsolutePath} {call.Request.Headers["webhook-id"]}";
                attempts.Enqueue(key);
                var takes = isWorking || key[1] == 'a';
                if (takes)
                {
                    delivered[key] = body;
                }

                call.Response.StatusCode = takes ? 200 : 503;
                call.Response.Close();
            }
        }
    }

    private static Task<LambentServer> StartAsync(TemporaryFolder folder) =>
        LambentServer.StartAsync(folder["data"], "--callback-allow", "127.0.0.1/32");

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
