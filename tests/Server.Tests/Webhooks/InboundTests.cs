using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Webhooks;

/// <summary>Requests from outside, and what becomes of them.</summary>
public sealed class InboundTests
{
    private const string Secret = "It's a Secret to Everybody";

    [Fact]
    public async Task Request_becomes_an_event_that_says_all_of_it()
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await CreateAsync(bench))["address"];

        var answer = await WebhookBench.PostAsync(
            $"{address}/push/main?a=1&b=two", "Hello, World!", WebhookBench.GitHubSignature(Secret, "Hello, World!"),
            "X-GitHub-Event: push");

        answer.Status.ShouldBe(202, answer.Text);
        var kept = bench.Events.ShouldHaveSingleItem();
        kept.Id.ShouldBe(answer["eventId"]);
        kept.Source.ShouldBe("webhook:gh");
        kept.Target.Name.ShouldBe("hello");
        var text = Encoding.UTF8.GetString(kept.Payload.Span);
        var payload = JsonNode.Parse(text)!;
        ((string?)payload["version"]).ShouldBe("2.0");
        ((string?)payload["rawPath"]).ShouldBe("/push/main");
        ((string?)payload["rawQueryString"]).ShouldBe("a=1&b=two");
        ((string?)payload["queryStringParameters"]!["b"]).ShouldBe("two");
        ((string?)payload["headers"]!["x-github-event"]).ShouldBe("push");
        ((string?)payload["body"]).ShouldBe("Hello, World!");
        ((bool?)payload["isBase64Encoded"]).ShouldBe(false);
        ((string?)payload["requestContext"]!["requestId"]).ShouldBe(kept.Id);
        text.ShouldNotContain(address.Split('/')[^1]);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_come_as_base64()
    {
        await using var bench = await WebhookBench.StartAsync();
        var created = await bench.CreateAsync("""{"name":"any","target":"hello","scheme":"none"}""");
        created.Json.ContainsKey("secret").ShouldBeFalse();

        (await WebhookBench.PostAsync(created["address"], [0xFF, 0xFE, 0x00])).Status.ShouldBe(202);

        var payload = JsonNode.Parse(bench.Events.Single().Payload.Span)!;
        ((string?)payload["body"]).ShouldBe("//4A");
        ((bool?)payload["isBase64Encoded"]).ShouldBe(true);
    }

    [Fact]
    public async Task Delivery_that_comes_again_makes_one_event()
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await CreateAsync(bench))["address"];
        string[] headers = [WebhookBench.GitHubSignature(Secret, "{}"), "X-GitHub-Delivery: 72d3162e"];

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => WebhookBench.PostAsync(address, "{}", headers)));

        answers.ShouldAllBe(answer => answer.Status == 202);
        answers.Select(answer => answer["eventId"]).Distinct().ShouldHaveSingleItem();
        answers.Count(answer => answer["repeat"] == "false").ShouldBe(1);
        bench.Events.Count.ShouldBe(1);

        bench.Time.Shift = Limits.WebhookDeliveryRetention + TimeSpan.FromSeconds(1);
        (await WebhookBench.PostAsync(address, "{}", headers))["repeat"].ShouldBe("false");
    }

    [Theory]
    [InlineData("none", 401, "SignatureIncomplete")]
    [InlineData("wrong", 401, "SignatureMismatch")]
    [InlineData("garbage", 401, "SignatureIncomplete")]
    public async Task Request_that_is_not_signed_leaves_nothing(string signature, int status, string code)
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await CreateAsync(bench))["address"];
        string[] headers = signature switch
        {
            "wrong" => [WebhookBench.GitHubSignature("another secret", "{}")],
            "garbage" => ["X-Hub-Signature-256: sha256=zz"],
            _ => [],
        };

        var answer = await WebhookBench.PostAsync(address, "{}", headers);

        answer.Status.ShouldBe(status);
        answer.Code.ShouldBe(code);
        answer.Text.ShouldNotContain(Secret);
        bench.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Address_that_is_none_is_not_found()
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await CreateAsync(bench))["address"];
        var hooks = $"{bench.Address}/hooks";
        foreach (var wrong in (string[])[$"{address}x", address[..^1], $"{hooks}/{new string('a', 4_000)}",
            $"{hooks}/%00", $"{hooks}/'%20OR%201=1"])
        {
            (await WebhookBench.PostAsync(wrong, "{}", WebhookBench.GitHubSignature(Secret, "{}")))
                .Status.ShouldBeOneOf(404, 400);
        }

        (await bench.SendAsync("DELETE", "/v1/webhooks/gh")).Status.ShouldBe(204);
        (await WebhookBench.PostAsync(address, "{}", WebhookBench.GitHubSignature(Secret, "{}"))).Status.ShouldBe(404);
        bench.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_that_is_too_large_is_refused()
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await bench.CreateAsync("""{"name":"any","target":"hello","scheme":"none"}"""))["address"];
        (await WebhookBench.PostAsync(address, new byte[Limits.EventPayloadBytesMax + 1])).Status.ShouldBe(413);

        // Base64 makes it larger than an event may be.
        var body = new byte[Limits.EventPayloadBytesMax];
        Array.Fill(body, (byte)0xFF);
        (await WebhookBench.PostAsync(address, body)).Status.ShouldBe(413);
        bench.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_many_requests_are_refused_until_later()
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await bench.CreateAsync(
            """{"name":"any","target":"hello","scheme":"none","rate":1}"""))["address"];
        var answers = new List<int>();
        for (var request = 0; request < 6; request++)
        {
            answers.Add((await WebhookBench.PostAsync(address, "{}")).Status);
        }

        answers.Take(2).ShouldBe([202, 202]);
        answers.ShouldContain(429);
        bench.Events.Count.ShouldBe(answers.Count(status => status == 202));
    }

    [Fact]
    public async Task Trials_of_GitHub_and_Slack_are_answered_and_make_no_event()
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await CreateAsync(bench))["address"];
        var ping = await WebhookBench.PostAsync(
            address, "{}", WebhookBench.GitHubSignature(Secret, "{}"), "X-GitHub-Event: ping");
        ping.ShouldBe(new HookAnswer(200, "pong"));

        (await WebhookBench.PostAsync(address, "{}", "X-GitHub-Event: ping")).Status.ShouldBe(401);
        bench.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Both_secrets_count_while_one_is_changed()
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await CreateAsync(bench))["address"];
        var rotated = await bench.SendAsync("POST", "/v1/webhooks/gh/rotate", """{"overlapSeconds":60}""");
        var second = rotated["secret"];
        second.ShouldNotBe(Secret);
        rotated["formerSecretEndsAt"].ShouldNotBeEmpty();

        foreach (var secret in (string[])[Secret, second])
        {
            (await WebhookBench.PostAsync(address, "{}", WebhookBench.GitHubSignature(secret, "{}")))
                .Status.ShouldBe(202);
        }

        bench.Time.Shift = TimeSpan.FromSeconds(61);
        (await WebhookBench.PostAsync(address, "{}", WebhookBench.GitHubSignature(Secret, "{}"))).Status.ShouldBe(401);
        (await WebhookBench.PostAsync(address, "{}", WebhookBench.GitHubSignature(second, "{}"))).Status.ShouldBe(202);
    }

    [Fact]
    public async Task Secret_is_shown_once_and_never_again()
    {
        await using var bench = await WebhookBench.StartAsync();
        var created = await bench.CreateAsync("""{"name":"made","target":"hello","scheme":"github"}""");
        var secret = created["secret"];
        secret.ShouldStartWith("whsec_");

        (await bench.SendAsync("GET", "/v1/webhooks")).Text.ShouldNotContain(secret);
        (await bench.SendAsync("GET", "/v1/webhooks/made")).Text.ShouldNotContain(secret);
    }

    [Fact]
    public async Task Queue_gets_the_body_and_a_group_where_it_needs_one()
    {
        await using var bench = await WebhookBench.StartAsync();
        foreach (var queue in (string[])["orders", "orders.fifo"])
        {
            var address = (await bench.CreateAsync($$"""
                {"name":"{{queue.Replace('.', '-')}}","target":"queue:{{queue}}","scheme":"none","payload":"body"}
                """))["address"];
            (await WebhookBench.PostAsync(address, "free text")).Status.ShouldBe(202);
            (await WebhookBench.PostAsync(address, [0xFF])).Status.ShouldBe(400);
            bench.Messages(queue).ShouldBe(["free text"]);
        }
    }

    [Fact]
    public async Task Body_alone_must_be_what_a_function_can_take()
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await bench.CreateAsync(
            """{"name":"raw","target":"hello","scheme":"none","payload":"body"}"""))["address"];
        var refused = await WebhookBench.PostAsync(address, "not json");
        (refused.Status, refused.Code).ShouldBe((400, "InvalidRequestContent"));
        (await WebhookBench.PostAsync(address, """{"n":1}""")).Status.ShouldBe(202);
        (await WebhookBench.PostAsync(address, "")).Status.ShouldBe(202);
        bench.Events.Select(kept => Encoding.UTF8.GetString(kept.Payload.Span)).ShouldBe(["""{"n":1}""", "{}"]);
    }

    [Fact]
    public async Task Disk_that_is_full_is_said_so_and_nothing_is_acknowledged()
    {
        await using var bench = await WebhookBench.StartAsync();
        var address = (await bench.CreateAsync("""{"name":"any","target":"hello","scheme":"none"}"""))["address"];
        bench.Store.Refusal = new StoreException(ErrorCode.DiskFull, "The disk is full.");
        (await WebhookBench.PostAsync(address, "{}")).Status.ShouldBe(503);
        bench.Store.Refusal = null;
        bench.Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{}""", "target")]
    [InlineData("""{"name":"a","target":"hello","url":"https://example.com"}""", "target")]
    [InlineData("""{"name":"a","target":"hello"}""", "scheme")]
    [InlineData("""{"name":"a","target":"hello","scheme":"3"}""", "scheme")]
    [InlineData("""{"name":"a","target":"hello","scheme":"gitlab"}""", "scheme")]
    [InlineData("""{"name":"a","target":"hello","scheme":"github","payload":"xml"}""", "payload")]
    [InlineData("""{"name":"a","target":"hello","scheme":"github","secret":"short"}""", "secret")]
    [InlineData("""{"name":"a","target":"hello","scheme":"github","header":"X"}""", "header")]
    [InlineData("""{"name":"a","target":"hello","scheme":"hmac"}""", "header")]
    [InlineData("""{"name":"a","target":"hello","scheme":"hmac","header":"X","algorithm":"md5"}""", "algorithm")]
    [InlineData("""{"name":"a","target":"hello","scheme":"none","rate":0}""", "rate")]
    [InlineData("""{"name":"a","target":"hello","scheme":"none","types":["*"]}""", "types")]
    [InlineData("""{"name":"../a","target":"hello","scheme":"none"}""", "name")]
    [InlineData("""{"name":"a","target":"","scheme":"none"}""", "target")]
    [InlineData("""{"name":"a","target":"missing","scheme":"none"}""", "target")]
    [InlineData("""{"name":"a","target":"hello:9","scheme":"none"}""", "target")]
    [InlineData("""{"name":"a","target":"queue:missing","scheme":"none"}""", "target")]
    [InlineData("""{"name":"a","target":"arn:aws:sns:us-east-1:000000000000:t","scheme":"none"}""", "target")]
    [InlineData("""{"name":"a","target":"arn:aws:lambda:us-east-1:111111111111:function:hello","scheme":"none"}""",
        "target")]
    [InlineData("""{"name":"a","url":"ftp://example.com"}""", "url")]
    [InlineData("""{"name":"a","url":"http://10.0.0.1/"}""", "url")]
    [InlineData("""{"name":"a","url":"http://[::ffff:169.254.169.254]/"}""", "url")]
    [InlineData("""{"name":"a","url":"https://example.com","scheme":"github"}""", "url")]
    [InlineData("""{"name":"a","url":"https://example.com","types":["nothing"]}""", "types")]
    [InlineData("""{"name":"a","url":"https://example.com","types":[null]}""", "types")]
    [InlineData("""{"name":"a","url":"https://example.com","secret":"not base64 at all"}""", "secret")]
    [InlineData("""{"name":1}""", "$.name")]
    public async Task Webhook_that_cannot_be_is_refused_by_field(string body, string field)
    {
        await using var bench = await WebhookBench.StartAsync();
        var refused = await bench.SendAsync("POST", "/v1/webhooks", body);
        refused.Status.ShouldBeOneOf(400, 404);
        ((string?)refused.Json["error"]!["field"]).ShouldBe(field);
        (await bench.SendAsync("GET", "/v1/webhooks")).Json["webhooks"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Webhook_is_its_accounts_alone()
    {
        await using var bench = await WebhookBench.StartAsync();
        await CreateAsync(bench);
        const string stranger = "111122223333";
        foreach (var (method, path) in (ValueTuple<string, string>[])
            [
                ("GET", "/v1/webhooks/gh"), ("DELETE", "/v1/webhooks/gh"), ("POST", "/v1/webhooks/gh/rotate"),
                ("POST", "/v1/webhooks/gh/test"), ("POST", "/v1/webhooks/gh/enable"),
            ])
        {
            (await bench.SendAsync(method, path, null, stranger)).Status.ShouldBe(404, path);
        }

        (await bench.SendAsync("GET", "/v1/webhooks", null, stranger)).Json["webhooks"]!.AsArray().ShouldBeEmpty();
        (await bench.SendAsync("POST", "/v1/webhooks", """{"name":"gh","target":"hello","scheme":"none"}"""))
            .Status.ShouldBe(409);
    }

    private static Task<HookAnswer> CreateAsync(WebhookBench bench) =>
        bench.CreateAsync($$"""{"name":"gh","target":"hello","scheme":"github","secret":"{{Secret}}"}""");
}
