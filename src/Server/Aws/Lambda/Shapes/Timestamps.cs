using System.Globalization;

namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>Times as the Lambda API writes them: 2026-11-21T08:00:00.000+0000.</summary>
internal static class Timestamps
{
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);
}
