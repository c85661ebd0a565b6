using System.Net;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

/// <summary>The five operations about asynchronous calls, in AWS's shapes and words.</summary>
public sealed class EventInvokeConfigTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function";
    private const string Path = "/2019-09-25/functions/hello/event-invoke-config";
    private const string Invalid = "InvalidParameterValueException";
    private const string Malformed = "ValidationException";
    private const string NotFound = "ResourceNotFoundException";

    [Fact]
    public async Task Configuration_is_put_updated_read_listed_and_deleted()
    {
        await using var server = await StartAsync();
        var put = (await SendAsync(server, "PUT", "", new JsonObject
        {
            ["MaximumRetryAttempts"] = 1,
            ["DestinationConfig"] = Destinations(failure: $"{Arn}:other"),
        })).ShouldBe(HttpStatusCode.OK);
        put["FunctionArn"].ShouldBe($"{Arn}:hello:$LATEST");
        put["MaximumRetryAttempts"].ShouldBe("1");
        put.Json.ContainsKey("MaximumEventAgeInSeconds").ShouldBeFalse();
        put.Json["LastModified"]!.GetValue<double>().ShouldBeGreaterThan(1_000_000_000);
        put.Json["DestinationConfig"]!.ToJsonString()
            .ShouldBe($$$"""{"OnSuccess":{},"OnFailure":{"Destination":"{{{Arn}}}:other"}}""");

        var updated = (await SendAsync(
            server, "POST", "?Qualifier=$LATEST", new JsonObject { ["MaximumEventAgeInSeconds"] = 60 }))
            .ShouldBe(HttpStatusCode.OK);
        updated["MaximumRetryAttempts"].ShouldBe("1");
        updated["MaximumEventAgeInSeconds"].ShouldBe("60");
        (await SendAsync(server, "PUT", "?Qualifier=1", new JsonObject { ["MaximumRetryAttempts"] = 0 }))
            .ShouldBe(HttpStatusCode.OK)["FunctionArn"].ShouldBe($"{Arn}:hello:1");

        (await SendAsync(server, "GET", "")).ShouldBe(HttpStatusCode.OK).Text.ShouldBe(updated.Text);
        var snapshot = server.Functions.Directory.Find(new FunctionId(AccountId.Root, "hello"))!;
        snapshot.EventConfigOf(null)!.MaximumEventAgeSeconds.ShouldBe(60);
        snapshot.EventConfigOf("1")!.MaximumRetryAttempts.ShouldBe(0);
        snapshot.EventConfigOf("2").ShouldBeNull();

        var first = (await SendAsync(server, "GET", "/list?MaxItems=1")).ShouldBe(HttpStatusCode.OK);
        ((string?)first.Json["FunctionEventInvokeConfigs"]!.AsArray().ShouldHaveSingleItem()!["FunctionArn"])
            .ShouldBe($"{Arn}:hello:$LATEST");
        var second = await SendAsync(server, "GET", $"/list?MaxItems=1&Marker={first["NextMarker"]}");
        ((string?)second.Json["FunctionEventInvokeConfigs"]!.AsArray().ShouldHaveSingleItem()!["FunctionArn"])
            .ShouldBe($"{Arn}:hello:1");
        second.Json.ContainsKey("NextMarker").ShouldBeFalse();

        (await SendAsync(server, "DELETE", "")).ShouldBe(HttpStatusCode.NoContent);
        const string none = $"The function {Arn}:hello:$LATEST doesn't have an EventInvokeConfig";
        (await SendAsync(server, "DELETE", "")).ShouldFail(404, NotFound, none);
        (await SendAsync(server, "GET", "")).ShouldFail(404, NotFound, none);
        (await SendAsync(server, "POST", "", new JsonObject { ["MaximumRetryAttempts"] = 0 }))
            .ShouldFail(404, NotFound, none);
    }

    [Theory]
    [InlineData("{}", 400, Invalid, "You must specify at least one of error handling or destination setting.")]
    [InlineData("""{"MaximumRetryAttempts":3}""", 400, Malformed,
        "Value '3' at 'maximumRetryAttempts' failed to satisfy constraint: "
        + "Member must have value less than or equal to 2")]
    [InlineData("""{"MaximumRetryAttempts":-1}""", 400, Malformed, "greater than or equal to 0")]
    [InlineData("""{"MaximumEventAgeInSeconds":59}""", 400, Malformed, "'maximumEventAgeInSeconds'")]
    [InlineData("""{"MaximumEventAgeInSeconds":21601}""", 400, Malformed, "less than or equal to 21600")]
    [InlineData("""{"MaximumRetryAttempts":"two"}""", 400, "SerializationException", "MaximumRetryAttempts")]
    [InlineData("""{"MaximumRetryAttempts":1.5}""", 400, "SerializationException", "MaximumRetryAttempts")]
    [InlineData("""[1]""", 400, "SerializationException", "")]
    [InlineData("""nonsense""", 400, "SerializationException", "Could not parse request body into json")]
    public async Task Bad_body_is_refused_by_put_and_update(string body, int status, string type, string text)
    {
        await using var server = await StartAsync();
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Post })
        {
            (await server.SendAsync(method, Path, new StringContent(body))).ShouldFail(status, type, text);
        }

        (await SendAsync(server, "GET", "")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData($"{Arn}:missing", Invalid, $"The destination ARN {Arn}:missing is invalid.")]
    [InlineData($"{Arn}:other:9", Invalid, $"The destination ARN {Arn}:other:9 is invalid.")]
    [InlineData($"{Arn}:hello", Invalid, "You can't specify the function as a destination for itself.")]
    [InlineData($"{Arn}:hello:1", Invalid, "You can't specify the function as a destination for itself.")]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:other", Invalid, "is invalid.")]
    [InlineData("arn:aws:lambda:eu-north-1:000000000000:function:other", Invalid, "is invalid.")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:layer:other", Invalid, "is invalid.")]
    [InlineData("arn:aws:sqs:us-east-1:000000000000:missing", Invalid, "missing is invalid.")]
    [InlineData("arn:aws:sqs:us-east-1:000000000000:mis/sing", Invalid, "mis/sing is invalid.")]
    [InlineData("arn:aws:sns:us-east-1:000000000000:topic", Invalid, "is a topic. Topics do not exist here yet")]
    [InlineData("arn:aws:events:us-east-1:000000000000:event-bus/default", Invalid, "is an event bus.")]
    [InlineData("arn:aws:s3:::bucket", Invalid, "is a bucket")]
    [InlineData("arn:aws:iam:us-east-1:000000000000:function:x", Invalid,
        "The provided destination config DestinationConfig(onSuccess=OnSuccess(destination="
        + "arn:aws:iam:us-east-1:000000000000:function:x), onFailure=null) is invalid.")]
    [InlineData("arn:aws:_-/!lambda:us-east-1:000000000000:function:x", Malformed,
        "at 'destinationConfig.onSuccess.destination' failed to satisfy constraint: Member must satisfy regular")]
    [InlineData("hello", Malformed, "'destinationConfig.onSuccess.destination'")]
    public async Task Destination_that_cannot_be_one_is_refused(string destination, string type, string text)
    {
        await using var server = await StartAsync();
        (await SendAsync(server, "PUT", "", new JsonObject { ["MaximumRetryAttempts"] = 1 }))
            .ShouldBe(HttpStatusCode.OK);
        foreach (var method in new[] { "PUT", "POST" })
        {
            var body = new JsonObject { ["DestinationConfig"] = Destinations(success: destination) };
            (await SendAsync(server, method, "", body)).ShouldFail(400, type, text);
        }

        (await SendAsync(server, "GET", "")).Json["DestinationConfig"]!["OnSuccess"]!.ToJsonString().ShouldBe("{}");
    }

    [Theory]
    [InlineData("PUT", "/2019-09-25/functions/none/event-invoke-config", "The function doesn't exist.")]
    [InlineData("PUT", $"{Path}?Qualifier=nope", "The function doesn't exist.")]
    [InlineData("POST", "/2019-09-25/functions/none/event-invoke-config", "The function doesn't exist.")]
    [InlineData("GET", "/2019-09-25/functions/none/event-invoke-config", $"The function {Arn}:none:$LATEST doesn't")]
    [InlineData("GET", $"{Path}?Qualifier=nope", $"The function {Arn}:hello:nope doesn't have an EventInvokeConfig")]
    [InlineData("DELETE", "/2019-09-25/functions/none/event-invoke-config", $"The function {Arn}:none:$LATEST doesn't")]
    [InlineData("GET", "/2019-09-25/functions/none/event-invoke-config/list", "The function doesn't exist.")]
    public async Task What_is_not_there_is_not_found(string method, string path, string text)
    {
        await using var server = await StartAsync();
        var body = method is "PUT" or "POST" ? new JsonObject { ["MaximumRetryAttempts"] = 0 } : null;
        (await server.SendAsync(method, path, body)).ShouldFail(404, NotFound, text);
    }

    [Theory]
    [InlineData("GET", "?Qualifier=a%20b", "at 'qualifier'")]
    [InlineData("DELETE", "?Qualifier=a%20b", "at 'qualifier'")]
    [InlineData("PUT", "?Qualifier=a%20b", "at 'qualifier'")]
    [InlineData("GET", "/list?MaxItems=51", "at 'maxItems'")]
    [InlineData("GET", "/list?MaxItems=0", "at 'maxItems'")]
    public async Task Bad_parameter_is_refused(string method, string query, string text)
    {
        await using var server = await StartAsync();
        (await SendAsync(server, method, query)).ShouldFail(400, Malformed, text);
        (await SendAsync(server, "GET", "/list?Marker=x")).ShouldFail(400, Invalid, "Marker");
    }

    [Fact]
    public async Task Dead_letter_target_must_be_a_queue_that_is_there()
    {
        await using var server = await StartAsync();
        const string queue = "arn:aws:sqs:us-east-1:000000000000:missing";
        var change = new JsonObject { ["DeadLetterConfig"] = new JsonObject { ["TargetArn"] = queue } };
        (await server.SendAsync("PUT", "/2015-03-31/functions/hello/configuration", change))
            .ShouldFail(400, Invalid, $"The dead-letter target ARN {queue} is invalid");
        var creation = LambdaServer.CreateBody("new");
        creation["DeadLetterConfig"] = new JsonObject { ["TargetArn"] = queue };
        (await server.SendAsync("POST", "/2015-03-31/functions", creation)).ShouldFail(400, Invalid, queue);
    }

    [Theory]
    [InlineData("arn:aws:sqs:us-east-1:000000000000:results", true)]
    [InlineData($"{Arn}:other", true)]
    [InlineData($"{Arn}:other:live", true)]
    [InlineData("arn:aws:sns:us-east-1:000000000000:topic", false)]
    [InlineData("results", false)]
    [InlineData("", false)]
    public async Task Synchronous_destination_is_a_tag(string destination, bool allowed)
    {
        await using var server = await LambdaServer.StartAsync();
        var body = LambdaServer.CreateBody("hello");
        body["Tags"] = new JsonObject { ["lambent:sync-destination"] = destination };
        var created = await server.SendAsync("POST", "/2015-03-31/functions", body);
        if (allowed)
        {
            created.ShouldBe(HttpStatusCode.Created);
            server.Functions.Directory.Find(new FunctionId(AccountId.Root, "hello"))!.SyncDestination!
                .Arn("us-east-1").ShouldBe(destination);
        }
        else
        {
            created.ShouldFail(400, Invalid, "must be the ARN of a function or a queue");
        }
    }

    private static async Task<LambdaServer> StartAsync()
    {
        var server = await LambdaServer.StartAsync();
        await server.CreateAsync("hello", new JsonObject { ["Publish"] = true });
        await server.CreateAsync("other");
        return server;
    }

    private static Task<LambdaAnswer> SendAsync(
        LambdaServer server, string method, string query, JsonObject? body = null) =>
        server.SendAsync(method, Path + query, body);

    private static JsonObject Destinations(string? success = null, string? failure = null)
    {
        var config = new JsonObject();
        if (success is not null)
        {
            config["OnSuccess"] = new JsonObject { ["Destination"] = success };
        }

        if (failure is not null)
        {
            config["OnFailure"] = new JsonObject { ["Destination"] = failure };
        }

        return config;
    }
}
