using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent ls schedules</c>: schedules, the next ten times of all, and what did not fire.</summary>
internal static class ScheduleList
{
    public static async Task WriteAsync(
        CommandContext context, ServerClient server, string? named, CancellationToken cancellation)
    {
        var schedules = new ScheduleApi(server);
        var answer = named is null
            ? await schedules.ListAsync(cancellation)
            : Alone(await schedules.GetAsync(GroupOf(named), NameOf(named), cancellation));
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.schedules/1", writer => WriteJson(writer, answer));
            return;
        }

        if (answer.Schedules.Count == 0)
        {
            context.Note("no schedules yet; next: lambent schedule create NAME --when EXPRESSION --function NAME");
            return;
        }

        WriteTables(context, answer);
    }

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void WriteTables(CommandContext context, SchedulesAnswer answer)
    {
        var table = new ColumnTable("NAME", "WHEN", "ZONE", "STATE", "NEXT", "FIRED", "MISSED", "TARGET");
        foreach (var schedule in answer.Schedules)
        {
            table.Add(
                Named(schedule.Group, schedule.Name),
                schedule.Expression,
                schedule.Zone,
                StateOf(schedule),
                schedule.Next.Count > 0 ? Time(schedule.Next[0]) : "-",
                $"{schedule.Fired}",
                $"{schedule.MissedCount}",
                schedule.Target.Split(':', 6)[^1]);
        }

        var output = context.Terminal.Output;
        table.Write(output);
        if (!answer.IsComplete)
        {
            context.Note("these are the first 1,000; the others are in: aws scheduler list-schedules");
        }

        if (answer.Schedules.Exists(schedule => schedule.Waiting is { Count: > 0 }))
        {
            output.WriteLine();
            var waiting = new ColumnTable("WAITING", "SCHEDULE");
            foreach (var schedule in answer.Schedules)
            {
                (schedule.Waiting ?? []).ForEach(at => waiting.Add(Time(at), Named(schedule.Group, schedule.Name)));
            }

            waiting.Write(output);
        }

        if (answer.Upcoming.Count > 0)
        {
            output.WriteLine();
            var next = new ColumnTable("NEXT TIMES", "SCHEDULE");
            answer.Upcoming.ForEach(fire => next.Add(Time(fire.At), Named(fire.Group, fire.Name)));
            next.Write(output);
        }

        if (answer.Missed.Count > 0)
        {
            output.WriteLine();
            var missed = new ColumnTable("MISSED", "SCHEDULE", "COUNT", "WHY");
            answer.Missed.ForEach(row => missed.Add(
                row.Count == 1 ? Time(row.FirstAt) : $"{Time(row.FirstAt)} to {Time(row.LastAt)}",
                Named(row.Group, row.Name),
                $"{row.Count}",
                Why(row)));
            missed.Write(output);
        }
    }

    private static string StateOf(ScheduleEntry schedule) => schedule.State
        + (schedule.Held > 0 ? $", {schedule.Held} tried again" : "")
        + (schedule.Waiting is { Count: > 0 } waiting ? $", {waiting.Count} waiting" : "");

    private static string Why(MissedEntry row) => row.Reason switch
    {
        "late" => "no server ran when it was due",
        "overlap" => "the one before was still being worked on, or too many waited",
        _ => row.Detail ?? "the target did not take it",
    };

    private static void WriteJson(Utf8JsonWriter writer, SchedulesAnswer answer)
    {
        writer.WriteStartArray("schedules");
        foreach (var schedule in answer.Schedules)
        {
            JsonSerializer.Serialize(
                writer, schedule with { Missed = null }, ScheduleJson.Default.ScheduleEntry);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("upcoming");
        foreach (var fire in answer.Upcoming)
        {
            writer.WriteStartObject();
            writer.WriteString("name", fire.Name);
            writer.WriteString("group", fire.Group);
            writer.WriteString("at", fire.At);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("missed");
        foreach (var row in answer.Missed)
        {
            writer.WriteStartObject();
            writer.WriteString("name", row.Name);
            writer.WriteString("group", row.Group);
            writer.WriteString("firstAt", row.FirstAt);
            writer.WriteString("lastAt", row.LastAt);
            writer.WriteNumber("count", row.Count);
            writer.WriteString("reason", row.Reason);
            writer.WriteString("detail", row.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static SchedulesAnswer Alone(ScheduleEntry schedule) => new()
    {
        Schedules = [schedule],
        Upcoming =
        [
            .. schedule.Next.Select(
                at => new UpcomingEntry { Group = schedule.Group, Name = schedule.Name, At = at }),
        ],
        Missed = schedule.Missed ?? [],
    };

    private static string Named(string group, string name) => group == "default" ? name : $"{group}/{name}";

    private static string GroupOf(string named) => named.Contains('/') ? named.Split('/', 2)[0] : "default";

    private static string NameOf(string named) => named.Split('/', 2)[^1];
}
