using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Server.Tests.Mappings;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

/// <summary>
/// Every member of every request of /v1/events and /v1/queues with every kind of wrong value, from one table: refused,
/// never a failure of the server, and nothing changed.
/// </summary>
public sealed class WrongInputTests
{
    private static readonly string[] Values =
    [
        "null", "17", "-1", "0", "1.5", "1e99", "1e-300", "\"\"", "\"wrong\"", "\"\\u0000\"", "\"a\\nb\"",
        $"\"{new string('x', 5_000)}\"", "[]", "[null]", "[1]", "[[]]", "{}", """{"x":1}""", "true", "false",
        """[{"name":"a"}]""", """[{"url":"http://127.0.0.1:1/"}]""", """[{"name":"a b","url":"http://127.0.0.1:1/"}]""",
        """[{"name":"a","url":"file:///etc/passwd"}]""", """[{"name":"a","url":"http://169.254.169.254/"}]""",
        """[{"name":"a","url":"http://127.0.0.1:1/","headers":{"Host":"x"}}]""",
        """[{"name":"a","url":"http://127.0.0.1:1/","headers":{"X":null}}]""",
        """[{"name":"a","url":"http://127.0.0.1:1/","headers":[]}]""",
    ];

    /// <summary>Requests with a body, and their members.</summary>
    private static readonly (string Method, string Path, JsonObject Body, string[] Members)[] Requests =
    [
        (
            "POST", "/v1/events/redrive", new JsonObject { ["function"] = "other" },
            ["function", "count", "perSecond"]),
        (
            "PUT", "/v1/queues/jobs/push",
            new JsonObject
            {
                ["errorQueue"] = "none",
                ["subscribers"] = new JsonArray(new JsonObject { ["name"] = "a", ["url"] = "http://127.0.0.1:1/" }),
            },
            [
                "mode", "subscribers", "retries", "retryDelaySeconds", "concurrency", "errorQueue", "secret",
            ]),
    ];

    private static readonly string[] Questions =
    [
        "/v1/events?limit={0}", "/v1/events?state={0}", "/v1/events?function={0}", "/v1/events?after={0}",
        "/v1/events/{0}", "/v1/events/none?wait={0}", "/v1/queues?after={0}", "/v1/queues/{0}",
        "/v1/queues/{0}/push", "/v1/queues/{0}/push/messages", "/v1/queues/jobs/push/messages?after={0}",
        "/v1/queues/jobs/push/messages?limit={0}", "/v1/queues/jobs/push/messages/{0}",
    ];

    private static readonly string[] Texts =
    [
        "x", "-1", "0", "1.5", "99999999999999999999", "%00", "%0a", "%2e%2e%2f", "%F0%9F%92%A9", "dead'--",
        new string('x', 2_000),
    ];

    [Fact]
    public async Task Bodies_thatAreWrong_areRefused_andChangeNothing()
    {
        await using var server = await QueueApiServer.StartAsync();
        await PrepareAsync(server);
        var before = State(server);
        foreach (var (method, path, valid, members) in Requests)
        {
            foreach (var body in (string[])["", "null", "[]", "{", "\"x\"", "17", "{\"a\":1,}", "\u0001"])
            {
                await CheckAsync(server, method, path, body, mustFail: true);
            }

            foreach (var member in members)
            {
                foreach (var value in Values)
                {
                    var body = valid.DeepClone().AsObject();
                    body[member] = JsonNode.Parse(value);
                    await CheckAsync(server, method, path, body.ToJsonString(), mustFail: false);
                }

                var without = valid.DeepClone().AsObject();
                without.Remove(member);
                await CheckAsync(server, method, path, without.ToJsonString(), mustFail: false);
            }
        }

        State(server).ShouldBe(before);
    }

    [Fact]
    public async Task Questions_thatAreWrong_areAnswered_andChangeNothing()
    {
        await using var server = await QueueApiServer.StartAsync();
        await PrepareAsync(server);
        var before = State(server);
        foreach (var question in Questions)
        {
            foreach (var text in Texts)
            {
                await CheckAsync(
                    server, "GET", string.Format(System.Globalization.CultureInfo.InvariantCulture, question, text),
                    null, mustFail: false);
            }
        }

        foreach (var text in Texts)
        {
            await CheckAsync(server, "DELETE", $"/v1/events/{text}", null, mustFail: true);
            await CheckAsync(server, "DELETE", $"/v1/queues/none{text}/push", null, mustFail: true);
            await CheckAsync(server, "POST", $"/v1/queues/none{text}/push/pause", null, mustFail: true);
            await CheckAsync(server, "DELETE", $"/v1/queues/jobs/push/messages/{text}/a", null, mustFail: true);
        }

        State(server).ShouldBe(before);
    }

    /// <summary>A redrive of very few a second must not put events off beyond all times.</summary>
    [Fact]
    public async Task Redrive_atARateThatIsNone_isRefused()
    {
        await using var server = await QueueApiServer.StartAsync();
        await PrepareAsync(server);
        foreach (var rate in (string[])["1e-300", "0", "-1", "1e99"])
        {
            var body = $$"""{"function":"worker","perSecond":{{rate}}}""";
            await CheckAsync(server, "POST", "/v1/events/redrive", body, mustFail: true);
        }
    }

    /// <summary>Two dead events of a function, a queue that pushes to nobody, and one that does.</summary>
    private static async Task PrepareAsync(QueueApiServer server)
    {
        await server.Bench.QueueAsync();
        await server.Bench.QueueAsync("errors");
        await server.Bench.Store.WriteAsync<Kernel.Done>(transaction =>
        {
            string[] ids = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"];
            foreach (var id in ids)
            {
                transaction.Events.Add(
                    new AsyncEvent
                    {
                        Id = id,
                        Target = DeliveryTarget.OfFunction(new FunctionId(AccountId.Root, "worker")),
                        Payload = "{}"u8.ToArray(),
                        AcceptedAt = server.Bench.Time.GetUtcNow(),
                        FirstDueAt = server.Bench.Time.GetUtcNow(),
                        DueAt = server.Bench.Time.GetUtcNow(),
                    },
                    EventState.Dead);
            }

            return Kernel.Done.Value;
        });
    }

    private static string State(QueueApiServer server) => server.Bench.Store.Read(transaction => string.Join(
        ' ',
        transaction.Events.List(AccountId.Root, null, null, "", 100).Select(one => $"{one.Event.Id} {one.State}")
            .Concat(transaction.Push.All().Select(push => push.ToString()))
            .Concat(transaction.Queues.List(AccountId.Root, "", null, 100).Select(queue => queue.Id.Name))));

    private static async Task CheckAsync(
        QueueApiServer server, string method, string path, string? body, bool mustFail)
    {
        var answer = await server.SendAsync(method, path, body);
        var status = (int)answer.Status;
        var what = $"{method} {path} {body}: {status} {answer.Text}";
        what = what[..Math.Min(what.Length, 600)];
        status.ShouldBeInRange(mustFail ? 400 : 200, 499, what);
        if (status >= 400 && answer.Body.Length > 0)
        {
            answer.Json["error"]!["code"]!.ToString().ShouldNotBeEmpty(what);
        }
    }
}
