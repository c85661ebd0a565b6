using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Lambent.Simulation.Serverless;

namespace Lambent.EndToEnd.Durability;

/// <summary>
/// The checker of λ-serverless on what the real server did under load: events for a function, two versions of it one
/// after the other, and a kill with everything that runs in between. What an instance saw of itself is in what it
/// returned, which the server writes down with the event's end.
/// </summary>
public sealed class ServerlessTraceTests
{
    private const int Senders = 4;
    private const int EventsOfLife = 120;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Its clock is the machine's with fractions of milliseconds, so that calls one after the other show so.
    /// </summary>
    private static readonly string Handler = """
        const instance = Math.random().toString(36).slice(2) + process.hrtime.bigint();
        let calls = 0;
        export const handler = async (event, context) => {
          const earlier = calls++;
          const begun = performance.timeOrigin + performance.now();
          await new Promise((resolve) => setTimeout(resolve, event.n % 5));
          const ended = performance.timeOrigin + performance.now();
          return { instance, earlier, begun, ended, revision: "REVISION", request: context.awsRequestId, n: event.n };
        };
        """;

    [Fact]
    public async Task Trace_of_the_server_under_load_with_a_kill_is_a_path_of_lambda_serverless()
    {
        using var folder = new TemporaryFolder();
        var accepted = new ConcurrentDictionary<string, byte>();
        await using (var server = await StartAsync(folder["data"]))
        {
            await PrepareAsync(server);
            var load = LoadAsync(server, accepted);
            await Deadline.PollAsync(() => accepted.Count >= EventsOfLife || load.IsCompleted, Limit);
            await server.KillAsync();
            await load;
        }

        await using var last = await StartAsync(folder["data"]);
        var more = LoadAsync(last, accepted, EventsOfLife / 2);
        await Deadline.PollAsync(() => accepted.Count >= EventsOfLife + 20 || more.IsCompleted, Limit);
        var updated = await last.Root.SendAsync(
            "PUT",
            "/2015-03-31/functions/traced/code",
            new JsonObject { ["ZipFile"] = Convert.ToBase64String(Package("second")) });
        updated.Status.ShouldBe(200, updated.ToString());
        await more;
        var outcomes = await DrainAsync(last, accepted.Keys);

        // What was on the disk when the server was killed counts as accepted, though its sender was not told.
        string[] requests = [.. accepted.Keys.Union(outcomes.Select(call => call.Request))];
        var checker = new TraceChecker();
        foreach (var step in ObservedTrace.From(requests, "traced", outcomes))
        {
            checker.Check(step);
        }

        checker.CheckEnd(_ => 1);
        checker.Broken.ShouldBeEmpty();
        outcomes.Select(call => call.Revision).Distinct().Count().ShouldBe(2);
        outcomes.Count(call => call.EarlierCalls > 0).ShouldBeGreaterThan(requests.Length / 2);
        (await last.StopAsync()).ShouldBe(0, last.Output);
    }

    private static Task<LambentServer> StartAsync(string folder) =>
        LambentServer.StartAsync(folder, "--warm-memory", "0");

    private static byte[] Package(string revision) =>
        ZipPackage.Of(("index.mjs", Handler.Replace("REVISION", revision, StringComparison.Ordinal)));

    private static async Task PrepareAsync(LambentServer server)
    {
        using var queues = new AwsJsonClient(server.Address, server.Key);
        await queues.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = "outcomes" });
        await server.Root.CreateFunctionAsync(
            new FunctionDefinition("traced", "nodejs20.x", "index.handler", Package("first")) { TimeoutSeconds = 10 });
        var configured = await server.Root.SendAsync(
            "PUT",
            "/2019-09-25/functions/traced/event-invoke-config",
            JsonNode.Parse("""
                {"DestinationConfig": {
                  "OnSuccess": {"Destination": "arn:aws:sqs:us-east-1:000000000000:outcomes"},
                  "OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:outcomes"}}}
                """)!);
        configured.Status.ShouldBe(200, configured.ToString());
    }

    private static Task LoadAsync(
        LambentServer server, ConcurrentDictionary<string, byte> accepted, int each = int.MaxValue) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            try
            {
                for (var number = 0; number < each; number++)
                {
                    var answer = await server.Root.InvokeAsync(
                        "traced", $$"""{"n":{{number}}}""", null, ("X-Amz-Invocation-Type", "Event"));
                    answer.Status.ShouldBe(202, answer.ToString());
                    accepted.TryAdd(answer.Header("X-Lambent-Event-Id")!, 0).ShouldBeTrue("two events with one id");
                }
            }
            catch (Exception died) when (died is HttpRequestException or IOException or TaskCanceledException)
            {
                // The answer never came: the event may be there or not.
            }
        }));

    private static async Task<List<ObservedCall>> DrainAsync(LambentServer server, ICollection<string> wanted)
    {
        using var queues = new AwsJsonClient(server.Address, server.Key);
        var outcomes = new List<ObservedCall>();
        await Deadline.PollAsync(
            async () =>
            {
                await ReceiveAsync(queues, outcomes);
                return wanted.Except(outcomes.Select(call => call.Request)).Count();
            },
            missing => missing == 0,
            Limit);
        while (await ReceiveAsync(queues, outcomes) > 0)
        {
        }

        return outcomes;
    }

    private static async Task<int> ReceiveAsync(AwsJsonClient queues, List<ObservedCall> outcomes)
    {
        var url = queues.Url("outcomes");
        var received = await queues.CallAsync(
            "ReceiveMessage",
            new JsonObject { ["QueueUrl"] = url, ["MaxNumberOfMessages"] = 10, ["WaitTimeSeconds"] = 1 });
        var entries = new JsonArray();
        foreach (var message in received["Messages"] as JsonArray ?? [])
        {
            outcomes.Add(Read(JsonNode.Parse((string)message!["Body"]!)!));
            entries.Add(new JsonObject
            {
                ["Id"] = $"{entries.Count}", ["ReceiptHandle"] = (string)message["ReceiptHandle"]!,
            });
        }

        if (entries.Count > 0)
        {
            await queues.CallAsync("DeleteMessageBatch", new JsonObject { ["QueueUrl"] = url, ["Entries"] = entries });
        }

        return entries.Count;
    }

    private static ObservedCall Read(JsonNode record)
    {
        var seen = record["responsePayload"]!;
        var id = (string)record["requestContext"]!["requestId"]!;
        ((string)seen["request"]!).ShouldBe(id, "the function saw another request than the outcome is of");
        return new ObservedCall(
            id,
            "traced",
            (string)seen["instance"]!,
            (string)seen["revision"]!,
            (int)seen["earlier"]!,
            (double)seen["begun"]!,
            (double)seen["ended"]!,
            seen.ToJsonString());
    }
}
