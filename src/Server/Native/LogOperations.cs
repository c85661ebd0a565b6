using System.Globalization;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// GET /v1/logs: the newest lines of an account's functions as JSON lines in the order of their times. With
/// follow=true the response stays open and new lines come as they are written; an empty line shows that it lives.
/// </summary>
/// <remarks>
/// Parameters: function, request, since (ISO 8601, or a length such as 90s, 15m, 1h, 2d), limit (1 to 10,000), follow.
/// </remarks>
internal sealed class LogOperations(TelemetryStore telemetry, TimeProvider time, CancellationToken stopping)
{
    private const int LimitDefault = 1_000;
    private const int LimitMax = 10_000;

    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes) =>
        endpoints.Map(routes, "GET", "/v1/logs", ServeAsync);

    private async Task<Error?> ServeAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (ReadQuery(http.Request.Query, principal.Account).Failed(out var query, out var invalid))
        {
            return invalid;
        }

        var follow = http.Request.Query["follow"] == "true";

        // Followed before it is read, so that no line falls between the two; what is in both is told once.
        using var tail = follow ? telemetry.Follow(principal.Account, query.Function, query.RequestId) : null;
        await telemetry.FlushAsync();
        if (telemetry.ReadLog(query).Failed(out var page, out var failure))
        {
            return failure;
        }

        http.Response.ContentType = "application/x-ndjson";
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
            entry.Time, entry.Function.Name, entry.Version, entry.RequestId, entry.EnvironmentId, entry.Text);
        var json = JsonSerializer.SerializeToUtf8Bytes(answer, NativeJson.Default.LogAnswer);
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
        await http.Response.Body.WriteAsync(LineEnd, http.RequestAborted);
    }

    private Result<TelemetryQuery> ReadQuery(IQueryCollection parameters, AccountId account)
    {
        var limit = LimitDefault;
        if (parameters["limit"].ToString() is { Length: > 0 } limitText
            && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > LimitMax))
        {
            return new Error(
                ErrorCode.ValidationFailed, $"limit must be a whole number from 1 to {LimitMax}.", "limit");
        }

        DateTimeOffset? since = null;
        if (parameters["since"].ToString() is { Length: > 0 } sinceText)
        {
            since = ReadSince(sinceText);
            if (since is null)
            {
                return new Error(
                    ErrorCode.ValidationFailed,
                    $"since must be a time such as 2026-11-21T08:00:00Z or a length such as 15m; got '{sinceText}'.",
                    "since");
            }
        }

        return new TelemetryQuery
        {
            Account = account,
            Function = parameters["function"].ToString() is { Length: > 0 } function ? function : null,
            RequestId = parameters["request"].ToString() is { Length: > 0 } request ? request : null,
            Since = since,
            Limit = limit,
            NewestFirst = true,
        };
    }

    private DateTimeOffset? ReadSince(string text)
    {
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
            && count <= 36_500)
        {
            return time.GetUtcNow() - (unit * count);
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
            ? parsed
            : null;
    }
}
