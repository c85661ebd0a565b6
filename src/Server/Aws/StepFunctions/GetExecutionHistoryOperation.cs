using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What happened in an execution, event by event.</summary>
internal static class GetExecutionHistoryOperation
{
    private const int ChunkEvents = 1_000;

    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("GetExecutionHistory", "executionArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = call.Input.RequiredText("executionArn", 1, WorkflowArns.LengthMax);
        var isReverse = call.Input.Flag("reverseOrder") ?? false;
        var withData = call.Input.Flag("includeExecutionData") ?? true;
        var sealedFor = $"{arn} {isReverse}";
        if (StepFunctionsPage.Read(services, call, sealedFor).Failed(out var page, out var wrong)
            || ExecutionRequests.Find(services, arn).Failed(out var record, out wrong))
        {
            return wrong;
        }

        long? position = page.After.Length == 0 ? null : long.Parse(page.After, CultureInfo.InvariantCulture);
        var events = isReverse
            ? Backwards(services, record, position, page.Size + 1)
            : Forwards(services, record, position ?? 0, page.Size + 1);
        var shapes = new HistoryShapes(record, services.Executions.TaskStatesOf(record), services.Region, withData);
        return page.Answer(
            services,
            call,
            sealedFor,
            "events",
            events,
            shapes.Of,
            happened => happened.Sequence.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Events that are shown, after a number.</summary>
    private static List<JournalEvent> Forwards(
        StepFunctionsServices services, ExecutionRecord record, long after, int count)
    {
        List<JournalEvent> shown = [];
        while (true)
        {
            var read = services.Executions.Journal(record, after + 1, ChunkEvents);
            shown.AddRange(read
                .Where(happened => happened.Id > 0 && happened.Sequence > after)
                .Take(count - shown.Count));
            if (shown.Count == count || read.Count < ChunkEvents)
            {
                return shown;
            }

            after = read[^1].Sequence;
        }
    }

    /// <summary>Events that are shown, before a number, the latest first.</summary>
    private static List<JournalEvent> Backwards(
        StepFunctionsServices services, ExecutionRecord record, long? before, int count)
    {
        List<JournalEvent> shown = [];
        var end = before ?? services.Executions.LastSequence(record) + 1;
        while (shown.Count < count && end > 1)
        {
            var from = Math.Max(1, end - ChunkEvents);
            var read = services.Executions.Journal(record, from, (int)(end - from) + ChunkEvents)
                .Where(happened => happened.Id > 0 && happened.Sequence >= from && happened.Sequence < end)
                .Reverse();
            shown.AddRange(read.Take(count - shown.Count));
            end = from;
        }

        return shown;
    }
}
