using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What happened in an execution, event by event.</summary>
internal static class GetExecutionHistoryOperation
{
    private const int ChunkEvents = 100;

    /// <summary>Characters of inputs and outputs after which a page ends.</summary>
    private const int PageLengthMax = 4 * Limits.MiB;

    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("GetExecutionHistory", "executionArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var isOfChild = ChildExecutions.IsNamed(call, out _);
        var arn = call.Input.RequiredText(
            "executionArn", 1, isOfChild ? WorkflowArns.RunLengthMax : WorkflowArns.LengthMax);
        var isReverse = call.Input.Flag("reverseOrder") ?? false;
        var withData = call.Input.Flag("includeExecutionData") ?? true;
        var sealedFor = $"{arn} {isReverse}";
        if (StepFunctionsPage.Read(services, call, sealedFor).Failed(out var page, out var wrong))
        {
            return wrong;
        }

        if (isOfChild)
        {
            return ChildExecutions.FindStandard(services, call, arn).Select(found => Page(
                services,
                call,
                page,
                sealedFor,
                After(found.Child.History, page.After, isReverse),
                new HistoryShapes(
                    found.Record, services.Executions.TaskStatesOf(found.Record), services.Region, withData)));
        }

        if (ExecutionRequests.Find(services, arn).Failed(out var record, out wrong))
        {
            return wrong;
        }

        long? position = page.After.Length == 0 ? null : long.Parse(page.After, CultureInfo.InvariantCulture);
        var events = isReverse
            ? Backwards(services, record, position)
            : Forwards(services, record, position ?? 0);
        var shapes = new HistoryShapes(record, services.Executions.TaskStatesOf(record), services.Region, withData);
        return Page(services, call, page, sealedFor, events, shapes);
    }

    /// <summary>A page ends early when its inputs and outputs are large, so that no answer is beyond measure.</summary>
    private static DataObject Page(
        StepFunctionsServices services,
        StepFunctionsCall call,
        StepFunctionsPage page,
        string sealedFor,
        IEnumerable<JournalEvent> events,
        HistoryShapes shapes)
    {
        List<DataValue> shown = [];
        var length = 0L;
        long? last = null;
        foreach (var happened in events)
        {
            if (shown.Count == page.Size || length >= PageLengthMax)
            {
                return StepFunctionsPage.Answer(
                    services, call, sealedFor, "events", shown, last!.Value.ToString(CultureInfo.InvariantCulture));
            }

            var shape = shapes.Of(happened);
            shown.Add(shape);
            length += LengthOf(shape);
            last = happened.Sequence;
        }

        return StepFunctionsPage.Answer(services, call, sealedFor, "events", shown, null);
    }

    /// <summary>A child's events are told apart by where they stand, for two may come of one of the journal's.
    /// </summary>
    private static IEnumerable<JournalEvent> After(
        IReadOnlyList<JournalEvent> history, string after, bool isReverse)
    {
        var position = after.Length == 0 ? 0 : long.Parse(after, CultureInfo.InvariantCulture);
        var events = history.Select(happened => happened with { Sequence = happened.Id });
        return isReverse
            ? events.Where(happened => position == 0 || happened.Id < position).Reverse()
            : events.Where(happened => happened.Id > position);
    }

    private static long LengthOf(DataValue value) => value switch
    {
        DataText text => text.Value.Length,
        DataObject members => members.Members.Values.Sum(LengthOf),
        _ => 0,
    };

    /// <summary>Events that are shown, after a number.</summary>
    private static IEnumerable<JournalEvent> Forwards(
        StepFunctionsServices services, ExecutionRecord record, long after)
    {
        while (true)
        {
            var read = services.Executions.Journal(record, after + 1, ChunkEvents);
            foreach (var happened in read.Where(happened => happened.Id > 0 && happened.Sequence > after))
            {
                yield return happened;
            }

            if (read.Count < ChunkEvents)
            {
                yield break;
            }

            after = read[^1].Sequence;
        }
    }

    /// <summary>Events that are shown, before a number, the latest first.</summary>
    private static IEnumerable<JournalEvent> Backwards(
        StepFunctionsServices services, ExecutionRecord record, long? before)
    {
        var end = before ?? services.Executions.LastSequence(record) + 1;
        while (end > 1)
        {
            var from = Math.Max(1, end - ChunkEvents);
            var read = services.Executions.Journal(record, from, (int)(end - from) + ChunkEvents)
                .Where(happened => happened.Id > 0 && happened.Sequence >= from && happened.Sequence < end)
                .Reverse();
            foreach (var happened in read)
            {
                yield return happened;
            }

            end = from;
        }
    }
}
