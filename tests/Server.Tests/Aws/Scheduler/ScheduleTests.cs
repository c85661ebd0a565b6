using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Protocol.Signing;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Scheduler;

public sealed class ScheduleTests : IAsyncLifetime
{
    private SchedulerServer server = null!;

    public async ValueTask InitializeAsync() => server = await SchedulerServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Create_get_update_list_delete()
    {
        var request = SchedulerServer.Request("cron(0 9 ? * MON-FRI *)");
        request["ScheduleExpressionTimezone"] = "Europe/Berlin";
        request["Description"] = "daily report";
        request["FlexibleTimeWindow"] = new JsonObject { ["Mode"] = "FLEXIBLE", ["MaximumWindowInMinutes"] = 15 };
        request["State"] = "DISABLED";
        request["ActionAfterCompletion"] = "DELETE";
        request["StartDate"] = 2_000_000_000.5;
        request["EndDate"] = 2_100_000_000;
        request["KmsKeyArn"] = "arn:aws:kms:us-east-1:000000000000:key/k";
        request["Target"]!["Input"] = """{"a":1}""";
        request["Target"]!["RetryPolicy"] = new JsonObject { ["MaximumRetryAttempts"] = 3 };
        request["Target"]!["DeadLetterConfig"] = new JsonObject { ["Arn"] = "arn:aws:sqs:us-east-1:000000000000:d" };
        const string arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/report";
        ((string)(await server.CallAsync("POST", "/schedules/report", request)).Ok()["ScheduleArn"]!).ShouldBe(arn);

        var read = (await server.CallAsync("GET", "/schedules/report?groupName=default")).Ok();
        foreach (var (name, value) in request.Where(member => member.Key != "Target"))
        {
            JsonNode.DeepEquals(read[name], value).ShouldBeTrue($"{name}: {read[name]}");
        }

        ((string)read["Arn"]!).ShouldBe(arn);
        ((string)read["Target"]!["Input"]!).ShouldBe("""{"a":1}""");
        ((int)read["Target"]!["RetryPolicy"]!["MaximumRetryAttempts"]!).ShouldBe(3);
        ((int)read["Target"]!["RetryPolicy"]!["MaximumEventAgeInSeconds"]!).ShouldBe(86_400);

        // An update writes everything anew: what it leaves out has its default again.
        (await server.CallAsync("PUT", "/schedules/report", SchedulerServer.Request())).Ok();
        read = (await server.CallAsync("GET", "/schedules/report")).Ok();
        ((string)read["State"]!).ShouldBe("ENABLED");
        ((string)read["ScheduleExpressionTimezone"]!).ShouldBe("UTC");
        read["Description"].ShouldBeNull();
        read["StartDate"].ShouldBeNull();

        var listed = (await server.CallAsync("GET", "/schedules?NamePrefix=rep")).Ok()["Schedules"]!.AsArray();
        ((string)listed.Single()!["Target"]!["Arn"]!).ShouldBe(SchedulerServer.Function);
        (await server.CallAsync("DELETE", "/schedules/report")).Ok();
        Refused(
            await server.CallAsync("GET", "/schedules/report"), 404, "ResourceNotFoundException",
            "Schedule report does not exist.");
    }

    [Fact]
    public async Task Same_token_isTheSameRequest_andWithAnotherRequestAConflict()
    {
        var request = SchedulerServer.Request();
        request["ClientToken"] = "token-1";
        (await server.CallAsync("POST", "/schedules/s", request)).Ok();
        (await server.CallAsync("POST", "/schedules/s", request)).Ok();
        (await server.CallAsync("POST", "/schedules/other", request)).Type.ShouldBe("ConflictException");
        request["ClientToken"] = "token-2";
        Refused(
            await server.CallAsync("POST", "/schedules/s", request), 409, "ConflictException",
            "Schedule s already exists.");
        (await server.CallAsync("DELETE", "/schedules/s?clientToken=d")).Ok();
        (await server.CallAsync("DELETE", "/schedules/s?clientToken=d")).Ok();
        (await server.CallAsync("DELETE", "/schedules/s?clientToken=e")).Type.ShouldBe("ResourceNotFoundException");

        // Forgotten after hours, so that the name can be used by whoever sends the same again.
        server.Time.Shift += TimeSpan.FromHours(9);
        (await server.CallAsync("DELETE", "/schedules/s?clientToken=d")).Type.ShouldBe("ResourceNotFoundException");
    }

    [Fact]
    public async Task Lists_comeInPages_byGroupStateAndPrefix()
    {
        (await server.CallAsync("POST", "/schedule-groups/g")).Ok();
        for (var index = 0; index < 7; index++)
        {
            var request = SchedulerServer.Request();
            request["State"] = index % 2 == 0 ? "ENABLED" : "DISABLED";
            request["GroupName"] = index < 5 ? "default" : "g";
            (await server.CallAsync("POST", $"/schedules/s{index}", request)).Ok();
        }

        (await AllAsync("/schedules?MaxResults=2")).ShouldBe(["s0", "s1", "s2", "s3", "s4", "s5", "s6"]);
        (await AllAsync("/schedules?MaxResults=2&State=ENABLED")).ShouldBe(["s0", "s2", "s4", "s6"]);
        (await AllAsync("/schedules?MaxResults=1&ScheduleGroup=g")).ShouldBe(["s5", "s6"]);
        (await AllAsync("/schedules?MaxResults=5&NamePrefix=s3")).ShouldBe(["s3"]);
        Refused(
            await server.CallAsync("GET", "/schedules?ScheduleGroup=none"), 404, "ResourceNotFoundException",
            "Schedule group none does not exist.");
        (await server.CallAsync("GET", "/schedules?NextToken=made-up")).Type.ShouldBe("ValidationException");
    }

    [Fact]
    public async Task Groups_haveTags_andTakeTheirSchedulesWithThem()
    {
        const string arn = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/g";
        var path = "/tags/" + Uri.EscapeDataString(arn);
        var made = await server.CallAsync("POST", "/schedule-groups/g", new JsonObject { ["Tags"] = Tags("a", "b") });
        ((string)made.Ok()["ScheduleGroupArn"]!).ShouldBe(arn);
        Refused(
            await server.CallAsync("POST", "/schedule-groups/g"), 409, "ConflictException",
            "Schedule group g already exists.");
        (await server.CallAsync("POST", path, new JsonObject { ["Tags"] = Tags("c", "a") })).Ok();
        (await server.CallAsync("DELETE", path + "?TagKeys=a&TagKeys=none")).Ok();

        // Clients encode the slash of the ARN or leave it.
        var tags = (await server.CallAsync("GET", "/tags/" + arn)).Ok()["Tags"]!.AsArray();
        tags.Select(tag => $"{tag!["Key"]}={tag["Value"]}").ShouldBe(["b=b", "c=c"]);

        var request = SchedulerServer.Request();
        request["GroupName"] = "g";
        (await server.CallAsync("POST", "/schedules/s", request)).Ok();
        (await server.CallAsync("DELETE", "/schedule-groups/g")).Ok();
        (await server.CallAsync("GET", "/schedule-groups/g")).Type.ShouldBe("ResourceNotFoundException");
        (await server.CallAsync("GET", "/schedules/s?groupName=g")).Type.ShouldBe("ResourceNotFoundException");
        (await server.CallAsync("DELETE", "/schedule-groups/default")).Type.ShouldBe("ValidationException");
        var groups = (await server.CallAsync("GET", "/schedule-groups")).Ok()["ScheduleGroups"]!.AsArray();
        ((string)groups.Single()!["Name"]!).ShouldBe("default");
    }

    [Fact]
    public async Task Other_accounts_seeNothing_andFunctionsOnlyRead()
    {
        (await server.CallAsync("POST", "/schedules/s", SchedulerServer.Request())).Ok();
        var (_, key) = (await server.Accounts.CreateAsync("other", null)).Value;
        (await server.CallAsync("GET", "/schedules", key: key)).Ok()["Schedules"]!.AsArray().ShouldBeEmpty();
        (await server.CallAsync("GET", "/schedules/s", key: key)).Type.ShouldBe("ResourceNotFoundException");
        (await server.CallAsync("DELETE", "/schedules/s", key: key)).Type.ShouldBe("ResourceNotFoundException");
        (await server.CallAsync("POST", "/schedules/t", SchedulerServer.Request(), key)).ErrorText
            .ShouldContain("is of another account");

        var session = server.Sessions.Issue(new FunctionId(AccountId.Root, "f"), TimeSpan.FromHours(1));
        var credentials = new SigningCredentials(session.AccessKeyId, session.Secret, session.SessionToken);
        (await server.SendAsync("GET", "/schedules/s", "", credentials)).Ok();
        foreach (var (method, path) in new[]
            {
                ("POST", "/schedules/t"), ("PUT", "/schedules/s"), ("DELETE", "/schedules/s"),
                ("POST", "/schedule-groups/g"), ("DELETE", "/schedule-groups/g"),
            })
        {
            var answer = await server.SendAsync(
                method, path, SchedulerServer.Request().ToJsonString(), credentials);
            answer.Type.ShouldBe("AccessDeniedException");
        }
    }

    [Fact]
    public async Task Quotas_areAwsErrors()
    {
        var tags = new JsonArray();
        for (var index = 0; index < 51; index++)
        {
            tags.Add(new JsonObject { ["Key"] = $"k{index}", ["Value"] = "v" });
        }

        var refused = await server.CallAsync("POST", "/schedule-groups/g", new JsonObject { ["Tags"] = tags });
        Refused(
            refused, 402, "ServiceQuotaExceededException", "A schedule group has at most 50 tags.");
    }

    private static JsonArray Tags(params string[] keys) =>
        [.. keys.Select(key => new JsonObject { ["Key"] = key, ["Value"] = key })];

    private static void Refused(SchedulerAnswer answer, int status, string type, string message)
    {
        ((int)answer.Status, answer.Type).ShouldBe((status, type), answer.Text);
        ((string?)answer.Json["Message"]).ShouldBe(message);
    }

    private async Task<List<string>> AllAsync(string path)
    {
        List<string> names = [];
        string? token = null;
        do
        {
            var page = (await server.CallAsync(
                "GET", token is null ? path : $"{path}&NextToken={Uri.EscapeDataString(token)}")).Ok();
            names.AddRange(page["Schedules"]!.AsArray().Select(schedule => (string)schedule!["Name"]!));
            token = (string?)page["NextToken"];
        }
        while (token is not null);
        return names;
    }
}
