using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Scheduler;

/// <summary>
/// What is wrong is refused with AWS's error, never with a failure of the server, and changes nothing.
/// </summary>
public sealed class WrongRequestTests : IAsyncLifetime
{
    private SchedulerServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await SchedulerServer.StartAsync();
        (await server.CallAsync("POST", "/schedules/s", SchedulerServer.Request())).Ok();
        (await server.CallAsync("POST", "/schedule-groups/g")).Ok();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    /// <summary>A member of the request and what it is set to; the type and a part of the message.</summary>
    public static TheoryData<string, string?, string, string> WrongMembers { get; } = new()
    {
        { "ScheduleExpression", null, "ValidationException", "Value null at 'scheduleExpression' failed to satisfy" },
        { "ScheduleExpression", "\"\"", "ValidationException", "length greater than or equal to 1" },
        { "ScheduleExpression", "5", "SerializationException", "ScheduleExpression" },
        { "ScheduleExpression", "\"cron(71 8 1 * ? *)\"", "ValidationException",
            "Invalid Schedule Expression cron(71 8 1 * ? *). At character 6: minutes go from 0 to 59." },
        {
            "ScheduleExpression", "\"rate(59 seconds)\"",
            "ValidationException", "Invalid Schedule Expression rate(59 seconds)."
        },
        { "ScheduleExpression", "\"at(2020-01-01T00:00:00)\"", "ValidationException", "in the past" },
        { "ScheduleExpressionTimezone", "\"Mars/Base\"", "ValidationException", "Timezone Mars/Base" },
        { "ScheduleExpressionTimezone", "\"../../etc/passwd\"", "ValidationException", "Timezone" },
        { "ScheduleExpressionTimezone", "\"\"", "ValidationException", "scheduleExpressionTimezone" },
        { "FlexibleTimeWindow", null, "ValidationException", "flexibleTimeWindow" },
        { "FlexibleTimeWindow", "{}", "ValidationException", "flexibleTimeWindow.mode" },
        { "FlexibleTimeWindow", "{\"Mode\":\"SOMETIMES\"}", "ValidationException", "enum value set: [OFF, FLEXIBLE]" },
        {
            "FlexibleTimeWindow", "{\"Mode\":\"FLEXIBLE\"}",
            "ValidationException", "MaximumWindowInMinutes is required"
        },
        { "FlexibleTimeWindow", "{\"Mode\":\"OFF\",\"MaximumWindowInMinutes\":5}", "ValidationException", "must not" },
        {
            "FlexibleTimeWindow", "{\"Mode\":\"FLEXIBLE\",\"MaximumWindowInMinutes\":0}",
            "ValidationException", "or equal to 1"
        },
        {
            "FlexibleTimeWindow", "{\"Mode\":\"FLEXIBLE\",\"MaximumWindowInMinutes\":1441}",
            "ValidationException", "1440"
        },
        {
            "FlexibleTimeWindow", "{\"Mode\":\"FLEXIBLE\",\"MaximumWindowInMinutes\":1.5}",
            "SerializationException", ""
        },
        { "FlexibleTimeWindow", "[]", "SerializationException", "FlexibleTimeWindow" },
        { "State", "\"PAUSED\"", "ValidationException", "enum value set: [ENABLED, DISABLED]" },
        { "ActionAfterCompletion", "\"KEEP\"", "ValidationException", "enum value set: [NONE, DELETE]" },
        { "StartDate", "\"tomorrow\"", "SerializationException", "StartDate" },
        { "StartDate", "-5", "ValidationException", "startDate" },
        { "StartDate", "1e300", "ValidationException", "startDate" },
        { "StartDate", "1000000000", "ValidationException", "cannot be earlier than 5 minutes ago" },
        { "EndDate", "1000000000", "ValidationException", "EndDate" },
        { "GroupName", "\"no group\"", "ValidationException", "groupName" },
        { "GroupName", "\"none\"", "ResourceNotFoundException", "Schedule group none does not exist." },
        { "ClientToken", "\"a b\"", "ValidationException", "clientToken" },
        { "ClientToken", "\"\"", "ValidationException", "clientToken" },
        { "KmsKeyArn", "\"key\"", "ValidationException", "kmsKeyArn" },
        { "Target", null, "ValidationException", "Value null at 'target'" },
        { "Target", "{}", "ValidationException", "2 validation errors detected" },
        { "Target", "\"f\"", "SerializationException", "Target" },
    };

    /// <summary>Members of the target.</summary>
    public static TheoryData<string, string, string, string> WrongTargets { get; } = new()
    {
        { "Arn", "\"f\"", "ValidationException", "'f' is not the ARN of a function or a queue" },
        { "Arn", "\"arn:aws:scheduler:::aws-sdk:lambda:invoke\"", "ValidationException", "universal target" },
        { "Arn", "\"arn:aws:scheduler:::aws-sdk:s3:putObject\"", "ValidationException", "universal target" },
        { "Arn", "\"arn:aws:states:eu-west-1:000000000000:stateMachine:m\"", "ValidationException", "eu-west-1" },
        { "Arn", "\"arn:aws:states:us-east-1:111111111111:stateMachine:m\"", "ValidationException", "another account" },
        { "Arn", "\"arn:aws:events:us-east-1:000000000000:event-bus/default\"", "ValidationException", "event bus" },
        { "Arn", "\"arn:aws:sns:us-east-1:000000000000:t\"", "ValidationException", "topic" },
        { "Arn", "\"arn:aws:kinesis:us-east-1:000000000000:stream/s\"", "ValidationException", "stream" },
        { "Arn", "\"arn:aws:lambda:eu-west-1:000000000000:function:f\"", "ValidationException", "eu-west-1" },
        { "Arn", "\"arn:aws:lambda:us-east-1:111111111111:function:f\"", "ValidationException", "another account" },
        { "Arn", "\"arn:aws:sqs:us-east-1:000000000000:q.fifo\"", "ValidationException", "MessageGroupId" },
        { "RoleArn", "\"role\"", "ValidationException", "target.roleArn" },
        { "Input", "\"not json\"", "ValidationException", "Input must be JSON" },
        { "Input", "\"\"", "ValidationException", "target.input" },
        { "Input", "{}", "SerializationException", "Target.Input" },
        { "Input", "\"\\ud800\"", "", "" },
        { "SqsParameters", "{\"MessageGroupId\":\"g\"}", "ValidationException", "SqsParameters" },
        { "SqsParameters", "{\"MessageGroupId\":\"\"}", "ValidationException", "messageGroupId" },
        { "RetryPolicy", "{\"MaximumRetryAttempts\":186}", "ValidationException", "185" },
        { "RetryPolicy", "{\"MaximumRetryAttempts\":-1}", "ValidationException", "maximumRetryAttempts" },
        { "RetryPolicy", "{\"MaximumEventAgeInSeconds\":59}", "ValidationException", "60" },
        { "RetryPolicy", "{\"MaximumEventAgeInSeconds\":86401}", "ValidationException", "86400" },
        { "RetryPolicy", "{\"MaximumEventAgeInSeconds\":99999999999}", "SerializationException", "" },
        { "DeadLetterConfig", "{\"Arn\":\"d\"}", "ValidationException", "target.deadLetterConfig.arn" },
        { "DeadLetterConfig", "{\"Arn\":\"arn:aws:sqs:us-east-1:111111111111:d\"}", "ValidationException", "account" },
        { "EcsParameters", "{}", "ValidationException", "EcsParameters" },
        { "EventBridgeParameters", "{}", "ValidationException", "EventBridgeParameters" },
        { "KinesisParameters", "{}", "ValidationException", "KinesisParameters" },
        { "SageMakerPipelineParameters", "{}", "ValidationException", "SageMakerPipelineParameters" },
    };

    [Theory]
    [MemberData(nameof(WrongMembers))]
    public Task Wrong_member_isRefused_byCreateAndUpdate(string member, string? value, string type, string message)
    {
        var request = SchedulerServer.Request();
        request[member] = value is null ? null : JsonNode.Parse(value);
        return CheckAsync(request.ToJsonString(), type, message);
    }

    [Theory]
    [MemberData(nameof(WrongTargets))]
    public Task Wrong_target_isRefused_byCreateAndUpdate(string member, string value, string type, string message)
    {
        var text = SchedulerServer.Request().ToJsonString();
        text = member is "Arn" or "RoleArn"
            ? text.Replace(
                member == "Arn" ? $"\"{SchedulerServer.Function}\"" : "\"arn:aws:iam::000000000000:role/r\"", value)
            : text.Replace("\"RoleArn\"", $"\"{member}\":{value},\"RoleArn\"");
        return CheckAsync(text, type, message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{")]
    [InlineData("{\"Target\":")]
    [InlineData("\ud83d\ude00")]
    public Task Body_thatIsNoObject_isRefused(string body) => CheckAsync(body, "", "");

    [Theory]
    [InlineData("GET", "/schedules/no%20name", "ValidationException")]
    [InlineData("GET", "/schedules/a%2Fb", "ValidationException")]
    [InlineData("GET", "/schedules/none", "ResourceNotFoundException")]
    [InlineData("GET", "/schedules/s?groupName=", "ValidationException")]
    [InlineData("GET", "/schedules/s?groupName=none", "ResourceNotFoundException")]
    [InlineData("DELETE", "/schedules/none", "ResourceNotFoundException")]
    [InlineData("DELETE", "/schedules/s?clientToken=%20", "ValidationException")]
    [InlineData("PUT", "/schedules/none", "ResourceNotFoundException")]
    [InlineData("GET", "/schedules?MaxResults=0", "ValidationException")]
    [InlineData("GET", "/schedules?MaxResults=101", "ValidationException")]
    [InlineData("GET", "/schedules?MaxResults=many", "SerializationException")]
    [InlineData("GET", "/schedules?State=ON", "ValidationException")]
    [InlineData("GET", "/schedules?NamePrefix=a%20b", "ValidationException")]
    [InlineData("GET", "/schedules?NextToken=", "ValidationException")]
    [InlineData("GET", "/schedules?ScheduleGroup=", "ValidationException")]
    [InlineData("GET", "/schedule-groups?MaxResults=-1", "ValidationException")]
    [InlineData("GET", "/schedule-groups?NextToken=x", "ValidationException")]
    [InlineData("GET", "/schedule-groups/none", "ResourceNotFoundException")]
    [InlineData("POST", "/schedule-groups/no%20name", "ValidationException")]
    [InlineData("DELETE", "/schedule-groups/none", "ResourceNotFoundException")]
    [InlineData("GET", "/tags/arn", "ValidationException")]
    [InlineData(
        "GET", "/tags/arn:aws:scheduler:us-east-1:000000000000:schedule-group%2Fnone",
        "ResourceNotFoundException")]
    [InlineData(
        "GET", "/tags/arn:aws:scheduler:us-east-1:111111111111:schedule-group%2Fg",
        "ResourceNotFoundException")]
    [InlineData("POST", "/tags/arn:aws:scheduler:us-east-1:000000000000:schedule-group%2Fg", "ValidationException")]
    [InlineData("DELETE", "/tags/arn:aws:scheduler:us-east-1:000000000000:schedule-group%2Fg", "ValidationException")]
    [InlineData("GET", "/nothing", "UnknownOperationException")]
    [InlineData("PATCH", "/schedules/s", "UnknownOperationException")]
    [InlineData("POST", "/schedules", "UnknownOperationException")]
    public async Task Wrong_path_isRefused(string method, string path, string type)
    {
        var before = State();
        var body = method == "PUT" ? SchedulerServer.Request().ToJsonString() : "";
        var answer = await server.SendAsync(method, path, body);
        answer.Type.ShouldBe(type, answer.Text);
        ((int)answer.Status).ShouldBeInRange(400, 499);
        answer.ErrorText.ShouldNotBeEmpty();
        State().ShouldBe(before);
    }

    [Theory]
    [InlineData("""{"Tags":5}""", "SerializationException")]
    [InlineData("""{"Tags":[null]}""", "ValidationException")]
    [InlineData("""{"Tags":[{"Key":"k"}]}""", "ValidationException")]
    [InlineData("""{"Tags":[{"Key":"","Value":"v"}]}""", "ValidationException")]
    [InlineData("""{"ClientToken":"a b"}""", "ValidationException")]
    public async Task Wrong_group_isRefused(string body, string type)
    {
        (await server.SendAsync("POST", "/schedule-groups/h", body)).Type.ShouldBe(type);
        (await server.CallAsync("GET", "/schedule-groups/h")).Type.ShouldBe("ResourceNotFoundException");
    }

    [Fact]
    public async Task Very_long_values_areRefused_withAShortAnswer()
    {
        foreach (var member in new[] { "ScheduleExpression", "Description", "ScheduleExpressionTimezone", "GroupName" })
        {
            var request = SchedulerServer.Request();
            request[member] = new string('x', 100_000);
            var answer = await server.CallAsync("POST", "/schedules/t", request);
            answer.Type.ShouldBe("ValidationException", member);
            answer.Text.Length.ShouldBeLessThan(8_000);
        }

        var large = SchedulerServer.Request();
        large["Target"]!["Input"] = "\"" + new string('x', 1_100_000) + "\"";
        (await server.CallAsync("POST", "/schedules/t", large)).ErrorText.ShouldContain("Input is larger");
        (await server.SendAsync("POST", "/schedules/t", new string(' ', 5_000_000))).Status
            .ShouldBe(System.Net.HttpStatusCode.RequestEntityTooLarge);
        (await server.CallAsync("POST", "/schedules/" + new string('n', 65), SchedulerServer.Request())).Type
            .ShouldBe("ValidationException");
    }

    private async Task CheckAsync(string body, string type, string message)
    {
        var before = State();
        foreach (var (method, path) in new[] { ("POST", "/schedules/t"), ("PUT", "/schedules/s") })
        {
            var answer = await server.SendAsync(method, path, body);
            ((int)answer.Status).ShouldBeInRange(400, 499, answer.Text);
            answer.ErrorText.ShouldContain(message);
            if (type.Length > 0)
            {
                answer.Type.ShouldBe(type, answer.Text);
            }
        }

        State().ShouldBe(before);
    }

    private string State() => server.Store.Read(transaction => string.Join('\n',
        transaction.Schedules.List(AccountId.Root, new ScheduleFilter(), 100).Select(schedule => $"{schedule}")
            .Concat(transaction.Schedules.ListGroups(AccountId.Root, "", null, 100)
                .Select(group => $"{group.Id} {group.Tags.Count}"))));
}
