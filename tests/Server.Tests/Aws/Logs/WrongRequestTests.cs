using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Logs;

/// <summary>
/// Generated from the API's model: each member missing, null, of every wrong type, too long, beyond its range or none
/// of its enumeration. It is refused as the caller's mistake, never as a failure of the server, and changes nothing.
/// </summary>
public sealed class WrongRequestTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Model = new()
    {
        ["CreateLogGroup"] =
            "logGroupName*:512 kmsKeyId:256 tags:map logGroupClass:enum deletionProtectionEnabled:bool",
        ["DeleteLogGroup"] = "logGroupName*:512",
        ["DescribeLogGroups"] =
            "logGroupNamePrefix:512 logGroupNamePattern:512 nextToken:token limit:50 accountIdentifiers:list "
            + "includeLinkedAccounts:bool logGroupClass:enum",
        ["PutRetentionPolicy"] = "logGroupName*:512 retentionInDays*:enumint",
        ["DeleteRetentionPolicy"] = "logGroupName*:512",
        ["CreateLogStream"] = "logGroupName*:512 logStreamName*:512",
        ["DeleteLogStream"] = "logGroupName*:512 logStreamName*:512",
        ["DescribeLogStreams"] =
            "logGroupName*:512 logStreamNamePrefix:512 orderBy:enum descending:bool nextToken:token limit:50",
        ["PutLogEvents"] = "logGroupName*:512 logStreamName*:512 logEvents*:events sequenceToken:text",
        ["GetLogEvents"] =
            "logGroupName*:512 logStreamName*:512 startTime:time endTime:time nextToken:token limit:10000 "
            + "startFromHead:bool unmask:bool",
        ["FilterLogEvents"] =
            "logGroupName*:512 logStreamNames:list logStreamNamePrefix:512 startTime:time endTime:time "
            + "filterPattern:1024 nextToken:token limit:10000 interleaved:bool unmask:bool",
        ["TagResource"] = "resourceArn*:1011 tags*:map",
        ["UntagResource"] = "resourceArn*:1011 tagKeys*:list",
        ["ListTagsForResource"] = "resourceArn*:1011",
        ["TagLogGroup"] = "logGroupName*:512 tags*:map",
        ["UntagLogGroup"] = "logGroupName*:512 tags*:list",
        ["ListTagsLogGroup"] = "logGroupName*:512",
        ["StartLiveTail"] =
            "logGroupIdentifiers*:groups logStreamNames:list logStreamNamePrefixes:list logEventFilterPattern:1024",
    };

    private static readonly JsonNode[] AllTypes =
        ["text", 5, 1.5, true, new JsonArray(), new JsonObject(), new JsonArray(5), new JsonArray((JsonNode?)null)];

    private LogsServer server = null!;

    public static TheoryData<string> Operations { get; } = [.. Model.Keys];

    public async ValueTask InitializeAsync()
    {
        server = await LogsServer.StartAsync();
        (await server.CallAsync("CreateLogGroup", new JsonObject { ["logGroupName"] = "text" })).Ok();
        (await server.CallAsync("CreateLogStream", new JsonObject
        {
            ["logGroupName"] = "text", ["logStreamName"] = "text",
        })).Ok();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Wrong_members_areRefused_andChangeNothing(string operation)
    {
        var before = Dump();
        var members = Model[operation].Split(' ').Select(Member.Read).ToList();
        foreach (var member in members)
        {
            foreach (var wrong in member.WrongValues())
            {
                var body = new JsonObject();
                foreach (var other in members.Where(other => other != member && other.IsRequired))
                {
                    body[other.Name] = other.ValidValue();
                }

                if (wrong is not Missing)
                {
                    body[member.Name] = ((JsonNode?)wrong)?.DeepClone();
                }

                var answer = await server.CallAsync(operation, body);
                var sent = body.ToJsonString();
                answer.Status.ShouldBe(
                    HttpStatusCode.BadRequest, $"{operation} {sent[..Math.Min(500, sent.Length)]} → {answer.Text}");
                answer.Failure.ShouldNotStartWith("InternalFailure");
            }
        }

        Dump().ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"logGroupName\":\"\\ud800\"}")]
    public async Task Body_thatIsNoObject_isRefused(string body) =>
        (await server.SendAsync("DeleteLogGroup", body)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("arn:aws:logs:eu-west-1:000000000000:log-group:text")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:text")]
    [InlineData("arn:aws:logs:us-east-1:000000000000:log-group:")]
    [InlineData("arn:::::::")]
    [InlineData("arn:")]
    public async Task Arn_thatIsNone_isRefused(string arn)
    {
        (await server.CallAsync("FilterLogEvents", new JsonObject { ["logGroupIdentifier"] = arn }))
            .Failure.ShouldStartWith("InvalidParameterException");
        (await server.CallAsync("ListTagsForResource", new JsonObject { ["resourceArn"] = arn }))
            .Failure.ShouldStartWith("InvalidParameterException");
    }

    [Fact]
    public async Task Unknown_operation_isRefused() =>
        (await server.CallAsync("ListPlanets")).Failure.ShouldStartWith("UnknownOperationException");

    [Fact]
    public async Task Pattern_forSpaces_isRefusedByName() =>
        (await server.CallAsync("FilterLogEvents", new JsonObject
        {
            ["logGroupName"] = "text", ["filterPattern"] = "[ip, user]",
        })).Failure.ShouldContain("space-delimited");

    private string Dump() => string.Join('\n', server.Store.Groups.List(AccountId.Root).Select(group =>
        $"{group.Name} {group.RetentionDays} {group.Tags.Count} "
        + server.Store.Groups.ListStreams(AccountId.Root, group.Name)!.Count));

    private sealed record Missing;

    private sealed record Member(string Name, bool IsRequired, string Type)
    {
        public static Member Read(string text)
        {
            var parts = text.Split(':');
            return new Member(parts[0].TrimEnd('*'), parts[0].EndsWith('*'), parts[1]);
        }

        public JsonNode ValidValue() => Type switch
        {
            "map" => new JsonObject(),
            "list" => new JsonArray(),
            "groups" => new JsonArray("text"),
            "events" => new JsonArray(new JsonObject
            {
                ["timestamp"] = LogsServer.Now.ToUnixTimeMilliseconds(), ["message"] = "x",
            }),
            "enumint" => 7,
            "1011" => "arn:aws:logs:us-east-1:000000000000:log-group:text",
            _ => "text",
        };

        public IEnumerable<object?> WrongValues()
        {
            if (IsRequired)
            {
                yield return new Missing();
                yield return null;
            }

            foreach (var value in AllTypes.Where(value => !Fits(value)))
            {
                yield return value;
            }

            switch (Type)
            {
                case "enum" or "token":
                    yield return (JsonNode)"NONE_OF_IT";
                    break;
                case "enumint":
                    yield return (JsonNode)0;
                    yield return (JsonNode)(-1);
                    yield return (JsonNode)99_999_999_999;
                    break;
                case "time":
                    yield return (JsonNode)(-1);
                    yield return (JsonNode)999_999_999_999_999;
                    break;
                case "50" or "10000":
                    yield return (JsonNode)0;
                    yield return (JsonNode)(int.Parse(Type) + 1);
                    yield return (JsonNode)99_999_999_999;
                    break;
                case "events":
                    yield return new JsonArray(new JsonObject());
                    yield return new JsonArray(new JsonObject { ["timestamp"] = 1 });
                    yield return new JsonArray(new JsonObject { ["timestamp"] = -1, ["message"] = "x" });
                    yield return new JsonArray(new JsonObject { ["timestamp"] = "1", ["message"] = "x" });
                    yield return new JsonArray(new JsonObject { ["timestamp"] = 1, ["message"] = "" });
                    break;
                case "map":
                    yield return new JsonObject { ["a"] = 5 };
                    yield return new JsonObject { [""] = "x" };
                    yield return new JsonObject { [new string('k', 200)] = "x" };
                    break;
                case "list" or "groups":
                    yield return new JsonArray("text", 5);
                    break;
                default:
                    if (int.TryParse(Type, out var length))
                    {
                        yield return (JsonNode)new string('x', length + 1);
                    }

                    break;
            }
        }

        private bool Fits(JsonNode value) => (Type, value.GetValueKind()) switch
        {
            ("bool", JsonValueKind.True) or ("map", JsonValueKind.Object) => true,
            ("list", JsonValueKind.Array) => value.AsArray().Count == 0,
            ("50" or "10000" or "time" or "enumint", JsonValueKind.Number) => value.ToJsonString() == "5",
            ("bool" or "map" or "list" or "groups" or "events" or "50" or "10000" or "time" or "enumint", _) => false,
            ("enum" or "token" or "1011", _) => false,
            (_, var kind) => kind == JsonValueKind.String,
        };
    }
}
