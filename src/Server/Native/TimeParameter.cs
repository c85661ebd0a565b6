using System.Globalization;
using Lambent.Kernel;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Native;

/// <summary>A time in a query: ISO 8601, or how long ago, such as 90s, 15m, 1h, 2d.</summary>
internal static class TimeParameter
{
    private const int DaysMax = 36_500;

    public static Result<DateTimeOffset?> Read(IQueryCollection parameters, string name, DateTimeOffset now) =>
        Read(parameters[name].ToString(), name, now);

    /// <param name="text">Null or empty: it is not given, and the answer is null.</param>
    public static Result<DateTimeOffset?> Read(string? text, string name, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(text))
        {
            return default(DateTimeOffset?);
        }

        var unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        if (unit > TimeSpan.Zero
            && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= DaysMax)
        {
            return now - (unit * count);
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
            ? parsed.ToUniversalTime()
            : new Error(
                ErrorCode.ValidationFailed,
                $"{name} must be a time such as 2026-11-21T08:00:00Z or a length such as 15m; got '{text}'.",
                name);
    }
}
