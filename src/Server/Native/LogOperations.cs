using System.Globalization;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Logs;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// GET /v1/logs: the newest lines of an account's functions as JSON lines in the order of their times. With
/// follow=true the response stays open and new lines come as they are written; an empty line shows that it lives.
/// </summary>
/// <remarks>
/// Parameters: function, request, version, since and until (ISO 8601, or a length such as 90s, 15m, 1h, 2d), limit (1
/// to 10,000), grep (text), pattern (CloudWatch's language), where (NAME=VALUE, repeatable), level (and graver),
/// cursor, follow. Headers of the answer say how far back the log goes, and name the page before this one.
/// </remarks>
internal sealed class LogOperations(TelemetryStore telemetry, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public const string OldestHeader = "x-lambent-logs-oldest";
    public const string NextHeader = "x-lambent-logs-next";

    private readonly LogQueryReader reader = new(time);


    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes) =>
        endpoints.Map(routes, "GET", "/v1/logs", ServeAsync);

    private async Task<Error?> ServeAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (reader.Read(http.Request.Query, principal.Account).Failed(out var query, out var invalid))
        {
            return invalid;
        }

        var follow = http.Request.Query["follow"] == "true";

        // Followed before it is read, so that no line falls between the two; what is in both is told once.
        using var tail = follow ? telemetry.Follow(query) : null;
        await telemetry.FlushAsync();
        if (telemetry.ReadLog(query).Failed(out var page, out var failure))
        {
            return failure;
        }

        http.Response.ContentType = "application/x-ndjson";
        if (telemetry.FindOldest(query) is { } oldest)
        {
            http.Response.Headers[OldestHeader] = oldest.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        }

        if (page.NextToken is { } next)
        {
            http.Response.Headers[NextHeader] = next;
        }

        foreach (var entry in page.Items.Reverse())
        {
            await WriteAsync(http, entry);
        }

        await http.Response.Body.FlushAsync(http.RequestAborted);
        if (tail is not null)
        {
            await FollowAsync(http, tail, page.Items.ToHashSet());
        }

        return null;
    }

    private async Task FollowAsync(HttpContext http, LogTail tail, HashSet<LogEntry> told)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            while (true)
            {
                using var heartbeat = new CancellationTokenSource(HeartbeatPeriod, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, heartbeat.Token);
                try
                {
                    if (!await tail.Entries.WaitToReadAsync(either.Token))
                    {
                        return;
                    }

                    while (tail.Entries.TryRead(out var entry))
                    {
                        if (!told.Remove(entry))
                        {
                            await WriteAsync(http, entry);
                        }
                    }
                }
                catch (OperationCanceledException) when (!ending.IsCancellationRequested)
                {
                    await http.Response.Body.WriteAsync(LineEnd, ending.Token);
                }

                await http.Response.Body.FlushAsync(ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader hung up, or the server stops.
        }
    }

    private static async Task WriteAsync(HttpContext http, LogEntry entry)
    {
        var answer = new LogAnswer(
            entry.Time,
            entry.Function.Name,
            entry.Version,
            entry.RequestId,
            entry.EnvironmentId,
            entry.Text,
            entry.Level == LineLevel.None ? null : entry.Level.ToString().ToLowerInvariant());
        var json = JsonSerializer.SerializeToUtf8Bytes(answer, NativeJson.Default.LogAnswer);
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
        await http.Response.Body.WriteAsync(LineEnd, http.RequestAborted);
    }
}
