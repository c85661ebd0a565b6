using System.Net;
using System.Text.Json.Nodes;
using Lambent.Server.Tests.Mappings;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

/// <summary>The operations on event source mappings, and what they refuse.</summary>
public sealed class MappingTests
{
    [Fact]
    public async Task Mapping_goesThroughItsLife()
    {
        await using var server = await MappingServer.StartAsync();
        var created = await server.SendAsync("POST", MappingServer.Path, MappingServer.Body().ToJsonString());

        created.ShouldBe(HttpStatusCode.Accepted);
        var id = created["UUID"];
        Guid.TryParse(id, out _).ShouldBeTrue();
        created["EventSourceMappingArn"].ShouldBe($"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:{id}");
        created["FunctionArn"].ShouldBe("arn:aws:lambda:us-east-1:000000000000:function:worker");
        (created["State"], created["StateTransitionReason"]).ShouldBe(("Creating", "USER_INITIATED"));
        (created["BatchSize"], created["MaximumBatchingWindowInSeconds"]).ShouldBe(("10", "0"));
        created.Json["FunctionResponseTypes"]!.AsArray().ShouldBeEmpty();
        created.Json["LastModified"]!.GetValueKind().ShouldBe(System.Text.Json.JsonValueKind.Number);
        await WhenAsync(server, id, "Enabled");

        var paused = await server.SendAsync("PUT", $"{MappingServer.Path}/{id}", """{"Enabled":false}""");
        paused.ShouldBe(HttpStatusCode.Accepted)["State"].ShouldBe("Disabling");
        await WhenAsync(server, id, "Disabled");

        var changed = await server.SendAsync("PUT", $"{MappingServer.Path}/{id}", """
            {"BatchSize":500,"MaximumBatchingWindowInSeconds":3,"ScalingConfig":{"MaximumConcurrency":4},
             "FilterCriteria":{"Filters":[{"Pattern":"{\"body\":[\"x\"]}"}]},
             "FunctionResponseTypes":["ReportBatchItemFailures"],"MetricsConfig":{"Metrics":["EventCount"]}}
            """);
        changed.ShouldBe(HttpStatusCode.Accepted)["State"].ShouldBe("Updating");
        await WhenAsync(server, id, "Disabled");
        var got = (await server.SendAsync("GET", $"{MappingServer.Path}/{id}")).ShouldBe(HttpStatusCode.OK).Json;
        ((int?)got["BatchSize"], (int?)got["ScalingConfig"]!["MaximumConcurrency"]).ShouldBe((500, 4));
        ((string?)got["FilterCriteria"]!["Filters"]![0]!["Pattern"]).ShouldBe("""{"body":["x"]}""");
        ((string?)got["FunctionResponseTypes"]![0]).ShouldBe("ReportBatchItemFailures");

        var deleted = await server.SendAsync("DELETE", $"{MappingServer.Path}/{id}");
        deleted.ShouldBe(HttpStatusCode.Accepted)["State"].ShouldBe("Deleting");
        await MappingBench.WhenAsync(() => server.Bench.State(id) is null);
        (await server.SendAsync("GET", $"{MappingServer.Path}/{id}"))
            .ShouldFail(404, "ResourceNotFoundException", "The resource you requested does not exist.");
    }

    [Fact]
    public async Task Empty_objects_takeAwayWhatWasSet()
    {
        await using var server = await MappingServer.StartAsync();
        var body = MappingServer.Body();
        body["FilterCriteria"] = JsonNode.Parse("""{"Filters":[{"Pattern":"{\"body\":[1]}"}]}""");
        body["ScalingConfig"] = JsonNode.Parse("""{"MaximumConcurrency":5}""");
        var id = await server.CreateAsync(body);

        var changed = await server.SendAsync(
            "PUT", $"{MappingServer.Path}/{id}", """{"FilterCriteria":{},"ScalingConfig":{}}""");

        changed.Json.ContainsKey("FilterCriteria").ShouldBeFalse();
        changed.Json.ContainsKey("ScalingConfig").ShouldBeFalse();
    }

    [Fact]
    public async Task Second_mapping_ofTheSame_namesTheFirst()
    {
        await using var server = await MappingServer.StartAsync();
        var id = await server.CreateAsync();

        (await server.SendAsync("POST", MappingServer.Path, MappingServer.Body().ToJsonString()))
            .ShouldFail(
                409, "ResourceConflictException", $"Please update or delete the existing mapping with UUID {id}");
    }

    [Fact]
    public async Task List_isByFunctionAndSource_inPages()
    {
        await using var server = await MappingServer.StartAsync();
        foreach (var queue in (string[])["a", "b", "c"])
        {
            await server.Bench.QueueAsync(queue);
            await server.CreateAsync(MappingServer.Body(queue));
        }

        (await ListAsync("")).Length.ShouldBe(3);
        (await ListAsync("?FunctionName=worker")).Length.ShouldBe(3);
        (await ListAsync("?FunctionName=worker:live")).ShouldBeEmpty();
        (await ListAsync($"?EventSourceArn={MappingServer.Arn("b")}")).ShouldBe([MappingServer.Arn("b")]);
        (await ListAsync($"?EventSourceArn={MappingServer.Arn("b")}&FunctionName=worker")).Length.ShouldBe(1);
        (await ListAsync("?EventSourceArn=arn:aws:sqs:us-east-1:000000000000:none")).ShouldBeEmpty();
        (await server.SendAsync("GET", $"{MappingServer.Path}?FunctionName=none"))
            .ShouldFail(404, "ResourceNotFoundException", "Function not found");

        var first = await server.SendAsync("GET", $"{MappingServer.Path}?MaxItems=2");
        var marker = Uri.EscapeDataString(first["NextMarker"]);
        var rest = await server.SendAsync("GET", $"{MappingServer.Path}?MaxItems=2&Marker={marker}");
        first.Json["EventSourceMappings"]!.AsArray().Count.ShouldBe(2);
        rest.Json["EventSourceMappings"]!.AsArray().Count.ShouldBe(1);
        rest.Json.ContainsKey("NextMarker").ShouldBeFalse();

        async Task<string[]> ListAsync(string query) =>
        [
            .. (await server.SendAsync("GET", MappingServer.Path + query)).ShouldBe(HttpStatusCode.OK)
                .Json["EventSourceMappings"]!.AsArray().Select(mapping => (string)mapping!["EventSourceArn"]!),
        ];
    }

    [Fact]
    public async Task Other_account_seesAndChangesNothing()
    {
        const string Other = "111122223333";
        await using var server = await MappingServer.StartAsync();
        var id = await server.CreateAsync();

        foreach (var method in (string[])["GET", "DELETE", "PUT"])
        {
            (await server.SendAsync(method, $"{MappingServer.Path}/{id}", "{}", Other))
                .ShouldFail(404, "ResourceNotFoundException", "The resource you requested does not exist.");
        }

        (await server.SendAsync("GET", MappingServer.Path, null, Other)).Json["EventSourceMappings"]!.AsArray()
            .ShouldBeEmpty();
        var body = MappingServer.Body();
        (await server.SendAsync("POST", MappingServer.Path, body.ToJsonString(), Other))
            .ShouldFail(400, "InvalidParameterValueException", "The specified queue does not exist");
        body["FunctionName"] = "000000000000:function:worker";
        body["EventSourceArn"] = $"arn:aws:sqs:us-east-1:{Other}:jobs";
        (await server.SendAsync("POST", MappingServer.Path, body.ToJsonString(), Other))
            .ShouldFail(400, "InvalidParameterValueException", "Function does not exist");
    }

    [Theory]
    [InlineData("EventSourceArn", null, "Unrecognized event source.")]
    [InlineData("EventSourceArn", "\"arn:aws:kinesis:us-east-1:000000000000:stream/s\"", "a Kinesis stream")]
    [InlineData("EventSourceArn", "\"arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s\"", "a DynamoDB stream")]
    [InlineData("EventSourceArn", "\"arn:aws:kafka:us-east-1:000000000000:cluster/c\"", "a Kafka cluster")]
    [InlineData("EventSourceArn", "\"arn:aws:mq:us-east-1:000000000000:broker:b\"", "a message broker")]
    [InlineData("EventSourceArn", "\"arn:aws:sqs:eu-west-1:000000000000:jobs\"", "Unrecognized event source.")]
    [InlineData("EventSourceArn", "\"arn:aws:sqs:us-east-1:000000000000:none\"", "NonExistentQueue")]
    [InlineData("FunctionName", "\"none\"", "Function does not exist")]
    [InlineData("FunctionName", "\"worker:none\"", "Function does not exist")]
    [InlineData("BatchSize", "11", "Maximum batch window in seconds must be greater than 0")]
    [InlineData("FilterCriteria", """{"Filters":[{"Pattern":"x"}]}""", "Invalid filter pattern definition.")]
    [InlineData("StartingPosition", "\"LATEST\"", "StartingPosition is not valid for SQS event sources.")]
    [InlineData("ParallelizationFactor", "2", "Unsupported ParallelizationFactor parameter")]
    [InlineData("MaximumRetryAttempts", "2", "Unsupported MaximumRetryAttempts parameter")]
    [InlineData("Topics", """["t"]""", "Unsupported Topics parameter")]
    [InlineData("SelfManagedEventSource", """{"Endpoints":{}}""", "not supported by this server")]
    [InlineData("ProvisionedPollerConfig", """{"MinimumPollers":2}""", "not supported by this server")]
    [InlineData(
        "DestinationConfig", """{"OnFailure":{"Destination":"arn:aws:sns:us-east-1:000000000000:t"}}""", "a topic")]
    [InlineData(
        "DestinationConfig", """{"OnFailure":{"Destination":"arn:aws:sqs:us-east-1:000000000000:no"}}""", "not exist")]
    [InlineData(
        "DestinationConfig",
        """{"OnFailure":{"Destination":"arn:aws:sqs:us-east-1:000000000000:jobs"}}""",
        "come from")]
    [InlineData("DestinationConfig", """{"OnSuccess":{"Destination":"arn:x"}}""", "Unsupported DestinationConfig")]
    public async Task Parameter_thatCannotBe_isRefused(string member, string? value, string message)
    {
        await using var server = await MappingServer.StartAsync();
        var body = MappingServer.Body();
        body[member] = value is null ? null : JsonNode.Parse(value);

        (await server.SendAsync("POST", MappingServer.Path, body.ToJsonString()))
            .ShouldFail(400, "InvalidParameterValueException", message);
        server.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Tags_areSetWhenItIsMade_changed_listed_andRemoved()
    {
        await using var server = await MappingServer.StartAsync();
        var body = MappingServer.Body();
        body["Tags"] = new JsonObject { ["team"] = "blue", ["stage"] = "test" };
        var id = await server.CreateAsync(body);
        var path = $"/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:event-source-mapping:{id}";
        (await TagsAsync()).ShouldBe("""{"Tags":{"stage":"test","team":"blue"}}""");

        ((int)(await server.SendAsync("POST", path, """{"Tags":{"team":"red","x":""}}""")).Status).ShouldBe(204);
        ((int)(await server.SendAsync("DELETE", path + "?tagKeys=stage&tagKeys=none")).Status).ShouldBe(204);
        (await TagsAsync()).ShouldBe("""{"Tags":{"team":"red","x":""}}""");
        await WhenAsync(server, id, "Enabled");

        async Task<string> TagsAsync() => (await server.SendAsync("GET", path)).Text;
    }

    [Fact]
    public async Task Tags_thatCannotBe_areRefused()
    {
        await using var server = await MappingServer.StartAsync();
        var id = await server.CreateAsync();
        const string Root = "/2017-03-31/tags/arn:aws:lambda:";
        var path = $"{Root}us-east-1:000000000000:event-source-mapping:{id}";
        string[] wrong =
        [
            "{}", """{"Tags":{}}""", """{"Tags":[]}""", """{"Tags":{"a":1}}""", """{"Tags":{"":"x"}}""",
            $$$"""{"Tags":{"{{{new string('k', 129)}}}":"x"}}""", $$$"""{"Tags":{"k":"{{{new string('v', 257)}}}"}}""",
            "{\"Tags\":{" + string.Join(',', Enumerable.Range(0, 51).Select(key => $"\"{key}\":\"\"")) + "}}",
        ];
        foreach (var body in wrong)
        {
            ((int)(await server.SendAsync("POST", path, body)).Status).ShouldBe(400, body);
        }

        ((int)(await server.SendAsync("DELETE", path)).Status).ShouldBe(400);
        (await server.SendAsync("GET", path)).Text.ShouldBe("""{"Tags":{}}""");
        string[] others =
        [
            path[..^1] + (path[^1] == '0' ? '1' : '0'),
            path.Replace("us-east-1", "eu-west-1", StringComparison.Ordinal),
            path.Replace("000000000000", "111122223333", StringComparison.Ordinal),
        ];
        foreach (var other in others)
        {
            (await server.SendAsync("GET", other)).ShouldFail(
                404, "ResourceNotFoundException", "Event source mapping not found");
        }

        // A function's tags go their own way.
        const string OfFunction = Root + "us-east-1:000000000000:function:worker";
        ((int)(await server.SendAsync("POST", OfFunction, """{"Tags":{"a":"b"}}""")).Status).ShouldBe(204);
        (await server.SendAsync("GET", path, account: "111122223333")).ShouldFail(
            404, "ResourceNotFoundException", "Event source mapping not found");
    }

    /// <summary>Every member with every kind of wrong value: refused, never a failure of the server.</summary>
    [Fact]
    public async Task Malformed_members_neverFailTheServer_norChangeAnything()
    {
        await using var server = await MappingServer.StartAsync();
        var id = await server.CreateAsync();
        var before = server.Bench.Mappings.Find(Kernel.Access.AccountId.Root, id).ShouldNotBeNull();
        string[] members =
        [
            "EventSourceArn", "FunctionName", "Enabled", "BatchSize", "MaximumBatchingWindowInSeconds",
            "FilterCriteria", "ScalingConfig", "DestinationConfig", "MaximumRetryAttempts", "FunctionResponseTypes",
            "MetricsConfig", "KMSKeyArn", "Tags", "StartingPosition",
        ];
        string[] values =
        [
            "17", "-1", "1e99", "\"\"", "\"wrong\"", $"\"{new string('x', 5_000)}\"", "[]", "[null]", "[1]", "{}",
            """{"x":1}""", "true", """{"Filters":[null]}""", """{"Filters":"x"}""", """{"Filters":[{"Pattern":1}]}""",
            """{"MaximumConcurrency":1}""", """{"MaximumConcurrency":"x"}""", """["Other"]""",
            """{"OnFailure":{"Destination":1}}""", """{"OnFailure":{"Destination":"x"}}""", """{"Metrics":["x"]}""",
            """{"":"x"}""",
        ];
        foreach (var member in members)
        {
            foreach (var value in values)
            {
                await TryAsync(server, "POST", MappingServer.Path, MappingServer.Body(), member, value);
                if (member != "EventSourceArn")
                {
                    await TryAsync(server, "PUT", $"{MappingServer.Path}/{id}", [], member, value, before.Id);
                }
            }
        }

        foreach (var body in (string[])["", "null", "[]", "{", "\"x\"", "{\"BatchSize\":1,}"])
        {
            var answer = await server.SendAsync("POST", MappingServer.Path, body);
            ((int)answer.Status).ShouldBe(400, $"{body}: {answer.Text}");
        }

        server.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("?MaxItems=0", 400)]
    [InlineData("?MaxItems=x", 400)]
    [InlineData("?Marker=x", 400)]
    [InlineData("?FunctionName=%20", 400)]
    [InlineData("?EventSourceArn=wrong", 400)]
    [InlineData("/not-a-uuid", 404)]
    public async Task Malformed_questions_areRefused(string question, int status)
    {
        await using var server = await MappingServer.StartAsync();

        ((int)(await server.SendAsync("GET", MappingServer.Path + question)).Status).ShouldBe(status);
    }

    private static async Task TryAsync(
        MappingServer server,
        string method,
        string path,
        JsonObject body,
        string member,
        string value,
        string? id = null)
    {
        body[member] = JsonNode.Parse(value);
        var before = id is null ? null : server.Bench.Mappings.Find(Kernel.Access.AccountId.Root, id);
        var answer = await server.SendAsync(method, path, body.ToJsonString());
        var status = (int)answer.Status;
        var what = $"{method} {member} = {value}: {status} {answer.Text}";
        status.ShouldBeOneOf([202, 400, 404, 409], what);
        if (status != 202)
        {
            answer.ErrorType.ShouldNotBeNullOrEmpty(what);
            if (id is not null)
            {
                var after = server.Bench.Mappings.Find(Kernel.Access.AccountId.Root, id).ShouldNotBeNull();
                after.ModifiedAt.ShouldBe(before!.ModifiedAt, what);
                after.Settings.ShouldBeEquivalentTo(before.Settings, what);
            }
        }
    }

    private static Task WhenAsync(MappingServer server, string id, string state) =>
        MappingBench.WhenAsync(() => server.Bench.State(id).ToString() == state);
}
