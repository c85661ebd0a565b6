using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

public sealed class FunctionLifecycleTests
{
    private const string Functions = "/2015-03-31/functions";

    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:one";

    [Fact]
    public async Task CreateFunction_answers_pending_with_every_member_of_a_new_function()
    {
        await using var server = await LambdaServer.StartAsync();
        server.Packages.Gate = new TaskCompletionSource().Task;

        var answer = await server.SendAsync("POST", Functions, LambdaServer.CreateBody("one"));

        answer.ShouldBe(HttpStatusCode.Created);
        var json = answer.Json;
        foreach (var name in new[] { "CodeSha256", "CodeSize", "RevisionId" })
        {
            json[name].ShouldNotBeNull();
            json.Remove(name);
        }

        json["RuntimeVersionConfig"]!["RuntimeVersionArn"]!.ToString()
            .ShouldMatch("^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$");
        json.Remove("RuntimeVersionConfig");
        JsonNode.DeepEquals(json, JsonNode.Parse(
            """
            {
              "FunctionName": "one",
              "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:one",
              "Runtime": "nodejs20.x",
              "Role": "arn:aws:iam::000000000000:role/lambda",
              "Handler": "index.handler",
              "Description": "",
              "Timeout": 3,
              "MemorySize": 128,
              "LastModified": "2026-11-21T08:00:00.000+0000",
              "Version": "$LATEST",
              "TracingConfig": {"Mode": "PassThrough"},
              "State": "Pending",
              "StateReason": "The function is being created.",
              "StateReasonCode": "Creating",
              "PackageType": "Zip",
              "Architectures": ["x86_64"],
              "EphemeralStorage": {"Size": 512},
              "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
              "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/aws/lambda/one"}
            }
            """)).ShouldBeTrue(json.ToJsonString());
    }

    [Fact]
    public async Task GetFunction_after_activation_is_active_with_another_revision_and_a_location()
    {
        await using var server = await LambdaServer.StartAsync();
        var created = await server.SendAsync("POST", Functions, LambdaServer.CreateBody("one"));
        await server.WhenSettledAsync("one");

        var answer = await server.SendAsync("GET", $"{Functions}/one");

        answer.ShouldBe(HttpStatusCode.OK);
        var configuration = answer.Json["Configuration"]!;
        configuration["State"]!.ToString().ShouldBe("Active");
        configuration["LastUpdateStatus"]!.ToString().ShouldBe("Successful");
        configuration["StateReason"].ShouldBeNull();
        configuration["RevisionId"]!.ToString().ShouldNotBe(created["RevisionId"]);
        answer.Json["Code"]!["RepositoryType"]!.ToString().ShouldBe("S3");
        answer.Json["Code"]!["Location"]!.ToString().ShouldStartWith("http://127.0.0.1/packages/");
        answer.Json.ContainsKey("Tags").ShouldBeFalse();
        answer.Json.ContainsKey("Concurrency").ShouldBeFalse();
    }

    [Fact]
    public async Task CreateFunction_whose_files_cannot_be_prepared_fails_without_telling_paths()
    {
        await using var server = await LambdaServer.StartAsync();
        server.Packages.Failure = new IOException("/secret/path: no space left on device");
        await server.SendAsync("POST", Functions, LambdaServer.CreateBody("one"));
        await server.WhenSettledAsync("one");

        var answer = await server.SendAsync("GET", $"{Functions}/one/configuration");

        answer["State"].ShouldBe("Failed");
        answer["StateReasonCode"].ShouldBe("InternalError");
        answer["StateReason"].ShouldNotContain("secret");
        answer["LastUpdateStatus"].ShouldBe("Failed");
    }

    [Fact]
    public async Task Pending_function_is_finished_by_the_next_start()
    {
        await using var first = await LambdaServer.StartAsync();
        first.Packages.Gate = new TaskCompletionSource().Task;
        await first.SendAsync("POST", Functions, LambdaServer.CreateBody("one"));
        await first.DisposeAsync();

        await using var second = await LambdaServer.StartAsync(first.Store);
        await second.WhenSettledAsync("one");

        (await second.SendAsync("GET", $"{Functions}/one/configuration"))["State"].ShouldBe("Active");
    }

    [Fact]
    public async Task CreateFunction_twice_conflicts_and_changes_nothing()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        var body = LambdaServer.CreateBody("one");
        body["Timeout"] = 9;

        var answer = await server.SendAsync("POST", Functions, body);

        answer.ShouldFail(409, "ResourceConflictException", "Function already exist: one");
        (await server.SendAsync("GET", $"{Functions}/one/configuration"))["Timeout"].ShouldBe("3");
    }

    [Fact]
    public async Task Concurrent_creations_of_one_name_make_one_function()
    {
        await using var server = await LambdaServer.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(_ => server.SendAsync("POST", Functions, LambdaServer.CreateBody("one"))));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict).ShouldBe(15);
    }

    [Fact]
    public async Task Update_in_progress_refuses_a_second_update_and_a_publication()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        var gate = new TaskCompletionSource();
        server.Packages.Gate = gate.Task;

        var first = await server.SendAsync(
            "PUT", $"{Functions}/one/configuration", new JsonObject { ["Timeout"] = 7 });
        first.ShouldBe(HttpStatusCode.OK);
        first["State"].ShouldBe("Active");
        first["LastUpdateStatus"].ShouldBe("InProgress");
        first["LastUpdateStatusReasonCode"].ShouldBe("Creating");
        first["LastUpdateStatusReason"].ShouldBe("The function is being created.");

        var busy = $"The operation cannot be performed at this time. An update is in progress for resource: {Arn}";
        (await server.SendAsync("PUT", $"{Functions}/one/configuration", new JsonObject()))
            .ShouldFail(409, "ResourceConflictException", busy);
        (await server.SendAsync("PUT", $"{Functions}/one/code", new JsonObject { ["ZipFile"] = LambdaServer.Zip("2") }))
            .ShouldFail(409, "ResourceConflictException", busy);
        (await server.SendAsync("POST", $"{Functions}/one/versions", new JsonObject()))
            .ShouldFail(409, "ResourceConflictException", busy);

        gate.SetResult();
        await server.WhenSettledAsync("one");
        var settled = await server.SendAsync("GET", $"{Functions}/one/configuration");
        settled["LastUpdateStatus"].ShouldBe("Successful");
        settled["Timeout"].ShouldBe("7");
        settled["RevisionId"].ShouldNotBe(first["RevisionId"]);
    }

    [Fact]
    public async Task DeleteFunction_twice_is_gone_then_not_found()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");

        var deleted = await server.SendAsync("DELETE", $"{Functions}/one");
        deleted.ShouldBe(HttpStatusCode.NoContent);
        deleted.Text.ShouldBeEmpty();
        (await server.SendAsync("DELETE", $"{Functions}/one"))
            .ShouldFail(404, "ResourceNotFoundException", $"Function not found: {Arn}")
            .Json["Type"]!.ToString().ShouldBe("User");
        (await server.SendAsync("GET", $"{Functions}/one")).Json.ContainsKey("Message").ShouldBeTrue();
    }

    [Fact]
    public async Task UpdateFunctionCode_dry_run_shows_the_result_and_changes_nothing()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        var before = await server.SendAsync("GET", $"{Functions}/one/configuration");

        var dry = await server.SendAsync(
            "PUT",
            $"{Functions}/one/code",
            new JsonObject { ["ZipFile"] = LambdaServer.Zip("2"), ["DryRun"] = true });

        dry.ShouldBe(HttpStatusCode.OK);
        dry["CodeSha256"].ShouldNotBe(before["CodeSha256"]);
        (await server.SendAsync("GET", $"{Functions}/one/configuration")).Text.ShouldBe(before.Text);
    }

    [Fact]
    public async Task UpdateFunctionCode_with_publish_answers_the_version_by_its_own_arn()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");

        var answer = await server.SendAsync(
            "PUT",
            $"{Functions}/one/code",
            new JsonObject { ["ZipFile"] = LambdaServer.Zip("2"), ["Publish"] = true });

        answer.ShouldBe(HttpStatusCode.OK);
        answer["Version"].ShouldBe("1");
        answer["FunctionArn"].ShouldBe($"{Arn}:1");
        await server.WhenSettledAsync("one");
        (await server.SendAsync("GET", $"{Functions}/one/configuration?Qualifier=1"))["State"].ShouldBe("Active");
    }

    [Fact]
    public async Task Wrong_revision_is_a_failed_precondition()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        const string Text = "The Revision Id provided does not match the latest Revision Id. "
            + "Call the GetFunction/GetAlias API to retrieve the latest Revision Id";

        (await server.SendAsync(
            "PUT", $"{Functions}/one/configuration", new JsonObject { ["RevisionId"] = "wrong" }))
            .ShouldFail(412, "PreconditionFailedException", Text);
        (await server.SendAsync(
            "PUT",
            $"{Functions}/one/code",
            new JsonObject { ["RevisionId"] = "wrong", ["ZipFile"] = LambdaServer.Zip("2") }))
            .ShouldFail(412, "PreconditionFailedException", Text);
        (await server.SendAsync("POST", $"{Functions}/one/versions", new JsonObject { ["RevisionId"] = "wrong" }))
            .ShouldFail(412, "PreconditionFailedException", Text);
    }

    [Fact]
    public async Task Code_from_a_bucket_is_found_by_its_key()
    {
        await using var server = await LambdaServer.StartAsync();
        var zip = Convert.FromBase64String(LambdaServer.Zip("1"));
        await server.PutObjectAsync("uploads", "one.zip", zip);

        JsonObject Body(string bucket, string key)
        {
            var body = LambdaServer.CreateBody("one");
            body["Code"] = new JsonObject { ["S3Bucket"] = bucket, ["S3Key"] = key };
            return body;
        }

        (await server.SendAsync("POST", Functions, Body("nowhere", "one.zip"))).ShouldFail(
            400,
            "InvalidParameterValueException",
            "Error occurred while GetObject. S3 Error Code: NoSuchBucket. "
            + "S3 Error Message: The specified bucket does not exist");
        (await server.SendAsync("POST", Functions, Body("uploads", "two.zip"))).ShouldFail(
            400,
            "InvalidParameterValueException",
            "Error occurred while GetObject. S3 Error Code: NoSuchKey. "
            + "S3 Error Message: The specified key does not exist.");
        (await server.SendAsync("POST", Functions, Body("uploads", "one.zip")))
            .ShouldBe(HttpStatusCode.Created)["CodeSha256"].ShouldBe(Convert.ToBase64String(SHA256.HashData(zip)));
        (await server.SendAsync("POST", Functions, Body("uploads", "one.zip"), "111111111111"))
            .ShouldFail(400, "InvalidParameterValueException", "NoSuchBucket");
    }

    [Fact]
    public async Task Store_that_refuses_is_told_as_unavailable_and_left_as_it_was()
    {
        await using var server = await LambdaServer.StartAsync();
        server.Store.Refusal = new Kernel.Storage.StoreException(Kernel.ErrorCode.DiskFull, "The disk is full.");

        (await server.SendAsync("POST", Functions, LambdaServer.CreateBody("one")))
            .ShouldFail(503, "ServiceUnavailableException", "The disk is full.");
        server.Store.Refusal = null;
        (await server.SendAsync("GET", $"{Functions}/one")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
