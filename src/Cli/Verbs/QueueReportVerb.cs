using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent queue describe</c> and <c>lambent ls queues</c>: how queues stand, and why messages wait.
/// </summary>
internal sealed class QueueReportVerb() : Verb("describe", "Say how many messages wait, how fast they go, and why")
{
    private readonly Argument<string> name = new("NAME") { Description = "The queue's name", HelpName = "NAME" };

    protected override IEnumerable<Symbol> Symbols => [name];

    public static async Task ListAsync(CommandContext context, ServerClient server, CancellationToken cancellation)
    {
        var all = await new QueueReportApi(server).AllAsync(cancellation);
        ListVerb.Write(
            context, "queues", [.. all.Select(answer => (Answer: answer, Queue: Read(answer)))],
            ["NAME", "WAITING", "IN FLIGHT", "DELAYED", "DEAD", "OLDEST", "IN/S", "OUT/S", "TIMEOUT", "WHY"],
            row =>
            [
                row.Queue.Name, $"{row.Queue.Waiting}", $"{row.Queue.InFlight}", $"{row.Queue.Delayed}",
                row.Queue.Dead is { } dead ? $"{dead}" : "-", Age(row.Queue), Rate(row.Queue.ArrivalsPerSecond),
                Rate(row.Queue.DrainPerSecond), $"{row.Queue.VisibilityTimeoutSeconds} s",
                row.Queue.Why is [var first, ..] ? first.Code : "",
            ],
            (writer, row) => Pass(writer, row.Answer),
            "lambent queue create NAME");
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        using var server = context.Connect();
        var answer = await new QueueReportApi(server).DescribeAsync(context.Value(name), cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.queue-report/1", writer => Pass(writer, answer));
            return ExitCode.Ok;
        }

        Print(context, Read(answer));
        return ExitCode.Ok;
    }

    /// <summary>All members of an answer.</summary>
    internal static void Pass(Utf8JsonWriter writer, JsonElement answer)
    {
        foreach (var member in answer.EnumerateObject())
        {
            member.WriteTo(writer);
        }
    }

    private static void Print(CommandContext context, QueueReport queue)
    {
        var table = new ColumnTable("QUEUE", queue.Name);
        table.Add("kind", (queue.Fifo ? "FIFO" : "standard") + (queue.Priorities ? ", with priorities" : ""));
        table.Add("waiting", $"{queue.Waiting}");
        table.Add("in flight", $"{queue.InFlight}");
        table.Add("delayed", $"{queue.Delayed}");
        table.Add("dead", queue.Dead is { } dead ? $"{dead} in {queue.DeadLetterQueue}" : "no dead-letter queue");
        table.Add("oldest", Age(queue));
        table.Add("arrive", $"{Rate(queue.ArrivalsPerSecond)}/s, {queue.Sent} since the start");
        table.Add("received", $"{Rate(queue.ReceivesPerSecond)}/s, {queue.Received} since the start, "
            + $"{queue.EmptyReceives} receives found nothing");
        table.Add("worked off", $"{Rate(queue.DrainPerSecond)}/s, {queue.Deleted} since the start"
            + (queue.Filtered > 0 ? $", {queue.Filtered} of them by filters" : ""));
        var output = context.Terminal.Output;
        table.Write(output);
        if (queue.Consumers.Count > 0)
        {
            output.WriteLine();
            var consumers = new ColumnTable("CONSUMER", "STATE", "RUNNING", "LIMIT", "PROBLEM");
            queue.Consumers.ForEach(one => consumers.Add(
                one.Name, one.State, $"{one.Running}", $"{one.Limit}", one.Problem ?? "-"));
            consumers.Write(output);
        }

        output.WriteLine();
        queue.Why.ForEach(reason => context.Terminal.Print(reason.Text));
    }

    private static QueueReport Read(JsonElement answer) =>
        QueueReportApi.As(answer, QueueReportJson.Default.QueueReport);

    private static string Age(QueueReport queue) =>
        queue.OldestAgeSeconds is { } seconds ? Quantity.Duration(TimeSpan.FromSeconds(seconds)) : "-";

    private static string Rate(double perSecond) => perSecond.ToString("0.##", CultureInfo.InvariantCulture);
}
