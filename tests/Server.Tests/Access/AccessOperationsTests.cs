using System.Net;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Server.Tests.Aws.Lambda;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

/// <summary>What AWS answers to wrong requests, and what one account sees of another.</summary>
public sealed class AccessOperationsTests : IAsyncLifetime
{
    private const string Functions = "/2015-03-31/functions";
    private const string Urls = "/2021-10-31/functions";
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";

    private AccessServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await AccessServer.StartAsync();
        await server.AddFunctionAsync("hello");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    /// <summary>Method, path, body, status, error type, a part of the message.</summary>
    public static TheoryData<string, string, string, int, string, string> Mistakes => new()
    {
        { "POST", $"{Functions}/hello/policy",
            """{"StatementId":"example.com","Action":"lambda:InvokeFunction","Principal":"*"}""",
            400, "ValidationException", "Value 'example.com' at 'statementId' failed to satisfy constraint: Member "
            + "must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)" },
        { "POST", $"{Functions}/hello/policy", "{}", 400, "ValidationException", "3 validation errors detected: "
            + "Value null at 'statementId' failed to satisfy constraint: Member must not be null; " },
        { "POST", $"{Functions}/hello/policy", """{"StatementId":"s","Action":"s3:GetObject","Principal":"*"}""",
            400, "ValidationException", "at 'action'" },
        { "POST", $"{Functions}/hello/policy",
            """
            {"StatementId":"s","Action":"lambda:*","Principal":"*",
            "SourceArn":"x","SourceAccount":"1","FunctionUrlAuthType":"IAM"}
            """, 400, "ValidationException", "3 validation errors detected" },
        { "POST", $"{Functions}/hello/policy",
            """{"StatementId":"s","Action":"lambda:*","Principal":"invalid.nonaws.com"}""",
            400, "InvalidParameterValueException", "The provided principal was invalid." },
        { "POST", $"{Functions}/hello/policy?Qualifier=$LATEST",
            """{"StatementId":"s","Action":"lambda:*","Principal":"*"}""",
            400, "InvalidParameterValueException", "We currently do not support adding policies for $LATEST." },
        { "POST", $"{Functions}/hello/policy?Qualifier=other",
            """{"StatementId":"s","Action":"lambda:*","Principal":"*"}""",
            404, "ResourceNotFoundException", $"Cannot find alias arn: {Arn}:other" },
        { "POST", $"{Functions}/hello/policy?Qualifier=invalid-qualifier-with-%3F-char",
            """{"StatementId":"s","Action":"lambda:*","Principal":"*"}""", 400, "ValidationException",
            @"Value 'invalid-qualifier-with-?-char' at 'qualifier' failed to satisfy constraint: Member must satisfy "
            + @"regular expression pattern: \$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+" },
        { "POST", $"{Functions}/missing/policy", """{"StatementId":"s","Action":"lambda:*","Principal":"*"}""",
            404, "ResourceNotFoundException",
            "Function not found: arn:aws:lambda:us-east-1:000000000000:function:missing" },
        { "POST", $"{Functions}/hello/policy", """{"StatementId":1}""", 400, "SerializationException", "StatementId" },
        { "GET", $"{Functions}/missing/policy", "", 404, "ResourceNotFoundException",
            "The resource you requested does not exist." },
        { "DELETE", $"{Functions}/missing/policy/s", "", 404, "ResourceNotFoundException", "No policy found for: " },
        { "DELETE", $"{Functions}/hello/policy/s", "", 404, "ResourceNotFoundException",
            "No policy is associated with the given resource." },
        { "DELETE", $"{Functions}/hello/policy/a%20b", "", 400, "ValidationException", "at 'statementId'" },
        { "PUT", "/2017-10-31/functions/hello/concurrency", "{}", 400, "ValidationException",
            "Value null at 'reservedConcurrentExecutions'" },
        { "PUT", "/2017-10-31/functions/hello/concurrency", """{"ReservedConcurrentExecutions":-1}""", 400,
            "ValidationException", "Member must have value greater than or equal to 0" },
        { "PUT", "/2017-10-31/functions/hello/concurrency", """{"ReservedConcurrentExecutions":99999999999}""", 400,
            "SerializationException", "ReservedConcurrentExecutions" },
        { "PUT", "/2017-10-31/functions/hello:prod/concurrency", """{"ReservedConcurrentExecutions":1}""", 400,
            "InvalidParameterValueException", "This operation is permitted on Lambda functions only." },
        { "GET", "/2019-09-30/functions/missing/concurrency", "", 404, "ResourceNotFoundException",
            "Function not found: " },
        { "DELETE", "/2017-10-31/functions/missing/concurrency", "", 404, "ResourceNotFoundException",
            "Function not found: " },
        { "POST", $"{Urls}/hello/url", "{}", 400, "ValidationException", "Value null at 'authType'" },
        { "POST", $"{Urls}/hello/url", """{"AuthType":"NONE","InvokeMode":"UNKNOWN"}""", 400, "ValidationException",
            "Value 'UNKNOWN' at 'invokeMode' failed to satisfy constraint: Member must satisfy enum value set: "
            + "[RESPONSE_STREAM, BUFFERED]" },
        { "POST", $"{Urls}/hello/url?Qualifier=1", """{"AuthType":"NONE"}""", 400, "ValidationException",
            @"Value '1' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: "
            + @"((?!^\d+$)^[0-9a-zA-Z-_]+$)" },
        { "POST", $"{Urls}/hello/url?Qualifier=other", """{"AuthType":"NONE"}""", 404, "ResourceNotFoundException",
            "Function does not exist" },
        { "POST", $"{Urls}/hello/url", """{"AuthType":"NONE","Cors":{"MaxAge":86401,"AllowOrigins":[""]}}""", 400,
            "ValidationException", "2 validation errors detected" },
        { "POST", $"{Urls}/hello/url", """{"AuthType":"NONE","Cors":{"AllowMethods":[null]}}""", 400,
            "ValidationException", "at 'cors.allowMethods'" },
        { "GET", $"{Urls}/missing/urls", "", 404, "ResourceNotFoundException", "Function does not exist" },
        { "GET", $"{Urls}/hello/urls?MaxItems=51", "", 400, "ValidationException", "at 'maxItems'" },
        { "GET", $"{Urls}/hello/urls?Marker=x", "", 400, "InvalidParameterValueException", "Marker" },
        { "PUT", $"{Urls}/hello/url", """{"AuthType":"NONE"}""", 404, "ResourceNotFoundException",
            "The resource you requested does not exist." },
        { "DELETE", $"{Urls}/hello/url", "", 404, "ResourceNotFoundException",
            "The resource you requested does not exist." },
        { "POST", $"/2017-03-31/tags/{Arn}", "{}", 400, "ValidationException", "Value null at 'tags'" },
        { "POST", $"/2017-03-31/tags/{Arn}", """{"Tags":{}}""", 400, "InvalidParameterValueException",
            "An error occurred and the request cannot be processed." },
        { "POST", $"/2017-03-31/tags/{Arn}", """{"Tags":{"a":null}}""", 400, "InvalidParameterValueException", "'a'" },
        { "POST", $"/2017-03-31/tags/{Arn}", """{"Tags":{"lambent:environment-concurrency":"0"}}""", 400,
            "InvalidParameterValueException", "lambent:environment-concurrency" },
        { "POST", "/2017-03-31/tags/arn:aws:something", """{"Tags":{"a":"b"}}""", 400, "ValidationException",
            "Value 'arn:aws:something' at 'resource' failed to satisfy constraint: Member must satisfy regular "
            + "expression pattern: arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}" },
        { "GET", "/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:function:missing", "", 404,
            "ResourceNotFoundException",
            "Function not found: arn:aws:lambda:us-east-1:000000000000:function:missing" },
        { "GET", "/2017-03-31/tags/arn:aws:lambda:eu-west-1:000000000000:function:hello", "", 404,
            "ResourceNotFoundException", "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')" },
        { "GET", "/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:event-source-mapping:"
            + "12345678-1234-1234-1234-123456789012", "", 404, "ResourceNotFoundException",
            "Event source mapping not found: arn:" },
        { "DELETE", $"/2017-03-31/tags/{Arn}", "", 400, "ValidationException",
            "Value null at 'tagKeys' failed to satisfy constraint: Member must not be null" },
        { "GET", "/2021-07-20/functions/hello/runtime-management-config?Qualifier=9", "", 404,
            "ResourceNotFoundException", $"Function not found: {Arn}:9" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistake_is_told_as_by_AWS(
        string method, string path, string body, int status, string type, string text)
    {
        var before = server.Functions.Directory.All().Single().Function;
        var answer = await server.SendAsync(method, path, body.Length == 0 ? null : JsonNode.Parse(body));
        answer.ShouldFail(status, type, text);
        server.Functions.Directory.All().Single().Function.ShouldBeSameAs(before);
    }

    [Fact]
    public async Task Other_account_sees_no_difference_between_a_function_and_none()
    {
        var stranger = (await server.Accounts.CreateAsync("stranger")).Value.Key;
        var requests = new (string Method, string Path)[]
        {
            ("GET", $"{Functions}/{{0}}"), ("GET", $"{Functions}/{{0}}/policy"), ("DELETE", $"{Functions}/{{0}}"),
            ("GET", "/2017-03-31/tags/{0}"), ("GET", $"{Urls}/{{0}}/url"), ("GET", $"{Urls}/{{0}}/urls"),
            ("GET", "/2019-09-30/functions/{0}/concurrency"), ("GET", $"{Functions}/{{0}}/policy?Qualifier=prod"),
        };
        foreach (var (method, path) in requests)
        {
            var texts = new List<string>();
            foreach (var name in new[] { "hello", "hullo" })
            {
                var arn = $"arn:aws:lambda:us-east-1:000000000000:function:{name}";
                var answer = await server.SendAsync(method, string.Format(null, path, arn), key: stranger);
                answer.ShouldFail(403, "AccessDeniedException", "because no resource-based policy allows the lambda:");
                texts.Add(answer.Text.Replace(name, "NAME", StringComparison.Ordinal));
            }

            texts[0].ShouldBe(texts[1]);
        }
    }

    [Fact]
    public async Task Statement_lets_the_other_account_in_to_what_it_names()
    {
        var stranger = (await server.Accounts.CreateAsync("stranger")).Value;
        var grant = new JsonObject
        {
            ["StatementId"] = "s1",
            ["Action"] = "lambda:GetFunctionConfiguration",
            ["Principal"] = stranger.Account.Id.Value,
        };
        (await server.SendAsync("POST", $"{Functions}/hello/policy?Qualifier=prod", grant))
            .ShouldBe(HttpStatusCode.Created);

        (await server.SendAsync("GET", $"{Functions}/{Arn}/configuration?Qualifier=prod", key: stranger.Key))
            .ShouldBe(HttpStatusCode.OK)["Version"].ShouldBe("1");
        (await server.SendAsync("GET", $"{Functions}/{Arn}:prod/configuration", key: stranger.Key))
            .ShouldBe(HttpStatusCode.OK);
        foreach (var other in new[] { "", "?Qualifier=1", "?Qualifier=$LATEST" })
        {
            (await server.SendAsync("GET", $"{Functions}/{Arn}/configuration{other}", key: stranger.Key))
                .ShouldFail(403, "AccessDeniedException", "lambda:GetFunctionConfiguration");
        }

        (await server.SendAsync("GET", $"{Functions}/{Arn}:prod", key: stranger.Key))
            .ShouldFail(403, "AccessDeniedException", "lambda:GetFunction on");

        (await server.SendAsync("DELETE", $"{Functions}/hello/policy/s1?Qualifier=prod"))
            .ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("GET", $"{Functions}/{Arn}:prod/configuration", key: stranger.Key))
            .ShouldFail(403, "AccessDeniedException", "lambda:GetFunctionConfiguration");
    }

    [Fact]
    public async Task Accounts_do_not_share_names_lists_or_limits()
    {
        var team = (await server.Accounts.CreateAsync("team")).Value;
        await server.AddFunctionAsync("hello", team.Account.Id);
        var put = new JsonObject { ["ReservedConcurrentExecutions"] = 900 };
        (await server.SendAsync("PUT", "/2017-10-31/functions/hello/concurrency", put)).ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("PUT", "/2017-10-31/functions/hello/concurrency", put, team.Key))
            .ShouldBe(HttpStatusCode.OK);
        var list = await server.SendAsync("GET", $"{Functions}/", key: team.Key);
        list.ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain("000000000000:function");
        var settings = await server.SendAsync("GET", "/2016-08-19/account-settings", key: team.Key);
        ((int)settings.Json["AccountUsage"]!["FunctionCount"]!).ShouldBe(1);
        ((int)settings.Json["AccountLimit"]!["UnreservedConcurrentExecutions"]!).ShouldBe(100);

        var url = new JsonObject { ["AuthType"] = "NONE" };
        (await server.SendAsync("POST", $"{Urls}/hello/url", url, team.Key))["FunctionUrl"]
            .ShouldBe($"{server.Address}/fn/{team.Account.Id}:hello/");
    }

    [Fact]
    public async Task Concurrent_reservations_never_promise_more_than_there_is()
    {
        var names = Enumerable.Range(0, 20).Select(number => $"f{number}").ToList();
        foreach (var name in names)
        {
            await server.AddFunctionAsync(name);
        }

        var answers = await Task.WhenAll(names.Select(name => server.SendAsync(
            "PUT",
            $"/2017-10-31/functions/{name}/concurrency",
            new JsonObject { ["ReservedConcurrentExecutions"] = 100 })));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(9);
        answers.Count(answer => answer.ErrorType == "InvalidParameterValueException").ShouldBe(11);
    }

    [Fact]
    public async Task Deleted_alias_takes_its_policy_and_url_along()
    {
        var grant = new JsonObject { ["StatementId"] = "s", ["Action"] = "lambda:*", ["Principal"] = "*" };
        await server.SendAsync("POST", $"{Functions}/hello/policy?Qualifier=prod", grant);
        await server.SendAsync("POST", $"{Urls}/hello/url?Qualifier=prod", new JsonObject { ["AuthType"] = "NONE" });
        (await server.SendAsync("DELETE", $"{Functions}/hello/aliases/prod")).ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("GET", $"{Functions}/hello/policy?Qualifier=prod"))
            .ShouldFail(404, "ResourceNotFoundException", "The resource you requested does not exist.");
        (await server.SendAsync("GET", $"{Urls}/hello/urls")).Json["FunctionUrlConfigs"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Session_of_another_account_needs_both_its_right_and_a_statement()
    {
        var team = (await server.Accounts.CreateAsync("team")).Value;
        var caller = await server.AddFunctionAsync("caller", team.Account.Id);
        var session = server.Session(caller);
        (await server.SendAsync("GET", $"{Functions}/{Arn}", null, session))
            .ShouldFail(403, "AccessDeniedException", "because no resource-based policy");
        var grant = new JsonObject
        {
            ["StatementId"] = "s",
            ["Action"] = "lambda:*",
            ["Principal"] = $"arn:aws:sts::{team.Account.Id}:assumed-role/lambda/caller",
        };
        (await server.SendAsync("POST", $"{Functions}/hello/policy", grant)).ShouldBe(HttpStatusCode.Created);
        (await server.SendAsync("GET", $"{Functions}/{Arn}", null, session)).ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("DELETE", $"{Functions}/{Arn}", null, session))
            .ShouldFail(403, "AccessDeniedException", "because no identity-based policy");
    }

    [Fact]
    public async Task Clock_of_the_server_is_what_counts()
    {
        var answer = await SendShiftedAsync(TimeSpan.FromMinutes(16));
        answer.ShouldFail(403, "InvalidSignatureException", "Signature expired: ");
        answer = await SendShiftedAsync(TimeSpan.FromMinutes(-16));
        answer.ShouldFail(403, "InvalidSignatureException", "Signature not yet current: ");
        answer = await SendShiftedAsync(TimeSpan.FromMinutes(14));
        answer.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Signs by a clock that the server's is ahead of.</summary>
    private async Task<LambdaAnswer> SendShiftedAsync(TimeSpan ahead)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{server.Address}{Functions}/hello");
        new Lambent.Protocol.Signing.RequestSigner(AccessServer.Credentials(server.Root), "us-east-1", "lambda")
            .Sign(request, default, server.Time.GetUtcNow() - ahead);
        using var response = await client.SendAsync(request);
        return new LambdaAnswer(
            response.StatusCode,
            response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.Single() : null,
            await response.Content.ReadAsStringAsync(),
            HasRequestId: true);
    }
}
