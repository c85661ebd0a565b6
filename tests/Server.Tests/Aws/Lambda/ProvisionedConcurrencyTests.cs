using System.Net;
using System.Text.Json.Nodes;
using Lambent.Server.Tests.Access;
using Lambent.Server.Tests.Dispatch;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

/// <summary>The four operations of provisioned concurrency, in AWS's shapes and words.</summary>
public sealed class ProvisionedConcurrencyTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";
    private const string Path = "/2019-09-30/functions/hello/provisioned-concurrency";
    private const string Invalid = "InvalidParameterValueException";
    private const string NotFound = "ResourceNotFoundException";

    [Fact]
    public async Task Configuration_is_put_read_listed_and_deleted()
    {
        await using var server = await StartAsync();

        var put = (await PutAsync(server, "prod", 2)).ShouldBe(HttpStatusCode.Accepted);
        put["Status"].ShouldBe("IN_PROGRESS");
        put["RequestedProvisionedConcurrentExecutions"].ShouldBe("2");
        var got = (await server.SendAsync("GET", $"{Path}?Qualifier=prod")).ShouldBe(HttpStatusCode.OK);
        got["Status"].ShouldBe("READY");
        got["AllocatedProvisionedConcurrentExecutions"].ShouldBe("2");
        got["AvailableProvisionedConcurrentExecutions"].ShouldBe("2");
        got["LastModified"].ShouldEndWith("+0000");
        got.Json.ContainsKey("StatusReason").ShouldBeFalse();
        got.Json.ContainsKey("FunctionArn").ShouldBeFalse();
        (await server.SendAsync("GET", $"{Path}?Qualifier=1"))
            .ShouldFail(404, "ProvisionedConcurrencyConfigNotFoundException",
                "No Provisioned Concurrency Config found for this function");

        var listed = (await server.SendAsync("GET", $"{Path}?List=ALL")).ShouldBe(HttpStatusCode.OK);
        var item = listed.Json["ProvisionedConcurrencyConfigs"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)item["FunctionArn"]).ShouldBe($"{Arn}:prod");
        (await server.SendAsync("GET", "/2016-08-19/account-settings"))
            .Json["AccountLimit"]!["UnreservedConcurrentExecutions"]!.GetValue<int>().ShouldBe(998);

        (await server.SendAsync("DELETE", $"{Path}?Qualifier=prod")).ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("DELETE", $"{Path}?Qualifier=prod")).ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("GET", $"{Path}?Qualifier=prod")).Status.ShouldBe(HttpStatusCode.NotFound);
        server.Provisioned.Totals().ShouldBe((0, 0));
    }

    [Fact]
    public async Task List_comes_in_pages()
    {
        await using var server = await StartAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            var alias = new JsonObject { ["Name"] = name, ["FunctionVersion"] = "1" };
            (await server.SendAsync("POST", "/2015-03-31/functions/hello/aliases", alias))
                .ShouldBe(HttpStatusCode.Created);
            (await PutAsync(server, name, 1)).ShouldBe(HttpStatusCode.Accepted);
        }

        List<string> seen = [];
        var marker = "";
        do
        {
            var page = (await server.SendAsync("GET", $"{Path}?List=ALL&MaxItems=2{marker}"))
                .ShouldBe(HttpStatusCode.OK);
            seen.AddRange(page.Json["ProvisionedConcurrencyConfigs"]!.AsArray()
                .Select(item => (string)item!["FunctionArn"]!));
            marker = page["NextMarker"] is { Length: > 0 } next ? $"&Marker={next}" : "";
        }
        while (marker.Length > 0);

        seen.ShouldBe([$"{Arn}:a", $"{Arn}:b", $"{Arn}:c"]);
        (await server.SendAsync("GET", $"{Path}?List=ALL&MaxItems=51"))
            .ShouldFail(400, "ValidationException", "at 'maxItems'");
        (await server.SendAsync("GET", $"{Path}?List=ALL&Marker=x")).ShouldFail(400, Invalid, "Marker");
        (await server.SendAsync("GET", Path.Replace("hello", "missing", StringComparison.Ordinal) + "?List=ALL"))
            .ShouldFail(404, NotFound, "Function not found: arn:aws:lambda:us-east-1:000000000000:function:missing");
    }

    [Theory]
    [InlineData("$LATEST", """{"ProvisionedConcurrentExecutions":1}""", 400, Invalid,
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")]
    [InlineData("nope", """{"ProvisionedConcurrentExecutions":1}""", 404, NotFound,
        $"Cannot find alias arn: {Arn}:nope")]
    [InlineData("9", """{"ProvisionedConcurrentExecutions":1}""", 404, NotFound, $"Function not found: {Arn}:9")]
    [InlineData("1", """{"ProvisionedConcurrentExecutions":0}""", 400, "ValidationException",
        "Value '0' at 'provisionedConcurrentExecutions' failed to satisfy constraint: "
        + "Member must have value greater than or equal to 1")]
    [InlineData("1", "{}", 400, "ValidationException", "Value null at 'provisionedConcurrentExecutions'")]
    [InlineData("", """{"ProvisionedConcurrentExecutions":1}""", 400, "ValidationException", "at 'qualifier'")]
    [InlineData("1", """{"ProvisionedConcurrentExecutions":"x"}""", 400, "SerializationException", "Provisioned")]
    [InlineData("1", """{"ProvisionedConcurrentExecutions":99999999999}""", 400, "SerializationException", "Prov")]
    [InlineData("1", """{"ProvisionedConcurrentExecutions":901}""", 400, Invalid,
        "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its "
        + "minimum value of [100].")]
    [InlineData("1", """{"ProvisionedConcurrentExecutions":1001}""", 400, Invalid,
        "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000].")]
    public async Task Bad_input_is_refused_in_AWSs_words(
        string qualifier, string body, int status, string type, string message)
    {
        await using var server = await StartAsync();

        (await server.SendAsync("PUT", $"{Path}?Qualifier={qualifier}", JsonNode.Parse(body)))
            .ShouldFail(status, type, message);

        server.Provisioned.Totals().ShouldBe((0, 0));
    }

    [Fact]
    public async Task What_is_provisioned_and_what_is_reserved_hold_each_other()
    {
        await using var server = await StartAsync();
        (await ReserveAsync(server, 3)).ShouldBe(HttpStatusCode.OK);

        (await PutAsync(server, "1", 4)).ShouldFail(400, Invalid,
            "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for "
            + "function");
        (await PutAsync(server, "1", 3)).ShouldBe(HttpStatusCode.Accepted);
        (await ReserveAsync(server, 2)).ShouldFail(400, Invalid,
            "ReservedConcurrentExecutions  2 should not be lower than function's total provisioned concurrency [3].");
        (await PutAsync(server, "prod", 1)).ShouldFail(400, Invalid, "greater than the reserved");
        (await ReserveAsync(server, 5)).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(server, "prod", 1)).ShouldFail(409, "ResourceConflictException",
            "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Latest_has_no_configuration_to_read_or_delete(string method)
    {
        await using var server = await StartAsync();

        (await server.SendAsync(method, $"{Path}?Qualifier=$LATEST")).ShouldFail(400, Invalid,
            "The function resource provided must be an alias or a published version.");
        (await server.SendAsync(method, $"{Path}?Qualifier=nope"))
            .ShouldFail(404, NotFound, $"Cannot find alias arn: {Arn}:nope");
        (await server.SendAsync(method, $"{Path}?Qualifier=9")).ShouldFail(404, NotFound, $"{Arn}:9");
    }

    [Fact]
    public async Task Version_that_does_not_start_is_FAILED_with_the_phase()
    {
        var environments = new HeldEnvironments(TimeProvider.System);
        environments.Failures["1"] = """{"errorType":"Error","errorMessage":"no such table"}""";
        await using var server = await AccessServer.StartAsync(environments);
        await server.AddFunctionAsync("hello");

        (await PutAsync(server, "1", 1)).ShouldBe(HttpStatusCode.Accepted)["Status"].ShouldBe("IN_PROGRESS");

        var got = (await server.SendAsync("GET", $"{Path}?Qualifier=1")).ShouldBe(HttpStatusCode.OK);
        got["Status"].ShouldBe("FAILED");
        got["StatusReason"].ShouldBe("FUNCTION_ERROR_INIT_FAILURE: init: Error: no such table");
        got["AvailableProvisionedConcurrentExecutions"].ShouldBe("0");
    }

    private static async Task<AccessServer> StartAsync()
    {
        var server = await AccessServer.StartAsync();
        await server.AddFunctionAsync("hello");
        return server;
    }

    private static Task<LambdaAnswer> PutAsync(AccessServer server, string qualifier, int count) => server.SendAsync(
        "PUT",
        $"{Path}?Qualifier={qualifier}",
        new JsonObject { ["ProvisionedConcurrentExecutions"] = count });

    private static Task<LambdaAnswer> ReserveAsync(AccessServer server, int count) => server.SendAsync(
        "PUT",
        "/2017-10-31/functions/hello/concurrency",
        new JsonObject { ["ReservedConcurrentExecutions"] = count });
}
