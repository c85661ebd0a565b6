using System.Net;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.CloudWatch;

/// <summary>What clients of CloudWatch ask for, in its three protocols, and what is wrong with it.</summary>
public sealed class CloudWatchTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Model = new()
    {
        ["GetMetricStatistics"] =
            "Namespace*:text MetricName*:text Dimensions:dimensions StartTime*:time EndTime*:time Period*:period "
            + "Statistics*:statistics ExtendedStatistics:percentiles Unit:text",
        ["GetMetricData"] =
            "MetricDataQueries*:queries StartTime*:time EndTime*:time NextToken:text ScanBy:order MaxDatapoints:count",
        ["ListMetrics"] = "Namespace:text MetricName:text Dimensions:dimensions NextToken:text RecentlyActive:order",
        ["PutMetricData"] = "Namespace*:text MetricData*:data",
    };

    private static readonly DateTimeOffset Minute =
        MetricSpans.Floor(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1)).AddMinutes(-5);

    private CloudWatchServer server = null!;

    public static TheoryData<string> Operations { get; } = [.. Model.Keys];

    public async ValueTask InitializeAsync()
    {
        server = await CloudWatchServer.StartAsync();
        var cell = new MetricCell();
        for (var call = 1; call <= 100; call++)
        {
            cell.Count(MetricCounter.Invocations);
            cell.Measure(MetricMeasure.Duration, call * 1_000);
        }

        cell.Count(MetricCounter.HandlerErrors, 5);
        await server.Store.Metrics.AddAsync(
            [new MetricEntry(new MetricSeries(AccountId.Root, MetricKind.Function, "f", "3", "live"), Minute, cell)]);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Same_question_in_each_protocol_has_the_same_answer()
    {
        var body = Valid("GetMetricStatistics");
        var json = await server.JsonAsync("GetMetricStatistics", body);
        json.Status.ShouldBe(HttpStatusCode.OK, json.Text);
        var point = JsonNode.Parse(json.Text)!["Datapoints"]![0]!;
        ((double)point["Sum"]!).ShouldBe(5_050);
        ((double)point["Maximum"]!).ShouldBe(100);
        ((double)point["ExtendedStatistics"]!["p99"]!).ShouldBe(99, 1);

        var (status, cbor) = await server.CborAsync("GetMetricStatistics", CloudWatchServer.ToCbor(body));
        status.ShouldBe(HttpStatusCode.OK);
        ((double)cbor!["Datapoints"]![0]!["Sum"]!).ShouldBe(5_050);

        var query = await server.QueryAsync(
            "Action=GetMetricStatistics&Version=2010-08-01&Namespace=AWS%2FLambda&MetricName=Duration"
            + "&Dimensions.member.1.Name=FunctionName&Dimensions.member.1.Value=f&Statistics.member.1=Sum"
            + $"&StartTime={Minute.AddMinutes(-1):yyyy-MM-ddTHH:mm:ssZ}"
            + $"&EndTime={Minute.AddMinutes(2):yyyy-MM-ddTHH:mm:ssZ}"
            + "&Period=60");
        query.Status.ShouldBe(HttpStatusCode.OK, query.Text);
        query.Text.ShouldContain("<Sum>5050</Sum>");
        query.Text.ShouldContain("<GetMetricStatisticsResult>");
    }

    [Theory]
    [InlineData("FunctionName=f", 100)]
    [InlineData("FunctionName=f,Resource=f:live", 100)]
    [InlineData("FunctionName=f,Resource=f:live,ExecutedVersion=3", 100)]
    [InlineData("FunctionName=f,Resource=f:live,ExecutedVersion=4", 0)]
    [InlineData("FunctionName=f,Resource=f", 0)]
    [InlineData("FunctionName=g", 0)]
    [InlineData("", 100)]
    [InlineData("Planet=Mars", 0)]
    public async Task Dimensions_choose_as_those_of_AWS_do(string dimensions, int expected)
    {
        var body = Valid("GetMetricStatistics");
        body["MetricName"] = "Invocations";
        body["Dimensions"] = new JsonArray([.. dimensions.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => new JsonObject { ["Name"] = one.Split('=')[0], ["Value"] = one.Split('=')[1] })]);
        var answer = JsonNode.Parse((await server.JsonAsync("GetMetricStatistics", body)).Text)!;

        answer["Datapoints"]!.AsArray().Sum(point => (double)point!["Sum"]!).ShouldBe(expected);
    }

    [Fact]
    public async Task Account_sees_nothing_of_another()
    {
        (await server.JsonAsync("PutMetricData", Valid("PutMetricData"))).Status.ShouldBe(HttpStatusCode.OK);
        await server.Keeper.FlushAsync();
        var body = Valid("GetMetricStatistics");

        JsonNode.Parse((await server.JsonAsync("GetMetricStatistics", body, server.Tenant)).Text)!["Datapoints"]!
            .AsArray().ShouldBeEmpty();
        JsonNode.Parse((await server.JsonAsync("ListMetrics", new JsonObject(), server.Tenant)).Text)!["Metrics"]!
            .AsArray().ShouldBeEmpty();
        var listed = await server.JsonAsync("ListMetrics", new JsonObject { ["Namespace"] = "Shop" });
        JsonNode.Parse(listed.Text)!["Metrics"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Wrong_members_are_refused_as_the_callers_mistake_in_JSON_and_CBOR(string operation)
    {
        foreach (var member in Model[operation].Split(' '))
        {
            var name = member.Split(':')[0].TrimEnd('*');
            foreach (var wrong in Wrong(member))
            {
                var body = Valid(operation);
                body.Remove(name);
                if (wrong is not null)
                {
                    body[name] = wrong.DeepClone();
                }

                var sent = body.ToJsonString();
                var json = await server.JsonAsync(operation, body);
                json.Status.ShouldBe(HttpStatusCode.BadRequest, $"{operation} {sent} → {json.Text}");
                var (status, cbor) = await server.CborAsync(operation, CloudWatchServer.ToCbor(body));
                status.ShouldBe(HttpStatusCode.BadRequest, $"{operation} {sent} → {cbor?.ToJsonString()}");
                ((string?)cbor!["__type"])!.ShouldStartWith("com.amazonaws.cloudwatch#");
            }
        }
    }

    [Fact]
    public async Task Bodies_that_are_damaged_are_refused_as_the_callers_mistake()
    {
        var random = new Random(3);
        var good = CloudWatchServer.ToCbor(Valid("GetMetricData"));
        for (var round = 0; round < 200; round++)
        {
            var bytes = good[..random.Next(1, good.Length + 1)];
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            ((int)(await server.CborAsync("GetMetricData", bytes)).Status).ShouldBeLessThan(500);
        }

        foreach (var form in (string[])["", "Action=", "Action=ListPlanets", "Action=PutMetricData&Namespace=",
            "Action=ListMetrics&Dimensions.member.1=5", "Action=GetMetricStatistics&Period=x"])
        {
            var answer = await server.QueryAsync(form);
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
            answer.Text.ShouldContain("<ErrorResponse");
        }
    }

    private static JsonObject Valid(string operation)
    {
        var (from, to) = (Minute.AddMinutes(-1).ToUnixTimeSeconds(), Minute.AddMinutes(2).ToUnixTimeSeconds());
        return operation switch
        {
            "GetMetricStatistics" => new JsonObject
            {
                ["Namespace"] = "AWS/Lambda",
                ["MetricName"] = "Duration",
                ["Dimensions"] = new JsonArray(new JsonObject { ["Name"] = "FunctionName", ["Value"] = "f" }),
                ["StartTime"] = from,
                ["EndTime"] = to,
                ["Period"] = 60,
                ["Statistics"] = new JsonArray("Sum", "Maximum"),
                ["ExtendedStatistics"] = new JsonArray("p99"),
            },
            "GetMetricData" => new JsonObject
            {
                ["StartTime"] = from,
                ["EndTime"] = to,
                ["MetricDataQueries"] = new JsonArray(Query("Sum")),
            },
            "PutMetricData" => new JsonObject
            {
                ["Namespace"] = "Shop",
                ["MetricData"] = new JsonArray(new JsonObject { ["MetricName"] = "Orders", ["Value"] = 3 }),
            },
            _ => [],
        };
    }

    private static JsonObject Query(string statistic) => new()
    {
        ["Id"] = "m1",
        ["MetricStat"] = new JsonObject
        {
            ["Metric"] = new JsonObject { ["Namespace"] = "AWS/Lambda", ["MetricName"] = "Errors" },
            ["Period"] = 60,
            ["Stat"] = statistic,
        },
    };

    /// <summary>Values that no caller may send there; null: the member is missing.</summary>
    private static IEnumerable<JsonNode?> Wrong(string member)
    {
        var kind = member.Split(':')[1];
        if (member.Contains('*'))
        {
            // At least one of Statistics and ExtendedStatistics is there: without one of them nothing is wrong.
            if (kind != "statistics")
            {
                yield return null;
            }
        }

        yield return true;
        yield return new JsonObject { ["x"] = new JsonArray() };
        foreach (var wrong in kind switch
        {
            "text" => [5, "", new string('x', 5_000), new JsonArray("x")],
            "time" => ["yesterday", -5, 1e300, new JsonArray()],
            "period" => [0, -60, 61, 1.5, "60"],
            "count" => [0, -1, 1.5, 1e9, "5"],
            "order" => ["Sideways", 5],
            "statistics" => [new JsonArray("Median"), new JsonArray(5), "Sum"],
            "percentiles" => [new JsonArray("p101"), new JsonArray("Sum"), new JsonArray((JsonNode?)null)],
            "dimensions" => [new JsonArray("x"), new JsonArray(new JsonObject { ["Value"] = "f" }), 5],
            "queries" =>
            [
                5, new JsonArray(5), new JsonArray(Query("Median")), new JsonArray(Query("Sum"), Query("Sum")),
                new JsonArray(new JsonObject { ["Id"] = "Upper" }),
                new JsonArray(new JsonObject { ["Id"] = "e1", ["Expression"] = "m1*2" }),
            ],
            "data" =>
            [
                5, new JsonArray(new JsonObject()), new JsonArray(new JsonObject { ["MetricName"] = "m" }),
                new JsonArray(new JsonObject { ["MetricName"] = "m", ["Value"] = "3" }),
                new JsonArray(new JsonObject { ["MetricName"] = "m", ["Value"] = 3, ["Unit"] = "Parsecs" }),
                new JsonArray(new JsonObject { ["MetricName"] = "m", ["Value"] = 3, ["Timestamp"] = 5 }),
                new JsonArray(new JsonObject { ["MetricName"] = "m", ["Value"] = 3, ["Values"] = new JsonArray(1) }),
                new JsonArray(new JsonObject { ["MetricName"] = "m\n", ["Value"] = 3 }),
            ],
            _ => (JsonNode?[])[],
        })
        {
            yield return wrong;
        }
    }
}
