using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Lists schedules in order of group and name.</summary>
internal static class ListSchedulesOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("ListSchedules", "GET", "schedules", false, call => Handle(services, call));

    private static ValueTask<Result<AwsResponse>> Handle(SchedulerServices services, SchedulerCall call)
    {
        var violations = new ConstraintViolations();
        var group = call.Parameter("ScheduleGroup");
        var state = call.Parameter("State");
        call.CheckPrefix(violations);
        call.CheckMarker(violations);
        violations.OneOf(state, "state", ["ENABLED", "DISABLED"]);
        if (group is not null)
        {
            SchedulerCall.CheckName(violations, group, "scheduleGroup");
        }

        if (violations.ToError() is { } invalid)
        {
            return new(invalid);
        }

        if (call.PageSize().Failed(out var size, out var badSize)
            || SchedulerPage.Open(services, call).Failed(out var after, out badSize))
        {
            return new(badSize);
        }

        bool? isEnabled = state is null ? null : state == "ENABLED";
        var filter = new ScheduleFilter(group, call.Parameter("NamePrefix") ?? "", isEnabled, Position(after));
        return new(services.Schedules.List(call.Account, filter, size + 1).Select(found => AwsResponse.Json(
            200,
            new ScheduleListShape(
                [.. found.Take(size).Select(
                    schedule => ScheduleSummaryShape.From(schedule, services.Schedules.Region))],
                found.Count > size
                    ? SchedulerPage.Seal(services, call, $"{found[size - 1].Id.Group}/{found[size - 1].Id.Name}")
                    : null),
            SchedulerJson.Default.ScheduleListShape)));
    }

    private static (string Group, string Name)? Position(string? after) =>
        after?.Split('/') is [var group, var name] ? (group, name) : null;
}
