using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Server.Access;
using Lambent.Server.Tests.Access.Clients;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

/// <summary>An unmodified boto3 against the real verifier, authorizer and operations.</summary>
public sealed class RealClientTests
{
    [Fact]
    public async Task Boto3_is_understood_and_answered_as_by_AWS()
    {
        await using var server = await AccessServer.StartAsync();
        await server.AddFunctionAsync("secret", AccountId.Parse("222222222222"));
        var runs = await PythonClient.RunAsync("calls.py", Keys(server.Root), async () =>
        {
            // Each run finds the function as it was at first.
            await server.AddFunctionAsync("hello");
            return [server.Address];
        });
        foreach (var calls in runs)
        {
            var answers = calls.ToDictionary(call => (string)call["name"]!);
            CheckIdentity(answers);
            CheckPermissions(answers);
            CheckConcurrency(answers, server);
            CheckUrls(answers, server);
            CheckTags(answers);
            CheckSettings(answers);
            CheckRefusals(answers);
            foreach (var (name, answer) in answers.Where(answer => answer.Key.Contains('/', StringComparison.Ordinal)))
            {
                Who(answer).ShouldBe("arn:aws:iam::000000000000:root", name);
            }

            Who(answers["body"]).ShouldBe("arn:aws:iam::000000000000:root");
            Who(answers["headers"]).ShouldBe("arn:aws:iam::000000000000:root");
        }
    }

    [Fact]
    public async Task Boto3_with_a_sessions_credentials_is_the_function()
    {
        await using var server = await AccessServer.StartAsync();
        var function = await server.AddFunctionAsync("hello");
        await server.AddFunctionAsync("secret", AccountId.Parse("222222222222"));
        var session = server.Session(function);
        var keys = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = session.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = session.Secret,
            ["AWS_SESSION_TOKEN"] = session.SessionToken!,
        };
        var runs = await PythonClient.RunAsync("calls.py", keys, () => Task.FromResult<string[]>([server.Address]));
        foreach (var calls in runs)
        {
            var answers = calls.ToDictionary(call => (string)call["name"]!);
            Result(answers["sts"])["Arn"]!.ToString().ShouldBe("arn:aws:sts::000000000000:assumed-role/lambda/hello");
            Result(answers["sts"])["UserId"]!.ToString().ShouldBe("lambda:hello");
            Result(answers["config"])["FunctionName"]!.ToString().ShouldBe("hello");
            Fails(answers["add"], 403, "AccessDeniedException",
                "User: arn:aws:sts::000000000000:assumed-role/lambda/hello is not authorized to perform: "
                + "lambda:AddPermission on resource: arn:aws:lambda:us-east-1:000000000000:function:hello "
                + "because no identity-based policy allows the lambda:AddPermission action");
            Fails(answers["url"], 403, "AccessDeniedException", "lambda:CreateFunctionUrlConfig");
            Fails(answers["tag"], 403, "AccessDeniedException", "lambda:TagResource");
            Result(answers["tags"])["Tags"]!.AsObject().ShouldBeEmpty();
            Who(answers["presigned /who"]).ShouldBe("arn:aws:sts::000000000000:assumed-role/lambda/hello");
        }
    }

    [Theory]
    [InlineData("/usr/bin/aws")]
    [InlineData("aws")]
    public async Task Command_line_works_with_the_credentials_file_alone(string program)
    {
        await using var server = await AccessServer.StartAsync();
        await server.AddFunctionAsync("hello");
        var folder = Directory.CreateTempSubdirectory("lambent-aws-");
        try
        {
            var variables = new Dictionary<string, string>
            {
                ["AWS_SHARED_CREDENTIALS_FILE"] =
                    CredentialsFile.Ensure(folder.FullName, [server.Root], server.Region),
            };
            string[] endpoint = ["--endpoint-url", server.Address, "--output", "json"];
            var result = await ClientProcess.RunAsync(
                program, ["sts", "get-caller-identity", .. endpoint], variables);
            Assert.SkipWhen(result is null, "The AWS command line is not installed (Debian: awscli).");
            result.Value.ExitCode.ShouldBe(0, result.Value.Error);
            JsonNode.Parse(result.Value.Output)!["Account"]!.ToString().ShouldBe("000000000000");

            result = await ClientProcess.RunAsync(
                program, ["lambda", "get-function-configuration", "--function-name", "hello", .. endpoint], variables);
            result!.Value.ExitCode.ShouldBe(0, result.Value.Error);
            JsonNode.Parse(result.Value.Output)!["FunctionName"]!.ToString().ShouldBe("hello");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("/who")]
    [InlineData("/fn/hello/a-b_c~d?a=1&b=2")]
    public async Task Curl_signs_what_is_verified(string path)
    {
        await using var server = await AccessServer.StartAsync();
        string[] signature =
            ["--aws-sigv4", "aws:amz:us-east-1:lambda", "--user", $"{server.Root.Id}:{server.Root.Secret}"];
        string[][] requests = [[], ["--data", "{\"name\":\"ü\"}", "--header", "Content-Type: application/json"]];
        foreach (var request in requests)
        {
            var result = await ClientProcess.RunAsync(
                "curl",
                ["--silent", .. signature, .. request, server.Address + path],
                new Dictionary<string, string>());
            Assert.SkipWhen(result is null, "curl is not installed.");
            result.Value.Output.ShouldBe("arn:aws:iam::000000000000:root", result.Value.Error);
        }
    }

    private static void CheckIdentity(Dictionary<string, JsonObject> answers)
    {
        var identity = Result(answers["sts"]);
        identity["Account"]!.ToString().ShouldBe("000000000000");
        identity["Arn"]!.ToString().ShouldBe("arn:aws:iam::000000000000:root");
        identity["UserId"]!.ToString().ShouldBe("000000000000");
        Fails(answers["sts-session"], 400, "InvalidAction", "GetSessionToken is not supported by this server");
        foreach (var name in new[] { "config", "config-arn", "config-arn-alias", "config-latest" })
        {
            Result(answers[name])["FunctionName"]!.ToString().ShouldBe("hello", name);
        }

        Result(answers["list"])["Functions"]!.AsArray().Count.ShouldBe(1);
    }

    private static void CheckPermissions(Dictionary<string, JsonObject> answers)
    {
        const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";
        Result(answers["add"])["Statement"]!.ToString().ShouldBe(
            "{\"Sid\":\"s1\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s3.amazonaws.com\"},"
            + $"\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"{Arn}\",\"Condition\":"
            + "{\"StringEquals\":{\"AWS:SourceAccount\":\"111111111111\"},"
            + "\"ArnLike\":{\"AWS:SourceArn\":\"arn:aws:s3:::photos\"}}}");
        Fails(answers["add-again"], 409, "ResourceConflictException",
            "The statement id (s1) provided already exists. Please provide a new statement id, or remove the existing "
            + "statement.");
        Result(answers["policy"])["Policy"]!.ToString()
            .ShouldStartWith("{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":[{\"Sid\":\"s1\"");
        Result(answers["policy-alias"])["Policy"]!.ToString().ShouldContain(
            $"\"Principal\":{{\"AWS\":\"arn:aws:iam::222222222222:root\"}},\"Action\":\"lambda:*\","
            + $"\"Resource\":\"{Arn}:prod\"");
        Result(answers["remove"]);
        Fails(answers["policy-gone"], 404, "ResourceNotFoundException", "The resource you requested does not exist.");
    }

    private static void CheckConcurrency(Dictionary<string, JsonObject> answers, AccessServer server)
    {
        ((int)Result(answers["concurrency"])["ReservedConcurrentExecutions"]!).ShouldBe(100);
        ((int)Result(answers["concurrency-get"])["ReservedConcurrentExecutions"]!).ShouldBe(100);
        Fails(answers["concurrency-too-much"], 400, "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            + "below its minimum value of [100].");
        Result(answers["concurrency-delete"]);
        server.Functions.Directory.All().ShouldAllBe(snapshot => snapshot.Function.ReservedConcurrency == null);
    }

    private static void CheckUrls(Dictionary<string, JsonObject> answers, AccessServer server)
    {
        var created = Result(answers["url"]);
        created["FunctionUrl"]!.ToString().ShouldBe($"{server.Address}/fn/hello/");
        created["AuthType"]!.ToString().ShouldBe("NONE");
        created["InvokeMode"]?.ToString().ShouldBe("BUFFERED");
        created["Cors"]!.ToJsonString()
            .ShouldBe("{\"AllowMethods\":[\"GET\"],\"AllowOrigins\":[\"*\"],\"MaxAge\":60}");
        created["CreationTime"]!.ToString().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$");
        created.ContainsKey("LastModifiedTime").ShouldBeFalse();
        Fails(answers["url-again"], 409, "ResourceConflictException",
            "Failed to create function url config for [functionArn = "
            + "arn:aws:lambda:us-east-1:000000000000:function:hello]. "
            + "Error message:  FunctionUrlConfig exists for this Lambda function");
        var alias = Result(answers["url-alias"]);
        alias["FunctionUrl"]!.ToString().ShouldBe($"{server.Address}/fn/hello:prod/");
        alias["FunctionArn"]!.ToString().ShouldEndWith(":function:hello:prod");
        alias["InvokeMode"]?.ToString().ShouldBe("RESPONSE_STREAM");
        var updated = Result(answers["url-update"]);
        updated["AuthType"]!.ToString().ShouldBe("AWS_IAM");
        updated.ContainsKey("Cors").ShouldBeFalse();
        var pages = answers["url-list"]["result"]!.AsArray();
        pages.Count.ShouldBe(2);
        pages.SelectMany(page => page!["FunctionUrlConfigs"]!.AsArray())
            .Select(url => url!["FunctionUrl"]!.ToString())
            .ShouldBe([$"{server.Address}/fn/hello/", $"{server.Address}/fn/hello:prod/"]);
        Result(answers["url-delete"]);
        Fails(answers["url-gone"], 404, "ResourceNotFoundException", "The resource you requested does not exist.");
    }

    private static void CheckTags(Dictionary<string, JsonObject> answers)
    {
        Result(answers["tag"]);
        var tags = Result(answers["tags"])["Tags"]!.AsObject();
        tags["team"]!.ToString().ShouldBe("blue & green");
        tags["ünïcode"]!.ToString().ShouldBe("漢字 😀");
        Result(answers["tags-after"])["Tags"]!.AsObject().Select(tag => tag.Key)
            .ShouldBe(["lambent:environment-concurrency"]);
        Fails(answers["tag-alias"], 400, "InvalidParameterValueException",
            "Tags on function aliases and versions are not supported. Please specify a function ARN.");
    }

    private static void CheckSettings(Dictionary<string, JsonObject> answers)
    {
        var settings = Result(answers["settings"]);
        var limit = settings["AccountLimit"]!;
        ((int)limit["ConcurrentExecutions"]!).ShouldBe(1_000);
        ((int)limit["UnreservedConcurrentExecutions"]!).ShouldBe(900);
        ((long)limit["TotalCodeSize"]!).ShouldBe(80_530_636_800);
        ((int)settings["AccountUsage"]!["FunctionCount"]!).ShouldBe(1);
        ((int)settings["AccountUsage"]!["TotalCodeSize"]!).ShouldBe(2_000);

        // An old client does not know these.
        Known(answers["runtime-management"])?["UpdateRuntimeOn"]!.ToString().ShouldBe("Auto");
        Known(answers["recursion"])?["RecursiveLoop"]!.ToString().ShouldBe("Allow");
        Result(answers["code-signing"]);
    }

    private static void CheckRefusals(Dictionary<string, JsonObject> answers)
    {
        const string Denied =
            "User: arn:aws:iam::000000000000:root is not authorized to perform: lambda:GetFunction on resource: "
            + "arn:aws:lambda:us-east-1:222222222222:function:{0} because no resource-based policy allows the "
            + "lambda:GetFunction action";
        Fails(answers["other-account"], 403, "AccessDeniedException", string.Format(null, Denied, "secret"));
        Fails(answers["other-account-missing"], 403, "AccessDeniedException", string.Format(null, Denied, "nothing"));
        Fails(answers["wrong-secret"], 403, "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided.");
        Fails(answers["wrong-secret-sts"], 403, "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.");
        Fails(answers["wrong-key"], 403, "UnrecognizedClientException",
            "The security token included in the request is invalid.");
        Fails(answers["wrong-key-sts"], 403, "InvalidClientTokenId",
            "The security token included in the request is invalid.");
        Fails(answers["wrong-region"], 403, "InvalidSignatureException",
            "Credential should be scoped to a valid region, not 'eu-west-1'.");
    }

    private static JsonObject? Known(JsonObject answer) => answer.ContainsKey("unknown") ? null : Result(answer);

    private static JsonObject Result(JsonObject answer)
    {
        ((bool)answer["ok"]!).ShouldBeTrue(answer.ToJsonString());
        return answer["result"]!.AsObject();
    }

    private static string Who(JsonObject answer)
    {
        ((bool)answer["ok"]!).ShouldBeTrue(answer.ToJsonString());
        return (string)answer["result"]!;
    }

    private static void Fails(JsonObject answer, int status, string code, string text)
    {
        ((bool)answer["ok"]!).ShouldBeFalse(answer.ToJsonString());
        ((int)answer["status"]!).ShouldBe(status, answer.ToJsonString());
        ((string)answer["code"]!).ShouldBe(code);
        ((string)answer["message"]!).ShouldContain(text);
    }

    private static Dictionary<string, string> Keys(AccessKey key) => new()
    {
        ["AWS_ACCESS_KEY_ID"] = key.Id,
        ["AWS_SECRET_ACCESS_KEY"] = key.Secret,
    };
}
