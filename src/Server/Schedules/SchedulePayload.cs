using System.Buffers;
using System.Text;
using System.Text.Json;
using Lambent.Kernel.Schedules;

namespace Lambent.Server.Schedules;

/// <summary>What an occurrence hands over.</summary>
internal static class SchedulePayload
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The target's input with the context attributes of AWS filled in, or AWS's own event.</summary>
    public static byte[] Of(Schedule schedule, Occurrence occurrence, string region)
    {
        var arn = schedule.Id.Arn(region);
        return schedule.Settings.Target.Input is { } input
            ? Encoding.UTF8.GetBytes(Fill(input, arn, occurrence))
            : Event(schedule, occurrence, arn, region);
    }

    public static string Fill(string input, string scheduleArn, Occurrence occurrence) =>
        !input.Contains("<aws.scheduler.", StringComparison.Ordinal)
            ? input
            : input
                .Replace("<aws.scheduler.schedule-arn>", scheduleArn, StringComparison.Ordinal)
                .Replace("<aws.scheduler.scheduled-time>", Time(occurrence.ScheduledAt), StringComparison.Ordinal)
                .Replace("<aws.scheduler.execution-id>", occurrence.Id, StringComparison.Ordinal)
                .Replace("<aws.scheduler.attempt-number>", $"{occurrence.Attempt}", StringComparison.Ordinal);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Event(Schedule schedule, Occurrence occurrence, string arn, string region)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "0");
            writer.WriteString("id", occurrence.Id);
            writer.WriteString("detail-type", "Scheduled Event");
            writer.WriteString("source", "aws.scheduler");
            writer.WriteString("account", schedule.Id.Account.Value);
            writer.WriteString("time", Time(occurrence.ScheduledAt));
            writer.WriteString("region", region);
            writer.WriteStartArray("resources");
            writer.WriteStringValue(arn);
            writer.WriteEndArray();
            writer.WriteString("detail", "{}");
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
