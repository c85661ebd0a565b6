using System.CommandLine.Completions;

namespace Lambent.Cli.Completion;

/// <summary>
/// Marks an argument that names something on the server. The parser asks for candidates synchronously, so the source
/// answers with a mark, which the complete verb replaces by the live names.
/// </summary>
internal static class ResourceNames
{
    /// <summary>No name can contain it.</summary>
    public const string FunctionsMark = "\0functions";

    public const string SchedulesMark = "\0schedules";

    public const string MachinesMark = "\0machines";

    public const string ExecutionsMark = "\0executions";

    // The mark is filtered by the word typed so far as every candidate is, hence the word in its label.
    public static IEnumerable<CompletionItem> Functions(CompletionContext context) =>
        [new CompletionItem(context.WordToComplete + FunctionsMark)];

    public static IEnumerable<CompletionItem> Schedules(CompletionContext context) =>
        [new CompletionItem(context.WordToComplete + SchedulesMark)];

    public static IEnumerable<CompletionItem> Machines(CompletionContext context) =>
        [new CompletionItem(context.WordToComplete + MachinesMark)];

    public static IEnumerable<CompletionItem> Executions(CompletionContext context) =>
        [new CompletionItem(context.WordToComplete + ExecutionsMark)];
}
