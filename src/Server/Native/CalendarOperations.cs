using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Lambent.Server.Schedules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>/v1/schedules/calendar and /v1/schedules/preview: when schedules fire, fired, and would.</summary>
internal sealed class CalendarOperations(ScheduleCalendar calendar, TimeProvider time)
{
    private const int DaysMax = 62;
    private const int PreviewDefault = 5;
    private const int PreviewMax = 100;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/schedules/calendar", CalendarAsync);
        endpoints.Map(routes, "POST", "/v1/schedules/preview", PreviewAsync);
    }

    private async Task<Error?> CalendarAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var query = http.Request.Query;
        var now = time.GetUtcNow();
        if (TimeParameter.Read(query, "from", now).Failed(out var since, out var wrong)
            || TimeParameter.Read(query, "to", now).Failed(out var until, out wrong))
        {
            return wrong;
        }

        var from = since ?? now;
        var to = until ?? from.AddDays(7);
        if (to <= from || to - from > TimeSpan.FromDays(DaysMax))
        {
            return Invalid($"to must be after from, by at most {DaysMax} days.", "to");
        }

        var named = (string?)query["zone"] is { Length: > 0 } text ? text : "UTC";
        if (ScheduleBook.Zone(named) is not { } zone)
        {
            return Invalid($"There is no time zone '{named}'.", "zone");
        }

        ScheduleId? only = null;
        if ((string?)query["name"] is { Length: > 0 } name)
        {
            var group = (string?)query["group"] is { Length: > 0 } given ? given : ScheduleGroupId.DefaultName;
            only = new ScheduleId(principal.Account, group, name);
        }

        var (entries, isComplete) = calendar.Days(principal.Account, only, from, to, zone);
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new CalendarAnswer(from, to, named, [.. entries.Select(DayAnswer.From)], isComplete),
            CalendarJson.Default.CalendarAnswer);
        return null;
    }

    private async Task<Error?> PreviewAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (NativeEndpoints.Read(body, CalendarJson.Default.PreviewRequest).Failed(out var request, out var wrong))
        {
            return wrong;
        }

        if (string.IsNullOrEmpty(request.Expression))
        {
            return Invalid("expression is missing.", "expression");
        }

        if (request.Count is < 1 or > PreviewMax)
        {
            return Invalid($"count must be from 1 to {PreviewMax}.", "count");
        }

        var settings = new ScheduleSettings
        {
            Expression = request.Expression,
            Zone = request.Zone ?? "UTC",
            StartAt = request.StartAt?.ToUniversalTime(),
            EndAt = request.EndAt?.ToUniversalTime(),
            Target = new ScheduleTarget { Arn = "", RoleArn = "" },
        };
        var options = new ScheduleOptions { RunsMax = request.Runs };
        if (calendar.Preview(settings, options, request.Count ?? PreviewDefault).Failed(out var times, out var refused))
        {
            return refused;
        }

        await NativeEndpoints.WriteAsync(http, 200, new PreviewAnswer(times), CalendarJson.Default.PreviewAnswer);
        return null;
    }

    private static Error Invalid(string message, string field) => new(ErrorCode.InvalidParameter, message, field);
}
