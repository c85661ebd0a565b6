using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Shouldly;
using Xunit;
using static Lambent.Kernel.Tests.Mappings.MappingSamples;

namespace Lambent.Kernel.Tests.Mappings;

public sealed class MappingRulesTests
{
    private const string BadWindow =
        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10";

    [Fact]
    public void Mapping_withoutSettings_hasTheDefaults()
    {
        var mapping = Create(new MappingChange()).Value;

        mapping.State.ShouldBe(MappingState.Creating);
        mapping.SettledState.ShouldBe(MappingState.Enabled);
        (mapping.Settings.BatchSize, mapping.Settings.WindowSeconds).ShouldBe((10, 0));
    }

    [Theory]
    [InlineData("jobs", 11, null, BadWindow)]
    [InlineData("jobs", 11, 0, BadWindow)]
    [InlineData("jobs", 11, 1, null)]
    [InlineData("jobs", 10_000, 300, null)]
    [InlineData("jobs.fifo", 10, 0, null)]
    [InlineData("jobs.fifo", 11, null, "BatchSize 11 exceeds the max of 10 for FIFO queues")]
    [InlineData("jobs.fifo", 10, 1, "Batching window is not supported for FIFO queues")]
    public void Batch_ofAQueue_hasItsBounds(string queue, int size, int? window, string? refusal) =>
        Create(new MappingChange { BatchSize = size, WindowSeconds = window }, queue).Error?.Message
            .ShouldBe(refusal);

    [Theory]
    [InlineData(0, null, "'batchSize'", "greater than or equal to 1")]
    [InlineData(10_001, null, "'batchSize'", "less than or equal to 10000")]
    [InlineData(null, -1, "'maximumBatchingWindowInSeconds'", "greater than or equal to 0")]
    [InlineData(null, 301, "'maximumBatchingWindowInSeconds'", "less than or equal to 300")]
    public void Number_outsideItsRange_isAViolation(int? size, int? window, string field, string constraint)
    {
        var violations = new ConstraintViolations();
        MappingRules.CheckForm(violations, new MappingChange { BatchSize = size, WindowSeconds = window });

        violations.ToError().ShouldNotBeNull().Message.ShouldContain(field);
        violations.ToError()!.Message.ShouldContain(constraint);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    [InlineData(null, true)]
    public void Maximum_concurrency_is2To1000(int? concurrency, bool isValid)
    {
        var violations = new ConstraintViolations();
        MappingRules.CheckForm(violations, new MappingChange { Scaling = new ScalingChange(concurrency) });

        (violations.Count == 0).ShouldBe(isValid);
    }

    [Fact]
    public void Response_types_areOneOrNone()
    {
        Violations("ReportBatchItemFailures").ShouldBe(0);
        Violations().ShouldBe(0);
        Violations("Other").ShouldBe(1);
        Violations([null]).ShouldBe(1);
        Violations("ReportBatchItemFailures", "ReportBatchItemFailures").ShouldBe(1);

        static int Violations(params string?[] types)
        {
            var violations = new ConstraintViolations();
            MappingRules.CheckForm(violations, new MappingChange { ResponseTypes = types });
            return violations.Count;
        }
    }

    [Fact]
    public void Surroundings_thatDoNotFit_areRefusedInAwsWords()
    {
        var queue = Queue();
        Refusal(Around(queue, functionTimeout: null)).Message.ShouldBe("Function does not exist");
        Refusal(Around(null)).Message.ShouldContain("AWS.SimpleQueueService.NonExistentQueue");
        Refusal(Around(queue, functionTimeout: 60)).Message.ShouldBe(
            "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds");
        var conflict = Refusal(Around(queue) with { OtherId = "id-0" });
        conflict.Code.ShouldBe(ErrorCode.ResourceConflict);
        conflict.Message.ShouldBe(
            "An event source mapping with SQS arn (\" arn:aws:sqs:us-east-1:000000000000:jobs \") and function "
            + "(\" worker \") already exists. Please update or delete the existing mapping with UUID id-0");

        static Error Refusal(MappingSurroundings around) => Create(new MappingChange(), around: around).Error!;
    }

    [Fact]
    public void Filters_areReadWhenTheyAreSet()
    {
        Create(new MappingChange { Filters = ["""{"body":{"a":[1]}}"""] }).IsSuccess.ShouldBeTrue();
        Create(new MappingChange { Filters = ["single-string"] }).Error!.Message
            .ShouldStartWith("Invalid filter pattern definition.");
        Create(new MappingChange { Filters = [.. Enumerable.Repeat("""{"body":["x"]}""", 11)] }).Error!.Message
            .ShouldContain("10 are allowed");
    }

    [Fact]
    public void Destination_needsATimeAtWhichMessagesAreGivenUp()
    {
        var change = new MappingChange { OnFailureArn = "arn:aws:sqs:us-east-1:000000000000:failed" };

        Create(change).Error!.Message.ShouldContain("MaximumRetryAttempts");
        Create(change with { RetriesMax = 0 }).Value.Settings.RetriesMax.ShouldBe(0);
        Create(change, around: Around(Queue(redrive: Redrive(3)))).IsSuccess.ShouldBeTrue();
        Create(new MappingChange { RetriesMax = 3 }).Error!.Message.ShouldBe(
            "Unsupported MaximumRetryAttempts parameter for given event source mapping type.");
    }

    [Fact]
    public void Update_changesWhatItNamesOnly()
    {
        var before = Create(new MappingChange { BatchSize = 5, Filters = ["""{"body":["x"]}"""] }).Value
            with { State = MappingState.Enabled };

        var after = Update(before, new MappingChange { BatchSize = 7 }).Value;
        (after.State, after.Settings.BatchSize, after.Settings.Filters.Length).ShouldBe((MappingState.Updating, 7, 1));
        Update(before, new MappingChange { Filters = [] }).Value.Settings.Filters.ShouldBeEmpty();
        Update(before, new MappingChange { Enabled = false }).Value.State.ShouldBe(MappingState.Disabling);
        Update(before with { IsEnabled = false }, new MappingChange { Enabled = true }).Value.State
            .ShouldBe(MappingState.Enabling);
        Update(before, new MappingChange { BatchSize = 20 }).Error!.Message.ShouldBe(BadWindow);
        Update(null, new MappingChange()).Error!.Code.ShouldBe(ErrorCode.ResourceNotFound);
    }

    [Fact]
    public void Mapping_withoutItsQueue_canBePausedButNotChanged()
    {
        var mapping = Create(new MappingChange()).Value;

        UpdateMapping.Apply(mapping, new MappingChange { Enabled = false }, Around(null)).IsSuccess.ShouldBeTrue();
        UpdateMapping.Apply(mapping, new MappingChange { BatchSize = 5 }, Around(null)).IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public void Mapping_thatIsDeleted_isInUseUntilItIsGone()
    {
        var deleted = DeleteMapping.Apply(Create(new MappingChange()).Value, Now).Value;

        deleted.State.ShouldBe(MappingState.Deleting);
        deleted.SettledState.ShouldBeNull();
        DeleteMapping.Apply(deleted, Now).Error!.Code.ShouldBe(ErrorCode.ResourceInUse);
        Update(deleted, new MappingChange { Enabled = true }).Error!.Code.ShouldBe(ErrorCode.ResourceInUse);
        DeleteMapping.Apply(null, Now).Error!.Code.ShouldBe(ErrorCode.ResourceNotFound);
    }

    private static Result<EventSourceMapping> Update(EventSourceMapping? mapping, MappingChange change) =>
        UpdateMapping.Apply(mapping, change, Around(Queue()));
}
