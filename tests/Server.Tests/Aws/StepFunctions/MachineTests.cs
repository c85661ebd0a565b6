using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.StepFunctions;

/// <summary>State machines, versions, aliases and tags over real HTTP.</summary>
public sealed class MachineTests : IAsyncLifetime
{
    private const string Other = """{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}""";

    private StepFunctionsServer server = null!;

    public async ValueTask InitializeAsync() => server = await StepFunctionsServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Machine_isMade_described_listed_changed_andGone()
    {
        var arn = await server.DefineAsync();
        arn.ShouldBe(StepFunctionsServer.Machine);
        var described = (await Call("DescribeStateMachine")).Ok();
        ((string?)described["definition"]).ShouldBe(StepFunctionsServer.Pass);
        ((string?)described["status"]).ShouldBe("ACTIVE");
        ((string?)described["type"]).ShouldBe("STANDARD");
        described["loggingConfiguration"]!.ToJsonString().ShouldBe(
            """{"level":"OFF","includeExecutionData":false}""");
        described["encryptionConfiguration"]!.ToJsonString().ShouldBe("""{"type":"AWS_OWNED_KEY"}""");

        var updated = (await Call("UpdateStateMachine", ("definition", Other))).Ok();
        var revision = (string?)updated["revisionId"];
        revision.ShouldNotBe((string?)described["revisionId"]);
        ((string?)(await Call("DescribeStateMachine")).Ok()["definition"]).ShouldBe(Other);
        var listed = (await server.CallAsync("ListStateMachines")).Ok()["stateMachines"]!.AsArray();
        ((string?)listed.ShouldHaveSingleItem()!["name"]).ShouldBe("m");

        (await Call("DeleteStateMachine")).Ok();
        (await Call("DeleteStateMachine")).Ok();
        (await Call("DescribeStateMachine")).Failure.ShouldBe(
            $"StateMachineDoesNotExist: State Machine Does Not Exist: '{arn}'");
        (await Call("UpdateStateMachine", ("roleArn", StepFunctionsServer.Role))).Failure.ShouldBe(
            $"StateMachineDoesNotExist: State Machine Does Not Exist: '{arn}'");
    }

    [Fact]
    public async Task Creation_ofTheSame_isIdempotent_andOfAnother_refused()
    {
        await server.DefineAsync();
        await server.DefineAsync();
        (await Create(StepFunctionsServer.Pass + " ")).Failure.ShouldBe(
            $"StateMachineAlreadyExists: State Machine Already Exists: '{StepFunctionsServer.Machine}'");
        (await server.CallAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = "m",
            ["definition"] = StepFunctionsServer.Pass,
            ["roleArn"] = StepFunctionsServer.Role,
            ["type"] = "EXPRESS",
        })).Failure.ShouldStartWith("StateMachineAlreadyExists");
    }

    [Fact]
    public async Task Deleted_machine_waitsForItsExecutions_andTakesNoMore()
    {
        await server.DefineAsync("""{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":3600,"End":true}}}""");
        var execution = await server.StartExecutionAsync("e");
        (await Call("DeleteStateMachine")).Ok();
        ((string?)(await Call("DescribeStateMachine")).Ok()["status"]).ShouldBe("DELETING");
        (await Call("StartExecution")).Failure.ShouldStartWith("StateMachineDeleting");
        (await Create(StepFunctionsServer.Pass)).Failure.ShouldStartWith("StateMachineDeleting");
        (await Call("PublishStateMachineVersion")).Failure.ShouldStartWith("StateMachineDeleting");
        (await server.Sweeper.SweepAsync(CancellationToken.None)).ShouldBeTrue();

        await server.CallAsync("StopExecution", new JsonObject { ["executionArn"] = execution });
        (await server.Sweeper.SweepAsync(CancellationToken.None)).ShouldBeFalse();
        (await Call("DescribeStateMachine")).Failure.ShouldStartWith("StateMachineDoesNotExist");
        (await server.CallAsync("DescribeExecution", new JsonObject { ["executionArn"] = execution })).Failure
            .ShouldStartWith("ExecutionDoesNotExist");
    }

    [Fact]
    public async Task Versions_arePublished_listed_runAndDeleted()
    {
        var arn = await server.DefineAsync();
        var first = (await Call("PublishStateMachineVersion", ("description", "one"))).Ok();
        ((string?)first["stateMachineVersionArn"]).ShouldBe($"{arn}:1");

        // A revision has one version.
        (await Call("PublishStateMachineVersion", ("description", "again"))).Ok()["stateMachineVersionArn"]!
            .ToString().ShouldBe($"{arn}:1");
        (await Call("UpdateStateMachine", ("versionDescription", "x"), ("definition", Other))).Failure.ShouldBe(
            "ValidationException: Version description can only be set when publish is true");
        var updated = (await server.CallAsync("UpdateStateMachine", new JsonObject
        {
            ["stateMachineArn"] = arn, ["definition"] = Other, ["publish"] = true, ["versionDescription"] = "two",
        })).Ok();
        ((string?)updated["stateMachineVersionArn"]).ShouldBe($"{arn}:2");
        (await Call("PublishStateMachineVersion", ("revisionId", "other"))).Failure.ShouldStartWith(
            "ConflictException: Failed to publish the State Machine version for revision other.");

        var described = (await server.CallAsync(
            "DescribeStateMachine", new JsonObject { ["stateMachineArn"] = $"{arn}:1" })).Ok();
        ((string?)described["definition"]).ShouldBe(StepFunctionsServer.Pass);
        ((string?)described["description"]).ShouldBe("one");
        var page = (await server.CallAsync("ListStateMachineVersions", new JsonObject
        {
            ["stateMachineArn"] = arn, ["maxResults"] = 1,
        })).Ok();
        page["stateMachineVersions"]![0]!["stateMachineVersionArn"]!.ToString().ShouldBe($"{arn}:2");
        var next = (await server.CallAsync("ListStateMachineVersions", new JsonObject
        {
            ["stateMachineArn"] = arn, ["maxResults"] = 1, ["nextToken"] = page["nextToken"]!.DeepClone(),
        })).Ok();
        next["stateMachineVersions"]![0]!["stateMachineVersionArn"]!.ToString().ShouldBe($"{arn}:1");
        next.ContainsKey("nextToken").ShouldBeFalse();

        await server.StartExecutionAsync("e", machine: $"{arn}:1");
        var ended = await server.EndAsync(StepFunctionsServer.Execution("e"));
        ((string?)ended["stateMachineVersionArn"]).ShouldBe($"{arn}:1");
        (await Call("StartExecution", ("stateMachineArn", $"{arn}:9"))).Failure.ShouldBe(
            $"StateMachineDoesNotExist: State Machine Does Not Exist: '{arn}:9'");
        (await Version("DeleteStateMachineVersion", $"{arn}:1")).Ok();
        (await Version("DeleteStateMachineVersion", $"{arn}:1")).Ok();
        (await Version("DeleteStateMachineVersion", arn)).Failure.ShouldStartWith("InvalidArn");
    }

    [Fact]
    public async Task Aliases_leadToVersions()
    {
        var arn = await server.DefineAsync();
        (await Call("PublishStateMachineVersion")).Ok();
        (await Call("UpdateStateMachine", ("definition", Other))).Ok();
        (await Call("PublishStateMachineVersion")).Ok();
        (await Alias("CreateStateMachineAlias", "live", (1, 100))).Ok();
        (await Alias("CreateStateMachineAlias", "live", (1, 100))).Ok();
        (await Alias("CreateStateMachineAlias", "live", (2, 100))).Failure.ShouldStartWith(
            "ConflictException: Failed to create alias because an alias with the same name");
        (await Alias("CreateStateMachineAlias", "7", (1, 100))).Failure.ShouldStartWith("ValidationException");
        (await Alias("CreateStateMachineAlias", "half", (1, 50))).Failure.ShouldStartWith(
            "ValidationException: Sum of routing configuration weights must equal 100.");
        (await Alias("CreateStateMachineAlias", "twice", (1, 50), (1, 50))).Failure.ShouldStartWith(
            "ValidationException: Routing configuration must contain distinct");
        (await Alias("CreateStateMachineAlias", "none", (9, 100))).Failure.ShouldStartWith("ResourceNotFound");
        (await Alias("CreateStateMachineAlias", "empty")).Failure.ShouldContain("greater than or equal to 1");

        var alias = new JsonObject { ["stateMachineAliasArn"] = $"{arn}:live" };
        (await server.CallAsync("DescribeStateMachineAlias", alias)).Ok()["routingConfiguration"]!.ToJsonString()
            .ShouldBe($$"""[{"stateMachineVersionArn":"{{arn}}:1","weight":100}]""");
        (await server.CallAsync("UpdateStateMachineAlias", alias)).Failure.ShouldStartWith("ValidationException");
        (await server.CallAsync("UpdateStateMachineAlias", new JsonObject
        {
            ["stateMachineAliasArn"] = $"{arn}:live", ["routingConfiguration"] = Routes((1, 0), (2, 100)),
        })).Ok();
        await server.StartExecutionAsync("e", machine: $"{arn}:live");
        var ended = await server.EndAsync(StepFunctionsServer.Execution("e"));
        ((string?)ended["stateMachineAliasArn"]).ShouldBe($"{arn}:live");
        ((string?)ended["stateMachineVersionArn"]).ShouldBe($"{arn}:2");
        (await Version("DeleteStateMachineVersion", $"{arn}:2")).Failure.ShouldBe(
            "ConflictException: Version to be deleted must not be referenced by an alias. "
            + "Current list of aliases referencing this version: [live]");
        var listed = (await Call("ListStateMachineAliases")).Ok()["stateMachineAliases"]!.AsArray();
        ((string?)listed.ShouldHaveSingleItem()!["stateMachineAliasArn"]).ShouldBe($"{arn}:live");
        (await server.CallAsync("DeleteStateMachineAlias", alias)).Ok();
        (await server.CallAsync("DeleteStateMachineAlias", alias)).Failure.ShouldStartWith("ResourceNotFound");
        (await server.CallAsync("DescribeStateMachineAlias", alias)).Failure.ShouldStartWith("ResourceNotFound");
    }

    [Fact]
    public async Task Tags_areSet_removed_andLimited()
    {
        var arn = await server.DefineAsync();
        var activity = (await server.CallAsync("CreateActivity", new JsonObject { ["name"] = "act" })).Ok();
        foreach (var resource in new[] { arn, (string)activity["activityArn"]! })
        {
            (await Tag(resource, Enumerable.Range(0, 50))).Ok();
            (await Tag(resource, [50])).Failure.ShouldStartWith("TooManyTags");
            (await server.CallAsync("UntagResource", new JsonObject
            {
                ["resourceArn"] = resource,
                ["tagKeys"] = new JsonArray([.. Enumerable.Range(1, 49).Select(key => (JsonNode)$"k{key}")]),
            })).Ok();
            (await server.CallAsync("ListTagsForResource", new JsonObject { ["resourceArn"] = resource })).Ok()["tags"]!
                .ToJsonString().ShouldBe("""[{"key":"k0","value":"v"}]""");
        }

        (await Tag($"{arn}x", [1])).Failure.ShouldStartWith("ResourceNotFound");
        (await Tag("arn:aws:states:us-east-1:000000000000:execution:m:e", [1])).Failure.ShouldStartWith("InvalidArn");
    }

    [Fact]
    public async Task Definition_isChecked_withoutAMachine()
    {
        var valid = (await Validate(StepFunctionsServer.Pass)).Ok();
        valid.ToJsonString().ShouldBe("""{"result":"OK","diagnostics":[],"truncated":false}""");
        var wrong = (await Validate("""{"StartAt":"A"}""")).Ok();
        ((string?)wrong["result"]).ShouldBe("FAIL");
        ((string?)wrong["diagnostics"]![0]!["code"]).ShouldBe("SCHEMA_VALIDATION_FAILED");
        ((string?)wrong["diagnostics"]![0]!["severity"]).ShouldBe("ERROR");
        var cut = (await Validate("""{"StartAt":"A","States":{"A":{"Type":"X"},"B":{"Type":"Y"}}}""", 1)).Ok();
        cut["diagnostics"]!.AsArray().Count.ShouldBe(1);
        ((bool)cut["truncated"]!).ShouldBeTrue();
        (await Create("""{"StartAt":"A"}""")).Failure.ShouldBe(
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are "
            + "required: [States] at /'");
    }

    private Task<StepFunctionsAnswer> Call(string operation, params (string Name, string Value)[] members)
    {
        var body = new JsonObject { ["stateMachineArn"] = StepFunctionsServer.Machine };
        foreach (var (name, value) in members)
        {
            body[name] = value;
        }

        return server.CallAsync(operation, body);
    }

    private Task<StepFunctionsAnswer> Version(string operation, string arn) =>
        server.CallAsync(operation, new JsonObject { ["stateMachineVersionArn"] = arn });

    private Task<StepFunctionsAnswer> Create(string definition) =>
        server.CallAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = "m", ["definition"] = definition, ["roleArn"] = StepFunctionsServer.Role,
        });

    private Task<StepFunctionsAnswer> Validate(string definition, int maxResults = 0) =>
        server.CallAsync("ValidateStateMachineDefinition", new JsonObject
        {
            ["definition"] = definition, ["maxResults"] = maxResults,
        });

    private Task<StepFunctionsAnswer> Alias(string operation, string name, params (int Version, int Weight)[] routes) =>
        server.CallAsync(operation, new JsonObject { ["name"] = name, ["routingConfiguration"] = Routes(routes) });

    private static JsonArray Routes(params (int Version, int Weight)[] routes) =>
        new([.. routes.Select(route => new JsonObject
        {
            ["stateMachineVersionArn"] = $"{StepFunctionsServer.Machine}:{route.Version}", ["weight"] = route.Weight,
        })]);

    private Task<StepFunctionsAnswer> Tag(string resource, IEnumerable<int> keys) =>
        server.CallAsync("TagResource", new JsonObject
        {
            ["resourceArn"] = resource,
            ["tags"] = new JsonArray(
                [.. keys.Select(key => new JsonObject { ["key"] = $"k{key}", ["value"] = "v" })]),
        });
}
