using Lambent.Kernel.Workflows.Definitions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Definitions;

public sealed class DefinitionReaderTests
{
    private static readonly DefinitionOptions Standard = new(false);
    private static readonly DefinitionOptions Express = new(true);

    public static TheoryData<string, string[]> Refused
    {
        get
        {
            var rows = new TheoryData<string, string[]>();
            foreach (var (definition, said) in RefusedDefinitions.All())
            {
                rows.Add(definition, said);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Read_saysWhatIsWrongAndWhere(string definition, string[] said)
    {
        var reading = DefinitionReader.Read(definition, Standard);

        reading.Diagnostics.Select(diagnostic => diagnostic.ToString()).ShouldBe(said, ignoreOrder: true);
        reading.Definition.ShouldBeNull();
        reading.Diagnostics.ShouldAllBe(diagnostic => diagnostic.IsError);
    }

    [Fact]
    public void Read_textThatIsNoJson_saysWhere()
    {
        var said = DefinitionReader.Read("{\"StartAt\": nope}", Standard).Diagnostics.ShouldHaveSingleItem();

        said.Code.ShouldBe("INVALID_JSON_DESCRIPTION");
        said.Message.ShouldContain("line 1");
    }

    [Theory]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f", TaskResourceKind.Function, "lambda", "invoke")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f:live", TaskResourceKind.Function, "lambda", "invoke")]
    [InlineData("arn:aws:states:us-east-1:000000000000:activity:a", TaskResourceKind.Activity, "states", "activity")]
    [InlineData("arn:aws:states:::lambda:invoke", TaskResourceKind.Integration, "lambda", "invoke")]
    [InlineData("arn:aws:states:::sqs:sendMessage", TaskResourceKind.Integration, "sqs", "sendMessage")]
    [InlineData("arn:aws:states:::http:invoke", TaskResourceKind.Integration, "http", "invoke")]
    [InlineData("arn:aws:states:::events:putEvents", TaskResourceKind.Integration, "events", "putEvents")]
    [InlineData("arn:aws:states:::sns:publish", TaskResourceKind.Integration, "sns", "publish")]
    public void Resource_isRead(string arn, TaskResourceKind kind, string service, string action)
    {
        Task(arn, Standard).Resource.ShouldBe(new TaskResource(arn, kind, service, action));
        if (kind != TaskResourceKind.Activity)
        {
            Task(arn, Express).Resource.ShouldBe(new TaskResource(arn, kind, service, action));
        }
    }

    [Theory]
    [InlineData("arn:aws:states:::states:startExecution", IntegrationPattern.RequestResponse)]
    [InlineData("arn:aws:states:::states:startExecution.sync", IntegrationPattern.Sync)]
    [InlineData("arn:aws:states:::states:startExecution.sync:2", IntegrationPattern.SyncAsJson)]
    [InlineData("arn:aws:states:::states:startExecution.waitForTaskToken", IntegrationPattern.WaitForTaskToken)]
    [InlineData("arn:aws:states:::lambda:invoke.waitForTaskToken", IntegrationPattern.WaitForTaskToken)]
    [InlineData("arn:aws:states:::sqs:sendMessage.waitForTaskToken", IntegrationPattern.WaitForTaskToken)]
    public void Resource_pattern_isRead(string arn, IntegrationPattern pattern) =>
        Task(arn, Standard).Resource.Pattern.ShouldBe(pattern);

    [Theory]
    [InlineData(
        "arn:aws:states:::lambda:invoke.sync",
        "The resource provided arn:aws:states:::lambda:invoke.sync is not recog")]
    [InlineData(
        "arn:aws:states:::dynamodb:putItem",
        "The resource provided arn:aws:states:::dynamodb:putItem is not recognized")]
    [InlineData("arn:aws:states:::aws-sdk:s3:getObject", "is not recognized: a Task calls a function's ARN")]
    [InlineData(
        "f",
        "Value is not a valid resource ARN: a Task calls a function's ARN, an activity's ARN or one of arn:aws")]
    [InlineData("${Function}", "'${Function}' has a place that a deployment tool fills in")]
    public void Resource_thatCannotBeCalled_isRefusedByName(string arn, string message)
    {
        var said = DefinitionReader.Read(TaskText(arn), Standard).Diagnostics.ShouldHaveSingleItem();

        said.Message.ShouldContain(message);
        said.Location.ShouldBe("/States/X/Resource");
    }

    [Theory]
    [InlineData(
        "arn:aws:states:::states:startExecution.sync:2",
        "Express state machine does not support '.sync' service integration")]
    [InlineData(
        "arn:aws:states:::sns:publish.waitForTaskToken",
        "Express state machine does not support '.waitForTaskToken' service integration ")]
    [InlineData(
        "arn:aws:states:us-east-1:000000000000:activity:a",
        "Express state machine does not support Activity ARN")]
    public void Resource_thatWaits_isRefusedInExpress(string arn, string message) =>
        DefinitionReader.Read(TaskText(arn), Express).Diagnostics.ShouldHaveSingleItem()
            .ShouldBe(new DefinitionDiagnostic(true, "SCHEMA_VALIDATION_FAILED", message, "/States/X/Resource"));

    [Fact]
    public void Map_distributed_isRefusedInExpress()
    {
        const string text = """
            {"StartAt":"X","States":{"X":{"Type":"Map","End":true,"ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
            "StartAt":"Y","States":{"Y":{"Type":"Succeed"}}}}}}
            """;
        DefinitionReader.Read(text, Standard).Definition.ShouldNotBeNull();
        DefinitionReader.Read(text, Express).Diagnostics.ShouldHaveSingleItem()
            .Location.ShouldBe("/States/X/ItemProcessor/ProcessorConfig/Mode");
    }

    [Theory]
    [InlineData(""" "Type":"Pass","Result":{"a.$":"$.b"},"End":true """, "PASS_RESULT_IS_STATIC", "/States/X/Result")]
    [InlineData(""" "Type":"Pass","Parameters":{"a":"$.b"},"End":true """, "NO_DOLLAR", "/States/X/Parameters")]
    [InlineData(""" "Type":"Fail","Error":"$.b" """, "NO_PATH", "/States/X/Error")]
    public void Read_whatLooksMistaken_warns(string fields, string code, string location)
    {
        var reading = DefinitionReader.Read(
            """{"StartAt":"X","States":{"X":{""" + fields + "}}}", Standard);

        reading.Definition.ShouldNotBeNull();
        var said = reading.Diagnostics.ShouldHaveSingleItem();
        said.IsError.ShouldBeFalse();
        said.Code.ShouldBe(code);
        said.Location.ShouldBe(location);
    }

    [Fact]
    public void Read_tooLongTooDeepOrTooMany_isRefused()
    {
        Codes(new string(' ', Limits.DefinitionBytesMax + 1)).ShouldBe(["SCHEMA_VALIDATION_FAILED"]);
        Codes(Nested(Limits.StateNestingMax)).ShouldBeEmpty();
        Codes(Nested(Limits.StateNestingMax + 1)).ShouldBe(["TOO_DEEPLY_NESTED"]);
        var states = Enumerable.Range(0, Limits.StatesMax + 1)
            .Select(number => $"\"{number}\":{{\"Type\":\"Succeed\"}}");
        DefinitionReader.Read(
            """{"StartAt":"0","States":{""" + string.Join(",", states) + "}}", Standard)
            .Diagnostics[0].Message.ShouldBe("A state machine has at most 10000 states");
    }

    [Theory]
    [InlineData("\"{% 1 %}\"")]
    [InlineData("\"{% 1 \"")]
    [InlineData("1")]
    public void Read_aLongNameAboveManyPlaces_costsNotTheirProduct(string value)
    {
        var items = string.Join(',', Enumerable.Repeat(value, 40_000));
        var text = """{"StartAt":"X","QueryLanguage":"JSONata","States":{"X":{"Type":"Pass","End":true,"Output":{"a":"""
            .Replace("\"a\"", $"\"{new string('n', 400_000)}\"") + $"[{items}]}}}}}}}}";
        var before = GC.GetAllocatedBytesForCurrentThread();

        DefinitionReader.Read(text, Standard).Diagnostics.Count.ShouldBeLessThanOrEqualTo(1_000);

        // The product would be some thirty thousand million.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2_000_000_000);
    }

    [Fact]
    public void Read_thousandsOfMistakes_reportsAThousand()
    {
        var states = Enumerable.Range(0, 5000).Select(number => $"\"{number}\":{{}}");
        DefinitionReader.Read(
            """{"StartAt":"0","States":{""" + string.Join(",", states) + "}}", Standard)
            .Diagnostics.Count.ShouldBe(Limits.DefinitionDiagnosticsMax);
    }

    [Fact]
    public void Read_defaults_areTheLanguages()
    {
        var task = Task("arn:aws:states:::lambda:invoke", Standard, """ ,"Retry":[{"ErrorEquals":["E"]}] """);

        task.Retry.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            retrier => retrier.IntervalSeconds.ShouldBe(1),
            retrier => retrier.MaxAttempts.ShouldBe(3),
            retrier => retrier.BackoffRate.ShouldBe(2),
            retrier => retrier.MaxDelaySeconds.ShouldBeNull(),
            retrier => retrier.HasFullJitter.ShouldBeFalse());
        task.Next.ShouldBeNull();
        task.InputPath.ShouldBeNull();
        task.ResultPath.ShouldBeNull();
        task.TimeoutSeconds.ShouldBeNull();
    }

    private static string[] Codes(string text) =>
        [.. DefinitionReader.Read(text, Standard).Diagnostics.Select(diagnostic => diagnostic.Code)];

    private static string Nested(int depth)
    {
        var text = """{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}""";
        for (var level = depth; level > 0; level--)
        {
            text = $$"""{"StartAt":"P{{level}}","States":{"P{{level}}":{"Type":"Parallel","End":true,"Branches":["""
                + text + "]}}}";
        }

        return text;
    }

    private static string TaskText(string arn, string more = "") =>
        """{"StartAt":"X","States":{"X":{"Type":"Task","Resource":""" + $"\"{arn}\",\"End\":true{more}}}}}}}";

    private static TaskState Task(string arn, DefinitionOptions options, string more = "") =>
        DefinitionReader.Read(TaskText(arn, more), options).Definition.ShouldNotBeNull()
            .Graph.States["X"].ShouldBeOfType<TaskState>();
}
