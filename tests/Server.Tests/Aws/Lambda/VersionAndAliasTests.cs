using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

public sealed class VersionAndAliasTests
{
    private const string One = "/2015-03-31/functions/one";
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:one";

    [Fact]
    public async Task PublishVersion_of_something_unchanged_answers_the_same_version()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        var latest = await server.SendAsync("GET", $"{One}/configuration");

        var first = await server.SendAsync(
            "POST",
            $"{One}/versions",
            new JsonObject { ["Description"] = "first", ["CodeSha256"] = latest["CodeSha256"] });
        var again = await server.SendAsync("POST", $"{One}/versions");

        first.ShouldBe(HttpStatusCode.Created)["Version"].ShouldBe("1");
        first["FunctionArn"].ShouldBe($"{Arn}:1");
        first["Description"].ShouldBe("first");
        first["State"].ShouldBe("Active");
        first["RevisionId"].ShouldNotBe(latest["RevisionId"]);
        again.ShouldBe(HttpStatusCode.Created).Text.ShouldBe(first.Text);
    }

    [Fact]
    public async Task PublishVersion_after_a_change_takes_the_next_number_and_keeps_the_old_version()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        await server.SendAsync("POST", $"{One}/versions");
        await server.SendAsync("PUT", $"{One}/configuration", new JsonObject { ["Timeout"] = 60 });
        await server.WhenSettledAsync("one");

        (await server.SendAsync("POST", $"{One}/versions"))["Version"].ShouldBe("2");

        (await server.SendAsync("GET", $"{One}/configuration?Qualifier=1"))["Timeout"].ShouldBe("3");
        (await server.SendAsync("GET", $"{One}:2"))["Configuration"].ShouldContain("\"Timeout\": 60");
    }

    [Fact]
    public async Task PublishVersion_with_another_digest_is_refused()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        var digest = (await server.SendAsync("GET", $"{One}/configuration"))["CodeSha256"];

        (await server.SendAsync("POST", $"{One}/versions", new JsonObject { ["CodeSha256"] = "other" })).ShouldFail(
            400,
            "InvalidParameterValueException",
            $"CodeSHA256 (other) is different from current CodeSHA256 in $LATEST ({digest}). "
            + "Please try again with the CodeSHA256 in $LATEST.");
    }

    [Fact]
    public async Task CreateFunction_with_publish_makes_version_one_that_becomes_active()
    {
        await using var server = await LambdaServer.StartAsync();
        var body = LambdaServer.CreateBody("one");
        body["Publish"] = true;

        (await server.SendAsync("POST", "/2015-03-31/functions", body))["Version"].ShouldBe("1");

        await server.WhenSettledAsync("one");
        (await server.SendAsync("GET", $"{One}/configuration?Qualifier=1"))["State"].ShouldBe("Active");
    }

    [Fact]
    public async Task Alias_is_created_moved_listed_and_deleted()
    {
        await using var server = await PublishTwiceAsync();

        var created = await server.SendAsync("POST", $"{One}/aliases", new JsonObject
        {
            ["Name"] = "live",
            ["FunctionVersion"] = "1",
            ["RoutingConfig"] = new JsonObject { ["AdditionalVersionWeights"] = new JsonObject { ["2"] = 0.25 } },
        });
        created.ShouldBe(HttpStatusCode.Created)["AliasArn"].ShouldBe($"{Arn}:live");
        created["Description"].ShouldBe("");
        created.Json["RoutingConfig"]!["AdditionalVersionWeights"]!["2"]!.GetValue<double>().ShouldBe(0.25);

        var through = await server.SendAsync("GET", $"{One}?Qualifier=live");
        through.Json["Configuration"]!["FunctionArn"]!.ToString().ShouldBe($"{Arn}:live");
        through.Json["Configuration"]!["Version"]!.ToString().ShouldBe("1");

        var moved = await server.SendAsync("PUT", $"{One}/aliases/live", new JsonObject
        {
            ["FunctionVersion"] = "2",
            ["RoutingConfig"] = new JsonObject(),
            ["RevisionId"] = created["RevisionId"],
        });
        moved.ShouldBe(HttpStatusCode.OK)["FunctionVersion"].ShouldBe("2");
        moved.Json.ContainsKey("RoutingConfig").ShouldBeFalse();
        moved["RevisionId"].ShouldNotBe(created["RevisionId"]);

        (await server.SendAsync("GET", $"{One}/aliases?FunctionVersion=1"))["Aliases"].ShouldBe("[]");
        (await server.SendAsync("GET", $"{One}/aliases?FunctionVersion=2"))["Aliases"].ShouldContain("live");
        (await server.SendAsync("DELETE", $"{One}/aliases/live")).ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("DELETE", $"{One}/aliases/live")).ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("GET", $"{One}/aliases/live"))
            .ShouldFail(404, "ResourceNotFoundException", $"Cannot find alias arn: {Arn}:live");
        (await server.SendAsync("PUT", $"{One}/aliases/live", new JsonObject()))
            .ShouldFail(404, "ResourceNotFoundException", $"Alias not found: {Arn}:live");
    }

    public static TheoryData<string, int, string, string> WrongAliases() => new()
    {
        {
            """{"Name": "2024"}""",
            400, "ValidationException",
            "Value '2024' at 'name' failed to satisfy constraint: Member must satisfy regular expression "
            + "pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"
        },
        { """{"Name": null}""", 400, "ValidationException", "Value null at 'name'" },
        { """{"Name": "taken"}""", 409, "ResourceConflictException", $"Alias already exists: {Arn}:taken" },
        { """{"FunctionVersion": "10"}""", 404, "ResourceNotFoundException", $"Function not found: {Arn}:10" },
        { """{"FunctionVersion": "01"}""", 404, "ResourceNotFoundException", $"Function not found: {Arn}:01" },
        { """{"FunctionVersion": "x"}""", 400, "ValidationException", "functionVersion" },
        {
            """{"RoutingConfig": {"AdditionalVersionWeights": {"1": 0.5, "2": 0.5}}}""",
            400, "InvalidParameterValueException",
            "Number of items in AdditionalVersionWeights cannot be greater than 1"
        },
        {
            """{"RoutingConfig": {"AdditionalVersionWeights": {"1": 0.5}}}""",
            400, "InvalidParameterValueException",
            "Invalid function version 1. Function version 1 is already included in routing configuration."
        },
        {
            """{"RoutingConfig": {"AdditionalVersionWeights": {"2": 2}}}""",
            400, "ValidationException",
            "1 validation error detected: Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' "
            + "failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less "
            + "than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be "
            + "null]"
        },
        {
            """{"RoutingConfig": {"AdditionalVersionWeights": {"2": -1}}}""",
            400, "ValidationException",
            "Value '{2=-1.0}' at"
        },
        {
            """{"RoutingConfig": {"AdditionalVersionWeights": {"2": null}}}""",
            400, "ValidationException",
            "Value '{2=null}' at"
        },
        {
            """{"RoutingConfig": {"AdditionalVersionWeights": {"$LATEST": 0.5}}}""",
            400, "ValidationException",
            "Value '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy "
            + "constraint: Map keys must satisfy constraint: [Member must have length less than or equal to "
            + "1024, Member must have length greater than or equal to 1, Member must satisfy regular "
            + "expression pattern: [0-9]+]"
        },
        {
            """{"RoutingConfig": {"AdditionalVersionWeights": {"9": 0.5}}}""",
            404, "ResourceNotFoundException",
            $"Function not found: {Arn}:9"
        },
        {
            """{"FunctionVersion": "$LATEST", "RoutingConfig": {"AdditionalVersionWeights": {"1": 0.5}}}""",
            400, "InvalidParameterValueException",
            "$LATEST is not supported for an alias pointing to more than 1 version"
        },
    };

    [Theory]
    [MemberData(nameof(WrongAliases))]
    public async Task CreateAlias_refuses(string members, int status, string type, string message)
    {
        await using var server = await PublishTwiceAsync();
        await server.SendAsync(
            "POST", $"{One}/aliases", new JsonObject { ["Name"] = "taken", ["FunctionVersion"] = "$LATEST" });
        var body = new JsonObject { ["Name"] = "live", ["FunctionVersion"] = "1" };
        foreach (var (key, value) in JsonNode.Parse(members)!.AsObject())
        {
            body[key] = value?.DeepClone();
        }

        (await server.SendAsync("POST", $"{One}/aliases", body)).ShouldFail(status, type, message);
        (await server.SendAsync("GET", $"{One}/aliases")).Json["Aliases"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Version_that_an_alias_uses_cannot_be_deleted_until_the_alias_is()
    {
        await using var server = await PublishTwiceAsync();
        await server.SendAsync("POST", $"{One}/aliases", new JsonObject
        {
            ["Name"] = "live",
            ["FunctionVersion"] = "2",
            ["RoutingConfig"] = new JsonObject { ["AdditionalVersionWeights"] = new JsonObject { ["1"] = 0.5 } },
        });

        (await server.SendAsync("DELETE", $"{One}?Qualifier=1")).ShouldFail(
            409,
            "ResourceConflictException",
            "Unable to delete version because the following aliases reference it: [live]");
        await server.SendAsync("DELETE", $"{One}/aliases/live");
        (await server.SendAsync("DELETE", $"{One}:1")).ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("DELETE", $"{One}:1")).ShouldBe(HttpStatusCode.NoContent);

        (await server.SendAsync("GET", $"{One}?Qualifier=1"))
            .ShouldFail(404, "ResourceNotFoundException", $"Function not found: {Arn}:1");
        (await server.SendAsync("GET", $"{One}/versions")).Json["Versions"]!.AsArray()
            .Select(version => version!["Version"]!.ToString()).ShouldBe(["$LATEST", "2"]);
    }

    private static async Task<LambdaServer> PublishTwiceAsync()
    {
        var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        await server.SendAsync("POST", $"{One}/versions");
        await server.SendAsync("PUT", $"{One}/code", new JsonObject { ["ZipFile"] = LambdaServer.Zip("2") });
        await server.WhenSettledAsync("one");
        await server.SendAsync("POST", $"{One}/versions");
        return server;
    }
}
