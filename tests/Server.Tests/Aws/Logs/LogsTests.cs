using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Protocol.Signing;
using Lambent.Server.Tests.Access;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Logs;

public sealed class LogsTests : IAsyncLifetime
{
    private LogsServer server = null!;

    public async ValueTask InitializeAsync() => server = await LogsServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Stream_isReadForwardsAndBackwards()
    {
        await server.WriteAsync(
            [.. Enumerable.Range(0, 5).Select(number => LogsServer.Line($"{number}", 10 - number))]);
        var stream = await StreamAsync();

        var last = await GetAsync(stream, new JsonObject { ["limit"] = 2 });
        Messages(last).ShouldBe("3,4");
        var before = await GetAsync(
            stream, new JsonObject { ["limit"] = 2, ["nextToken"] = (string)last["nextBackwardToken"]! });
        Messages(before).ShouldBe("1,2");
        var after = await GetAsync(stream, new JsonObject { ["nextToken"] = (string)before["nextForwardToken"]! });
        Messages(after).ShouldBe("3,4");

        // At the end, the token stays as it is: that is how clients find out.
        var end = await GetAsync(stream, new JsonObject { ["nextToken"] = (string)after["nextForwardToken"]! });
        Messages(end).ShouldBe("");
        ((string)end["nextForwardToken"]!).ShouldBe((string)after["nextForwardToken"]!);
        await server.WriteAsync(LogsServer.Line("5", 0));
        var more = await GetAsync(stream, new JsonObject { ["nextToken"] = (string)end["nextForwardToken"]! });
        Messages(more).ShouldBe("5");

        Messages(await GetAsync(stream, new JsonObject { ["startFromHead"] = true, ["limit"] = 1 })).ShouldBe("0");
    }

    [Fact]
    public async Task Group_isFiltered_pageByPage()
    {
        await server.WriteAsync(
            LogsServer.Line("{\"level\":\"error\",\"x\":4}", 5),
            LogsServer.Line("{\"level\":\"error\",\"x\":1}", 4),
            LogsServer.Line("ERROR text", 3, "e2"),
            LogsServer.Line("{\"level\":\"error\",\"x\":9}", 2, "e2"));
        var body = new JsonObject
        {
            ["logGroupName"] = LogsServer.Group,
            ["filterPattern"] = "{ $.level = \"error\" && $.x > 3 }",
            ["limit"] = 1,
        };

        var first = (await server.CallAsync("FilterLogEvents", body)).Ok();
        Messages(first).ShouldBe("{\"level\":\"error\",\"x\":4}");
        body["nextToken"] = (string)first["nextToken"]!;
        var second = (await server.CallAsync("FilterLogEvents", body)).Ok();
        Messages(second).ShouldBe("{\"level\":\"error\",\"x\":9}");
        ((string)second["events"]![0]!["logStreamName"]!).ShouldEndWith("[$LATEST]e2");

        body["nextToken"] = "made-up";
        (await server.CallAsync("FilterLogEvents", body)).Failure.ShouldBe(
            "InvalidParameterException: The specified nextToken is invalid.");
        var ofStream = new JsonObject
        {
            ["logGroupIdentifier"] = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f",
            ["logStreamNamePrefix"] = $"{LogsServer.Now:yyyy'/'MM'/'dd}/[$LATEST]e2",
            ["filterPattern"] = "ERROR",
        };
        Messages((await server.CallAsync("FilterLogEvents", ofStream)).Ok()).ShouldBe("ERROR text");
    }

    [Fact]
    public async Task Group_thatSomebodyMakes_takesEvents()
    {
        var group = new JsonObject { ["logGroupName"] = "my/app", ["tags"] = new JsonObject { ["a"] = "b" } };
        (await server.CallAsync("CreateLogGroup", group)).Ok();
        (await server.CallAsync("CreateLogGroup", group)).Failure.ShouldBe(
            "ResourceAlreadyExistsException: The specified log group already exists");
        var stream = new JsonObject { ["logGroupName"] = "my/app", ["logStreamName"] = "s" };
        (await PutAsync(0)).Failure.ShouldBe("ResourceNotFoundException: The specified log stream does not exist.");
        (await server.CallAsync("CreateLogStream", stream)).Ok();
        (await server.CallAsync("CreateLogStream", stream)).Failure.ShouldStartWith("ResourceAlreadyExistsException");

        (await PutAsync(-30, -20, 0)).Ok().ContainsKey("rejectedLogEventsInfo").ShouldBeFalse();
        (await PutAsync(0, -1)).Failure.ShouldContain("chronological order");
        (await PutAsync(-90_000, 0)).Failure.ShouldContain("cannot span more than 24 hours");
        (await PutAsync(-1_230_000, -1_190_000)).Ok()["rejectedLogEventsInfo"]!["tooOldLogEventEndIndex"]!
            .GetValue<int>().ShouldBe(1);
        (await PutAsync(0, 8_000)).Ok()["rejectedLogEventsInfo"]!["tooNewLogEventStartIndex"]!
            .GetValue<int>().ShouldBe(1);

        var read = (await server.CallAsync("GetLogEvents", stream.DeepClone())).Ok();
        read["events"]!.AsArray().Count.ShouldBe(5);
        (await server.CallAsync("DeleteLogGroup", new JsonObject { ["logGroupName"] = "my/app" })).Ok();
        (await server.CallAsync("GetLogEvents", stream.DeepClone())).Failure.ShouldBe(
            "ResourceNotFoundException: The specified log group does not exist.");

        Task<LogsAnswer> PutAsync(params int[] seconds) => server.CallAsync("PutLogEvents", new JsonObject
        {
            ["logGroupName"] = "my/app",
            ["logStreamName"] = "s",
            ["logEvents"] = new JsonArray([.. seconds.Select(second => (JsonNode)new JsonObject
            {
                ["timestamp"] = LogsServer.Now.AddSeconds(second).ToUnixTimeMilliseconds(),
                ["message"] = $"at {second}",
            })]),
        });
    }

    [Fact]
    public async Task Retention_andTags_areKept()
    {
        await server.WriteAsync(LogsServer.Line("a", 1));
        (await server.CallAsync("PutRetentionPolicy", new JsonObject
        {
            ["logGroupName"] = LogsServer.Group, ["retentionInDays"] = 7,
        })).Ok();
        (await server.CallAsync("TagResource", new JsonObject
        {
            ["resourceArn"] = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f",
            ["tags"] = new JsonObject { ["team"] = "one", ["x"] = "y" },
        })).Ok();
        (await server.CallAsync("UntagLogGroup", new JsonObject
        {
            ["logGroupName"] = LogsServer.Group, ["tags"] = new JsonArray("x"),
        })).Ok();

        var group = (await server.CallAsync("DescribeLogGroups")).Ok()["logGroups"]!.AsArray().Single()!;
        ((int)group["retentionInDays"]!).ShouldBe(7);
        ((string)group["arn"]!).ShouldBe("arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:*");
        var tags = (await server.CallAsync(
            "ListTagsLogGroup", new JsonObject { ["logGroupName"] = LogsServer.Group })).Ok();
        tags["tags"]!.ToJsonString().ShouldBe("""{"team":"one"}""");
        (await server.CallAsync("PutRetentionPolicy", new JsonObject
        {
            ["logGroupName"] = LogsServer.Group, ["retentionInDays"] = 4,
        })).Failure.ShouldStartWith("InvalidParameterException: 1 validation error detected: Value '4' at ");
    }

    [Fact]
    public async Task Lists_page_withoutGapsAndRepeats()
    {
        for (var number = 0; number < 7; number++)
        {
            (await server.CallAsync("CreateLogGroup", new JsonObject { ["logGroupName"] = $"g{number}" })).Ok();
            await server.WriteAsync(LogsServer.Line("x", 10 - number, $"e{number}"));
        }

        var groups = new JsonObject { ["logGroupNamePrefix"] = "g" };
        (await PagesAsync("DescribeLogGroups", groups, "logGroups", "logGroupName")).ShouldBe(
            Enumerable.Range(0, 7).Select(number => $"g{number}"));
        var streams = await PagesAsync(
            "DescribeLogStreams",
            new JsonObject
            {
                ["logGroupName"] = LogsServer.Group, ["orderBy"] = "LastEventTime", ["descending"] = true,
            },
            "logStreams",
            "logStreamName");
        streams.Select(name => name[^2..]).ShouldBe(Enumerable.Range(0, 7).Select(number => $"e{6 - number}"));
    }

    [Fact]
    public async Task Accounts_doNotSeeEachOther()
    {
        var tenant = (await server.Accounts.CreateAsync("tenant", AccountId.Parse("111122223333"))).Value;
        await server.WriteAsync(LogsServer.Line("secret", 1));
        var stream = await StreamAsync();

        (await server.CallAsync("DescribeLogGroups", null, tenant.Key)).Ok()["logGroups"]!.AsArray().ShouldBeEmpty();
        (await server.CallAsync("GetLogEvents", Stream(stream), tenant.Key)).Failure.ShouldStartWith(
            "ResourceNotFoundException");
        (await server.CallAsync("FilterLogEvents", new JsonObject
        {
            ["logGroupIdentifier"] = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f",
        }, tenant.Key)).Failure.ShouldStartWith("AccessDeniedException");
        (await server.CallAsync("DeleteLogGroup", new JsonObject { ["logGroupName"] = LogsServer.Group }, tenant.Key))
            .Failure.ShouldStartWith("ResourceNotFoundException");
    }

    [Fact]
    public async Task Function_mayWriteIntoItsOwnGroup_andNothingElse()
    {
        await server.WriteAsync(LogsServer.Line("x", 1));
        var issued = server.Sessions.Issue(new FunctionId(AccountId.Root, "f"), TimeSpan.FromHours(1));
        var session = new SigningCredentials(issued.AccessKeyId, issued.Secret, issued.SessionToken);
        var own = new JsonObject { ["logGroupName"] = LogsServer.Group, ["logStreamName"] = "mine" };
        var other = new JsonObject { ["logGroupName"] = "/aws/lambda/g", ["logStreamName"] = "mine" };

        (await server.SendAsync("CreateLogStream", own.ToJsonString(), session)).Ok();
        (await server.SendAsync("CreateLogStream", other.ToJsonString(), session))
            .Failure.ShouldStartWith("AccessDenied");
        foreach (var operation in (string[])["GetLogEvents", "DescribeLogGroups", "DeleteLogGroup", "StartLiveTail"])
        {
            (await server.SendAsync(operation, own.ToJsonString(), session)).Failure.ShouldStartWith("AccessDenied");
        }
    }

    [Fact]
    public async Task Live_tail_streamsWhatMatches()
    {
        await server.WriteAsync(LogsServer.Line("before", 1));
        using var response = await server.OpenAsync("StartLiveTail", new JsonObject
        {
            ["logGroupIdentifiers"] = new JsonArray("arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f"),
            ["logEventFilterPattern"] = "ERROR",
        }.ToJsonString());
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.amazon.eventstream");
        await server.WriteAsync(LogsServer.Line("INFO no", 0), LogsServer.Line("ERROR yes", 0));
        await using var stream = await response.Content.ReadAsStreamAsync();
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("ERROR yes", StringComparison.Ordinal))
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        }

        text.ToString().ShouldContain("initial-response");
        text.ToString().ShouldContain("sessionStart");
        text.ToString().ShouldNotContain("INFO no");
    }

    private static JsonObject Stream(string name) =>
        new() { ["logGroupName"] = LogsServer.Group, ["logStreamName"] = name };

    private static string Messages(JsonObject answer) =>
        string.Join(',', answer["events"]!.AsArray()
            .Select(entry => (string)entry!["message"]!)
            .Where(message => !message.StartsWith("START", StringComparison.Ordinal)));

    private async Task<string> StreamAsync() =>
        (string)(await server.CallAsync("DescribeLogStreams", new JsonObject { ["logGroupName"] = LogsServer.Group }))
            .Ok()["logStreams"]![0]!["logStreamName"]!;

    private async Task<JsonObject> GetAsync(string stream, JsonObject more)
    {
        var body = Stream(stream);
        foreach (var (name, value) in more)
        {
            body[name] = value?.DeepClone();
        }

        return (await server.CallAsync("GetLogEvents", body)).Ok();
    }

    private async Task<List<string>> PagesAsync(string operation, JsonObject body, string list, string name)
    {
        var all = new List<string>();
        body["limit"] = 3;
        while (true)
        {
            var page = (await server.CallAsync(operation, body)).Ok();
            all.AddRange(page[list]!.AsArray().Select(item => (string)item![name]!));
            if (page["nextToken"] is not { } next)
            {
                return all;
            }

            body["nextToken"] = (string)next!;
        }
    }
}
