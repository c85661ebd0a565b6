using System.Globalization;

namespace Lambent.Cli.Output;

/// <summary>Numbers and times as people read them.</summary>
internal static class Quantity
{
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{bytes / 1024.0:0.#} KB",
        < 1024L * 1024 * 1024 => $"{bytes / (1024.0 * 1024):0.#} MB",
        _ => $"{bytes / (1024.0 * 1024 * 1024):0.#} GB",
    };

    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => $"{duration.TotalMilliseconds:0} ms",
        { TotalSeconds: < 120 } => $"{duration.TotalSeconds:0.0} s",
        { TotalHours: < 2 } => $"{duration.TotalMinutes:0} min",
        { TotalDays: < 2 } => $"{duration.TotalHours:0} h",
        _ => $"{duration.TotalDays:0} d",
    };

    private static string Age(TimeSpan age) => age.TotalSeconds < 120 ? $"{age.TotalSeconds:0} s" : Duration(age);

    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>How long ago, or the text itself when it is not a time.</summary>
    public static string Since(string? timestamp, DateTimeOffset now) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, out var time)
            ? now - time < TimeSpan.FromSeconds(1) ? "now" : $"{Age(now - time)} ago"
            : timestamp ?? "";
}
