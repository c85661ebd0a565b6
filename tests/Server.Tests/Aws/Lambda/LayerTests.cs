using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

public sealed class LayerTests
{
    private const string Layers = "/2018-10-31/layers";
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:layer:tools";
    private const string Other = "111111111111";

    [Fact]
    public async Task Layer_versions_are_counted_shown_and_never_numbered_again()
    {
        await using var server = await LambdaServer.StartAsync();

        var first = await PublishAsync(server, "1", new JsonObject { ["CompatibleRuntimes"] = Array("nodejs20.x") });
        first.ShouldBe(HttpStatusCode.Created)["LayerVersionArn"].ShouldBe($"{Arn}:1");
        first["LayerArn"].ShouldBe(Arn);
        first["Version"].ShouldBe("1");
        first["Description"].ShouldBe("");
        first["CreatedDate"].ShouldBe("2026-11-21T08:00:00.000+0000");
        first.Json["Content"]!["Location"]!.ToString().ShouldStartWith("http://127.0.0.1/packages/");
        first.Json.ContainsKey("LicenseInfo").ShouldBeFalse();

        await PublishAsync(server, "2");
        (await server.SendAsync("DELETE", $"{Layers}/tools/versions/2")).ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("DELETE", $"{Layers}/tools/versions/2")).ShouldBe(HttpStatusCode.NoContent);
        (await PublishAsync(server, "3"))["Version"].ShouldBe("3");

        (await server.SendAsync("GET", $"{Layers}/tools/versions/1")).Text.ShouldBe(first.Text);
        (await server.SendAsync("GET", $"{Layers}?find=LayerVersion&Arn={Arn}:1")).Text.ShouldBe(first.Text);
        (await server.SendAsync("GET", $"{Layers}/tools/versions")).Json["LayerVersions"]!.AsArray()
            .Select(version => version!["Version"]!.ToString()).ShouldBe(["3", "1"]);
        var newest = (await server.SendAsync("GET", Layers)).Json["Layers"]!.AsArray().Single()!;
        newest["LayerName"]!.ToString().ShouldBe("tools");
        newest["LatestMatchingVersion"]!["Version"]!.ToString().ShouldBe("3");
    }

    [Fact]
    public async Task ListLayers_shows_the_newest_version_that_matches()
    {
        await using var server = await LambdaServer.StartAsync();
        await PublishAsync(server, "1", new JsonObject { ["CompatibleRuntimes"] = Array("python3.11") });
        await PublishAsync(server, "2", new JsonObject
        {
            ["CompatibleRuntimes"] = Array("nodejs20.x"),
            ["CompatibleArchitectures"] = Array("arm64"),
        });

        async Task<string> Newest(string query)
        {
            var layers = (await server.SendAsync("GET", $"{Layers}?{query}")).Json["Layers"]!.AsArray();
            return layers is [{ } only] ? only["LatestMatchingVersion"]!["Version"]!.ToString() : "none";
        }

        (await Newest("CompatibleRuntime=python3.11")).ShouldBe("1");
        (await Newest("CompatibleRuntime=nodejs20.x&CompatibleArchitecture=arm64")).ShouldBe("2");
        (await Newest("CompatibleArchitecture=x86_64")).ShouldBe("none");
        (await server.SendAsync("GET", $"{Layers}/tools/versions?CompatibleRuntime=python3.11"))["LayerVersions"]
            .ShouldContain($"{Arn}:1");
    }

    [Fact]
    public async Task Function_keeps_the_files_of_a_layer_that_was_deleted()
    {
        await using var server = await LambdaServer.StartAsync();
        await PublishAsync(server, "1");
        await server.CreateAsync("one", new JsonObject { ["Layers"] = Array($"{Arn}:1") });
        await server.SendAsync("DELETE", $"{Layers}/tools/versions/1");

        var shown = (await server.SendAsync("GET", "/2015-03-31/functions/one/configuration")).Json["Layers"]![0]!;

        shown["Arn"]!.ToString().ShouldBe($"{Arn}:1");
        shown["CodeSize"]!.GetValue<long>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Two_versions_of_one_layer_are_refused()
    {
        await using var server = await LambdaServer.StartAsync();
        await PublishAsync(server, "1");
        await PublishAsync(server, "2");
        await server.CreateAsync("one");

        (await server.SendAsync(
            "PUT",
            "/2015-03-31/functions/one/configuration",
            new JsonObject { ["Layers"] = Array($"{Arn}:1", $"{Arn}:2") })).ShouldFail(
            400,
            "InvalidParameterValueException",
            "Two different versions of the same layer are not allowed to be referenced in the same function. "
            + $"{Arn}:1 and {Arn}:2 are versions of the same layer.");
    }

    [Fact]
    public async Task Layer_of_another_account_is_usable_only_while_its_policy_says_so()
    {
        await using var server = await LambdaServer.StartAsync();
        await PublishAsync(server, "1");
        const string Denied = "is not authorized to perform: lambda:GetLayerVersion";
        var path = $"{Layers}/{Uri.EscapeDataString(Arn)}/versions/1";
        (await server.SendAsync("GET", path, null, Other)).ShouldFail(403, "AccessDeniedException", Denied);

        var added = await AllowAsync(server, "s1", Other);
        added.ShouldBe(HttpStatusCode.Created);
        JsonNode.Parse(added["Statement"])!["Principal"]!["AWS"]!.ToString()
            .ShouldBe($"arn:aws:iam::{Other}:root");

        (await server.SendAsync("GET", path, null, Other)).ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", $"{Layers}?find=LayerVersion&Arn={Arn}:1", null, Other))
            .ShouldBe(HttpStatusCode.OK);
        await server.CreateAsync("one", new JsonObject { ["Layers"] = Array($"{Arn}:1") }, Other);
        (await server.SendAsync("GET", path, null, "222222222222")).ShouldFail(403, "AccessDeniedException", Denied);

        (await server.SendAsync("DELETE", $"{Layers}/tools/versions/1/policy/s1")).ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("GET", path, null, Other)).ShouldFail(403, "AccessDeniedException", Denied);
        (await server.SendAsync("GET", $"{Layers}/tools/versions/1/policy"))
            .ShouldFail(404, "ResourceNotFoundException", "No policy is associated with the given resource.");
    }

    [Fact]
    public async Task Another_account_learns_nothing_from_asking_for_layers()
    {
        await using var server = await LambdaServer.StartAsync();
        await PublishAsync(server, "1");
        foreach (var (method, suffix) in new[]
        {
            ("GET", "versions/1"), ("GET", "versions/1/policy"), ("DELETE", "versions/1"), ("GET", "versions"),
            ("DELETE", "versions/1/policy/s1"),
        })
        {
            var existing = await server.SendAsync(method, $"{Layers}/{Arn}/{suffix}", null, Other);
            var missing = await server.SendAsync(
                method, $"{Layers}/{Arn.Replace("tools", "nothing", StringComparison.Ordinal)}/{suffix}", null, Other);

            existing.Status.ShouldBe(HttpStatusCode.Forbidden);
            missing.Text.Replace("nothing", "tools", StringComparison.Ordinal).ShouldBe(existing.Text);
        }

        (await server.SendAsync("GET", $"{Layers}/tools/versions/1")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Policy_refuses_a_second_statement_of_one_name_and_a_wrong_revision()
    {
        await using var server = await LambdaServer.StartAsync();
        await PublishAsync(server, "1");
        var added = await AllowAsync(server, "s1", "*");

        (await AllowAsync(server, "s1", "*")).ShouldFail(
            409,
            "ResourceConflictException",
            "The statement id (s1) provided already exists. Please provide a new statement id, or remove the existing "
            + "statement.");
        (await AllowAsync(server, "s2", "*", "wrong")).ShouldFail(
            412,
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve "
            + "the latest Revision Id");
        (await AllowAsync(server, "s2", "*", added["RevisionId"])).ShouldBe(HttpStatusCode.Created);
        (await server.SendAsync("DELETE", $"{Layers}/tools/versions/1/policy/none")).ShouldFail(
            404, "ResourceNotFoundException", "Statement none is not found in resource policy.");
        var policy = JsonNode.Parse((await server.SendAsync("GET", $"{Layers}/tools/versions/1/policy"))["Policy"])!;
        policy["Statement"]!.AsArray().Select(statement => statement!["Sid"]!.ToString()).ShouldBe(["s1", "s2"]);
    }

    [Theory]
    [InlineData("GET", "tools/versions/0", null, 400, "InvalidParameterValueException",
        "Layer Version Cannot be less than 1")]
    [InlineData("DELETE", "tools/versions/-1", null, 400, "InvalidParameterValueException", "less than 1")]
    [InlineData("GET", "tools/versions/one", null, 400, "SerializationException", "VersionNumber")]
    [InlineData("GET", "tools/versions/99999999999999999999", null, 400, "SerializationException", "VersionNumber")]
    [InlineData("GET", "tools/versions/9", null, 404, "ResourceNotFoundException",
        "The resource you requested does not exist.")]
    [InlineData("GET", "to.ols/versions/9", null, 400, "ValidationException", "at 'layerName'")]
    [InlineData("GET", "tools/versions/9/policy", null, 404, "ResourceNotFoundException",
        "Layer version arn:aws:lambda:us-east-1:000000000000:layer:tools:9 does not exist.")]
    [InlineData("GET", "?find=LayerVersion&Arn=arn:aws:lambda:us-east-1:000000000000:layer:tools", null, 400,
        "ValidationException", "at 'arn' failed to satisfy constraint: Member must satisfy regular expression pattern")]
    [InlineData("GET", "?find=LayerVersion", null, 400, "ValidationException", "Value null at 'arn'")]
    [InlineData("GET", "?CompatibleRuntime=x&CompatibleArchitecture=y", null, 400, "ValidationException",
        "2 validation errors detected: Value 'x' at 'compatibleRuntime'")]
    [InlineData("GET", "?MaxItems=51", null, 400, "ValidationException", "less than or equal to 50")]
    [InlineData("POST", "tools/versions", "{}", 400, "ValidationException", "Value null at 'content'")]
    [InlineData("POST", "tools/versions", """{"Content": {}}""", 400, "InvalidParameterValueException",
        "Please provide a source")]
    [InlineData("POST", "tools/versions", """{"Content": {}, "CompatibleRuntimes": ["a", null, "nodejs20.x"]}""", 400,
        "ValidationException", "Value '[a, null, nodejs20.x]' at 'compatibleRuntimes' failed to satisfy constraint: "
        + "Member must satisfy enum value set: [")]
    [InlineData("POST", "tools/versions", """{"Content": {}, "CompatibleArchitectures": ["X"]}""", 400,
        "ValidationException", "Value '[X]' at 'compatibleArchitectures' failed to satisfy constraint: Member must "
        + "satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]")]
    [InlineData("POST", "tools/versions/1/policy",
        """{"StatementId": "a", "Action": "*", "Principal": "*"}""", 400, "ValidationException",
        "1 validation error detected: Value '*' at 'action' failed to satisfy constraint: Member must satisfy regular "
        + "expression pattern: lambda:GetLayerVersion")]
    [InlineData("POST", "tools/versions/1/policy", "{}", 400, "ValidationException", "3 validation errors detected")]
    [InlineData("POST", "tools/versions/9/policy",
        """{"StatementId": "a", "Action": "lambda:GetLayerVersion", "Principal": "*"}""", 404,
        "ResourceNotFoundException", "layer:tools:9 does not exist.")]
    [InlineData("POST", "tools/versions/1/policy",
        """{"StatementId": "a", "Action": "lambda:GetLayerVersion", "Principal": "*", "OrganizationId": "o-1"}""",
        400, "InvalidParameterValueException", "OrganizationId is not supported")]
    public async Task Request_is_refused(
        string method, string path, string? json, int status, string type, string message)
    {
        await using var server = await LambdaServer.StartAsync();
        await PublishAsync(server, "1");
        var separator = path.StartsWith('?') ? "" : "/";

        (await server.SendAsync(method, $"{Layers}{separator}{path}", json is null ? null : JsonNode.Parse(json)))
            .ShouldFail(status, type, message);
    }

    private static Task<LambdaAnswer> PublishAsync(LambdaServer server, string text, JsonObject? more = null)
    {
        var body = new JsonObject { ["Content"] = new JsonObject { ["ZipFile"] = LambdaServer.Zip(text) } };
        foreach (var (key, value) in more ?? [])
        {
            body[key] = value?.DeepClone();
        }

        return server.SendAsync("POST", $"{Layers}/tools/versions", body);
    }

    private static Task<LambdaAnswer> AllowAsync(
        LambdaServer server, string statement, string principal, string? revision = null) => server.SendAsync(
        "POST",
        $"{Layers}/tools/versions/1/policy{(revision is null ? "" : $"?RevisionId={revision}")}",
        new JsonObject
        {
            ["StatementId"] = statement,
            ["Action"] = "lambda:GetLayerVersion",
            ["Principal"] = principal,
        });

    private static JsonArray Array(params string[] items) => new([.. items.Select(item => (JsonNode)item)]);
}
