using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Lambent.Server.Schedules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// /v1/schedules: what AWS's scheduler has no call for. A limit of runs, what happens to occurrences that were missed
/// or overlap, the next times, firing by hand.
/// </summary>
internal sealed class ScheduleOperations(ScheduleService schedules)
{
    private const string Path = "/v1/schedules/{group}/{name}";

    /// <summary>Times shown, of one schedule and of all together.</summary>
    private const int UpcomingMax = 10;

    private const int SchedulesMax = 1_000;
    private const int MissedMax = 100;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/schedules", ListAsync);
        endpoints.Map(routes, "GET", Path, GetAsync);
        endpoints.Map(routes, "PUT", Path, PutAsync, 4 * Limits.MiB);
        endpoints.Map(routes, "POST", Path + "/pause", (http, who, _) => EnableAsync(http, who, isEnabled: false));
        endpoints.Map(routes, "POST", Path + "/resume", (http, who, _) => EnableAsync(http, who, isEnabled: true));
        endpoints.Map(routes, "POST", Path + "/run", RunAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var account = principal.Account;
        if (schedules.List(account, new ScheduleFilter(), SchedulesMax + 1).Failed(out var found, out var failure))
        {
            return failure;
        }

        var answer = new SchedulesAnswer(
            [.. found.Take(SchedulesMax).Select(schedule => Describe(schedule, 1))],
            [.. schedules.Upcoming(account, UpcomingMax)
                .Select(fire => new UpcomingAnswer(fire.Schedule.Id.Group, fire.Schedule.Id.Name, fire.At))],
            [.. schedules.Missed(account, MissedMax).Select(row => MissedAnswer.From(row.Id, row.Missed))],
            found.Count <= SchedulesMax);
        await NativeEndpoints.WriteAsync(http, 200, answer, ScheduleJson.Default.SchedulesAnswer);
        return null;
    }

    private Task<Error?> GetAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body) =>
        AnswerAsync(http, schedules.Get(Id(http, principal)));

    private async Task<Error?> PutAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var id = Id(http, principal);
        if (NativeEndpoints.Read(body, ScheduleJson.Default.PutScheduleRequest).Failed(out var request, out var wrong)
            || ScheduleRequestReader.Read(id, request, schedules.Region).Failed(out var read, out wrong))
        {
            return wrong;
        }

        var written = request.MustBeNew == true
            ? await schedules.CreateAsync(
                id, read.Settings, read.Options, ScheduleRequest.WithoutToken, http.RequestAborted)
            : await schedules.PutAsync(id, read.Settings, read.Options, http.RequestAborted);
        return await AnswerAsync(http, written.Then(_ => schedules.Get(id)));
    }

    private async Task<Error?> EnableAsync(HttpContext http, Principal principal, bool isEnabled)
    {
        var id = Id(http, principal);
        var written = await schedules.EnableAsync(id, isEnabled, http.RequestAborted);
        return await AnswerAsync(http, written.Then(_ => schedules.Get(id)));
    }

    private async Task<Error?> RunAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var id = Id(http, principal);
        var ran = await schedules.RunAsync(id, http.RequestAborted);
        if (ran.Failed(out var delivery, out var refused))
        {
            return refused;
        }

        await NativeEndpoints.WriteAsync(
            http,
            200,
            new ScheduleRunAnswer(id.Group, id.Name, delivery),
            ScheduleJson.Default.ScheduleRunAnswer);
        return null;
    }

    private async Task<Error?> AnswerAsync(HttpContext http, Result<Schedule> result)
    {
        if (result.Failed(out var schedule, out var refused))
        {
            return refused;
        }

        var missed = schedules.Missed(schedule.Id, MissedMax).Select(row => MissedAnswer.From(schedule.Id, row));
        await NativeEndpoints.WriteAsync(
            http,
            200,
            Describe(schedule, UpcomingMax) with { Missed = [.. missed] },
            ScheduleJson.Default.ScheduleAnswer);
        return null;
    }

    private ScheduleAnswer Describe(Schedule schedule, int times) =>
        ScheduleAnswer.From(schedule, schedules.Region, schedules.Upcoming(schedule, times));

    private static ScheduleId Id(HttpContext http, Principal principal) => new(
        principal.Account,
        http.Request.RouteValues["group"] as string ?? "",
        http.Request.RouteValues["name"] as string ?? "");
}
