using System.Globalization;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;

namespace Lambent.Sandbox.Channels;

/// <summary>Hands what an environment writes to the telemetry, with the names it is found by.</summary>
internal sealed class EnvironmentLog(
    EnvironmentSpecification specification,
    string environmentId,
    ITelemetrySink telemetry,
    TimeProvider time,
    bool masksSecrets = true)
{
    private static readonly TimeSpan NoticePeriod = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();

    /// <summary>Null for most functions, which costs a line nothing.</summary>
    private readonly SecretMask? mask = masksSecrets ? SecretMask.From(specification.Variables) : null;

    private long noticedAt;
    private long unsaidLines;
    private long unsaidBytes;

    /// <param name="requestId">The call it was written in, or null.</param>
    /// <param name="text">One line or several, UTF-8.</param>
    /// <param name="tail">What the caller of that call gets of its log, or null.</param>
    /// <returns>False when it was dropped.</returns>
    public bool Write(string? requestId, ReadOnlySpan<byte> text, LogTail? tail = null)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        var wanted = telemetry.Wants(specification.Function, text.Length);
        if (mask is null)
        {
            tail?.Append(text);
            if (wanted)
            {
                telemetry.Write(Line(requestId, Encoding.UTF8.GetString(text)));
            }
        }
        else if (wanted || tail is not null)
        {
            var masked = mask.Apply(Encoding.UTF8.GetString(text));
            tail?.Append(Encoding.UTF8.GetBytes(masked));
            if (wanted)
            {
                telemetry.Write(Line(requestId, masked));
            }
        }

        return wanted;
    }

    /// <summary>
    /// Lines were dropped where they came from: counts them, and says so in the log itself, once a second at most.
    /// </summary>
    public void Drop(string? requestId, long lines, long bytes)
    {
        telemetry.Drop(specification.Function, lines, bytes);
        lock (gate)
        {
            unsaidLines += lines;
            unsaidBytes += bytes;
            var now = time.GetTimestamp();
            if (noticedAt != 0 && time.GetElapsedTime(noticedAt, now) < NoticePeriod)
            {
                return;
            }

            noticedAt = now;
            (lines, bytes) = (unsaidLines, unsaidBytes);
            (unsaidLines, unsaidBytes) = (0, 0);
        }

        telemetry.Write(Line(requestId, Notice(lines, bytes)) with { IsNotice = true });
    }

    private static string Notice(long lines, long bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $"[lambent] {lines} lines of log ({bytes} bytes) were dropped: one environment may write "
        + $"{Limits.EnvironmentLogLinesPerSecond} lines and {Limits.EnvironmentLogBytesPerSecond / Limits.MiB} MiB "
        + $"a second\n");

    private LogLine Line(string? requestId, string text) => new(
        specification.Function,
        specification.Version,
        environmentId,
        requestId,
        time.GetUtcNow(),
        text)
    {
        Specification = specification,
    };
}
