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
        using var subscriber = new Subscriber();
        Dictionary<string, string> sent;
        await using (var first = await StartAsync(folder))
        {
            sent = await SendAsync(first, subscriber.Address);

            // All were refused by b at least once, and some are being tried again.
            await Deadline.PollAsync(() => subscriber.Attempts > 2 * Messages, LoadLimit);
            await first.KillAsync();
        }

        subscriber.IsWorking = true;
        await using var second = await StartAsync(folder);
        await Deadline.PollAsync(() => subscriber.Delivered.Count == 2 * Messages, DeliveryLimit);
        foreach (var (id, body) in sent)
        {
            subscriber.Delivered[$"/a {id}"].ShouldBe(body);
            subscriber.Delivered[$"/b {id}"].ShouldBe(body);
        }

        await Deadline.PollAsync(
            async () => (await second.Root.GetAsync("/v1/queues/jobs")).Json,
            queue => (long)queue["waiting"]! + (long)queue["inFlight"]! == 0,
            DeliveryLimit);
        ((long)(await second.Root.GetAsync("/v1/queues/errors")).Json["waiting"]!).ShouldBe(0);
    }

    /// <summary>Makes the queues and sends the messages; what was acknowledged, by id.</summary>
    private static async Task<Dictionary<string, string>> SendAsync(LambentServer server, string subscriber)
    {
        using var client = new AwsJsonClient(server.Address, server.Key);
        foreach (var queue in (string[])["jobs", "errors"])
        {
            await client.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = queue });
        }

        var put = await server.Root.SendAsync("PUT", "/v1/queues/jobs/push", new JsonObject
        {
            ["subscribers"] = new JsonArray(
                new JsonObject { ["name"] = "a", ["url"] = $"{subscriber}a" },
                new JsonObject { ["name"] = "b", ["url"] = $"{subscriber}b" }),
            ["errorQueue"] = "errors",
            ["retries"] = 20,
            ["retryDelaySeconds"] = 3,
        });
        put.Status.ShouldBe(200, put.ToString());
        var sent = new Dictionary<string, string>();
        for (var number = 0; number < Messages; number++)
        {
            var answer = await client.CallAsync("SendMessage", new JsonObject
            {
                ["QueueUrl"] = client.Url("jobs"), ["MessageBody"] = $"message {number}",
            });
            sent[(string)answer["MessageId"]!] = $"message {number}";
        }

        return sent;
    }

    private static Task<LambentServer> StartAsync(TemporaryFolder folder) =>
        LambentServer.StartAsync(folder["data"], "--callback-allow", "127.0.0.1/32");

    /// <summary>Takes what comes to /a, and what comes to /b when it works.</summary>
    private sealed class Subscriber : IDisposable
    {
        private readonly HttpListener listener = new();
        private int attempts;

        public Subscriber()
        {
            Address = $"http://127.0.0.1:{FreePort()}/";
            listener.Prefixes.Add(Address);
            listener.Start();
            _ = ServeAsync();
        }

        public string Address { get; }

        public bool IsWorking { get; set; }

        public int Attempts => Volatile.Read(ref attempts);

        /// <summary>Bodies by path and message id.</summary>
        public ConcurrentDictionary<string, string> Delivered { get; } = new();

        public void Dispose() => listener.Close();

        private async Task ServeAsync()
        {
            while (true)
            {
                HttpListenerContext call;
                try
                {
                    call = await listener.GetContextAsync();
                }
                catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using var reader = new StreamReader(call.Request.InputStream);
                var body = await reader.ReadToEndAsync();
                var key = $"{call.Request.Url!.AbsolutePath} {call.Request.Headers["webhook-id"]}";
                Interlocked.Increment(ref attempts);
                var takes = IsWorking || key[1] == 'a';
                if (takes)
                {
                    Delivered[key] = body;
                }

                call.Response.StatusCode = takes ? 200 : 503;
                call.Response.Close();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
