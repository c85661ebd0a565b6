using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Lists groups in order of their names.</summary>
internal static class ListScheduleGroupsOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("ListScheduleGroups", "GET", "schedule-groups", false, call => Handle(services, call));

    private static ValueTask<Result<AwsResponse>> Handle(SchedulerServices services, SchedulerCall call)
    {
        var violations = new ConstraintViolations();
        call.CheckPrefix(violations);
        call.CheckMarker(violations);
        if (violations.ToError() is { } invalid)
        {
            return new(invalid);
        }

        if (call.PageSize().Failed(out var size, out var badSize)
            || SchedulerPage.Open(services, call).Failed(out var after, out badSize))
        {
            return new(badSize);
        }

        var found = services.Groups.List(call.Account, call.Parameter("NamePrefix") ?? "", after, size + 1);
        return new(AwsResponse.Json(
            200,
            new GroupListShape(
                [.. found.Take(size).Select(group => GroupShape.From(group, services.Schedules.Region))],
                found.Count > size ? SchedulerPage.Seal(services, call, found[size - 1].Id.Name) : null),
            SchedulerJson.Default.GroupListShape));
    }
}
