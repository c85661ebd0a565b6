using System.Net;
using System.Text.Json.Nodes;
using Lambent.EndToEnd.Mappings;

namespace Lambent.EndToEnd.Traces;

/// <summary>One trace through everything that calls and waits, and releases that became slower.</summary>
public sealed class TraceTests : IAsyncDisposable
{
    private const string Incoming = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder folder = new();
    private LambentServer? server;

    private LambentServer Server => server!;

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        folder.Dispose();
    }

    [Fact]
    public async Task Trace_leads_through_queue_and_workflow_to_a_program_outside()
    {
        using var outside = new Outside();
        server = await LambentServer.StartAsync(folder["data"], "--callback-allow", "127.0.0.1");
        using var queue = new QueueFunction(server);
        using var workflows = new AwsJsonClient(server.Address, server.Key);
        await queue.CreateQueueAsync("orders");
        await CreateFunctionAsync("billing");
        var machine = await CreateMachineAsync(workflows, outside.Address);
        await CreateFunctionAsync("intake", ("MACHINE", machine));
        await CreateFunctionAsync("shop", ("QUEUE", new AwsJsonClient(server.Address, server.Key).Url("orders")));
        await queue.MapAsync("orders", "intake");
        var url = await Server.Root.SendAsync(
            "POST", "/2021-10-31/functions/shop/url", new JsonObject { ["AuthType"] = "AWS_IAM" });
        url.Status.ShouldBe(201, url.ToString());

        var answer = await Server.Root.SendAsync(
            "GET", "/fn/shop/", null, ("traceparent", $"00-{Incoming}-{Parent}-01"));
        answer.Status.ShouldBe(200, answer.ToString());
        (await outside.Received.Task.WaitAsync(Patience)).ShouldStartWith($"00-{Incoming}-");
        var trace = await Deadline.PollAsync(
            () => Server.Root.GetAsync($"/v1/traces/{Incoming}"),
            found => found.Status == 200 && IsComplete(found.Json),
            Patience);
        IsComplete(trace.Json).ShouldBeTrue(trace.ToString());
        var spans = trace.Json["spans"]!.AsArray();

        // From the last to the first, each belongs to the one before.
        var shop = Call(spans, "shop");
        ((string)shop["parentSpanId"]!).ShouldBe(Parent);
        var wait = Child(spans, shop, "orders wait");
        var intake = Child(spans, wait, "intake");
        var execution = spans.Single(span => (string)span!["origin"]! == "execution")!;
        ((string)execution["parentSpanId"]!).ShouldBe((string)intake["spanId"]!);
        var bill = Child(spans, Child(spans, execution, "Bill"), "Bill work");
        var billing = Child(spans, bill, "billing");
        var tell = Child(spans, Child(spans, execution, "Tell"), "Tell work");
        (await outside.Received.Task).ShouldBe($"00-{Incoming}-{(string)tell["spanId"]!}-01");
        foreach (var call in new[] { shop, intake, billing })
        {
            Child(spans, call, "handler");
            ((string)Child(spans, call, "work")["attributes"]!["who"]!).ShouldBe((string)call["name"]!);
        }

        // The handler was handed its own call as parent.
        ((string)answer.Json["traceparent"]!).ShouldBe($"00-{Incoming}-{(string)shop["spanId"]!}-01");
        ShouldHaveNoGaps(spans);
        await Stays_in_its_account(Incoming, (string)shop["requestId"]!);
    }

    [Fact]
    public async Task Release_that_adds_30_ms_is_named_and_unchanged_ones_are_not()
    {
        server = await LambentServer.StartAsync(folder["data"]);
        await CreateFunctionAsync("priced");
        for (var release = 1; release <= 4; release++)
        {
            var changed = await Server.Root.SendAsync(
                "PUT",
                "/2015-03-31/functions/priced/configuration",
                new JsonObject
                {
                    ["Environment"] = new JsonObject
                    {
                        ["Variables"] = new JsonObject { ["PAUSE"] = release >= 3 ? "45" : "15" },
                    },
                    ["Description"] = $"release {release}",
                });
            changed.Status.ShouldBe(200, changed.ToString());
            await Server.Root.ActiveAsync("priced");
            var published = await Server.Root.SendAsync(
                "POST", "/2015-03-31/functions/priced/versions", new JsonObject());
            published.Status.ShouldBe(201, published.ToString());
            for (var call = 0; call < 110; call++)
            {
                (await Server.Root.InvokeAsync("priced", "{}", $"{release}")).Ok();
            }
        }

        var report = await Server.Root.GetAsync("/v1/functions/priced/regressions?last=4");
        report.Status.ShouldBe(200, report.ToString());
        ((string)report.Json["verdict"]!).ShouldBe("slower", report.ToString());
        ((string)report.Json["culprit"]!["release"]!).ShouldBe("3", report.ToString());
        ((string)report.Json["culprit"]!["span"]!).ShouldBe("work", report.ToString());
        ((double)report.Json["culprit"]!["shift"]!).ShouldBeInRange(25, 35);
        report.Json["changes"]!.AsArray()
            .Where(change => (string)change!["release"]! != "3")
            .ShouldAllBe(change => (string)change!["verdict"]! != "slower");
    }

    private async Task Stays_in_its_account(string trace, string requestId)
    {
        var (_, second) = await Server.SecondAccountAsync();
        using (second)
        {
            (await second.GetAsync($"/v1/traces/{trace}")).Status.ShouldBe(404);
            (await second.GetAsync($"/v1/traces/{requestId}")).Status.ShouldBe(404);
            (await second.GetAsync("/v1/traces")).Json["traces"]!.AsArray().ShouldBeEmpty();
        }

        var found = await Server.Root.GetAsync($"/v1/traces/{requestId}");
        ((string)found.Json["traceId"]!).ShouldBe(trace);
        var listed = await Server.Root.GetAsync("/v1/traces?function=billing");
        ((string)listed.Json["traces"]!.AsArray().ShouldHaveSingleItem()!["traceId"]!).ShouldBe(trace);
    }

    private async Task CreateFunctionAsync(string name, params (string Name, string Value)[] variables)
    {
        var source = await File.ReadAllTextAsync(Repository.Function("node/traced.mjs"));
        var package = ZipPackage.Of(("index.mjs", source));
        await Server.Root.CreateFunctionAsync(new FunctionDefinition(name, "nodejs20.x", "index.handler", package)
        {
            Variables = variables.ToDictionary(one => one.Name, one => one.Value),
        });
    }

    private static async Task<string> CreateMachineAsync(AwsJsonClient workflows, Uri outside)
    {
        var definition = new JsonObject
        {
            ["StartAt"] = "Bill",
            ["States"] = new JsonObject
            {
                ["Bill"] = new JsonObject
                {
                    ["Type"] = "Task",
                    ["Resource"] = "arn:aws:lambda:us-east-1:000000000000:function:billing",
                    ["Next"] = "Tell",
                },
                ["Tell"] = new JsonObject
                {
                    ["Type"] = "Task",
                    ["Resource"] = "arn:aws:states:::http:invoke",
                    ["Parameters"] = new JsonObject { ["ApiEndpoint"] = outside.ToString(), ["Method"] = "POST" },
                    ["End"] = true,
                },
            },
        };
        var created = await workflows.CallWorkflowsAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = "order",
            ["definition"] = definition.ToJsonString(),
            ["roleArn"] = "arn:aws:iam::000000000000:role/states",
        });
        return (string)created["stateMachineArn"]!;
    }

    private static bool IsComplete(JsonNode trace) => trace["spans"]!.AsArray() is var spans
        && spans.Count(span => (string)span!["origin"]! == "call") == 3
        && spans.Count(span => (string)span!["name"]! == "work") == 3
        && spans.Any(span => (string)span!["origin"]! == "execution" && !(bool)span["isOpen"]!);

    private static JsonNode Call(JsonArray spans, string function) => spans.Single(span =>
        (string)span!["origin"]! == "call" && (string)span["name"]! == function)!;

    private static JsonNode Child(JsonArray spans, JsonNode parent, string name) => spans.Single(span =>
        (string)span!["name"]! == name && (string?)span["parentSpanId"] == (string)parent["spanId"]!)!;

    /// <summary>Nothing begins before what it belongs to, or lasts less than no time.</summary>
    private static void ShouldHaveNoGaps(JsonArray spans)
    {
        var byId = spans.ToDictionary(span => (string)span!["spanId"]!, span => span!);
        foreach (var span in spans)
        {
            ((double)span!["durationMilliseconds"]!).ShouldBeGreaterThanOrEqualTo(0, span.ToJsonString());
            if ((string?)span["parentSpanId"] is { } parent && byId.TryGetValue(parent, out var above))
            {
                ((double)span["offsetMilliseconds"]!).ShouldBeGreaterThanOrEqualTo(
                    (double)above["offsetMilliseconds"]!, span.ToJsonString());
            }
        }
    }

    /// <summary>Stands for a database or another program: says with which trace it was called.</summary>
    private sealed class Outside : IDisposable
    {
        private readonly HttpListener listener = new();

        public Outside()
        {
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
            }

            listener.Prefixes.Add(Address.ToString());
            listener.Start();
            _ = ServeAsync();
        }

        public Uri Address { get; }

        public TaskCompletionSource<string> Received { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => listener.Close();

        private async Task ServeAsync()
        {
            var context = await listener.GetContextAsync();
            context.Response.Close();
            Received.TrySetResult(context.Request.Headers["traceparent"] ?? "");
        }
    }
}
