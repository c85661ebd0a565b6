using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Reads a schedule.</summary>
internal static class GetScheduleOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("GetSchedule", "GET", "schedules", true, call => Handle(services, call));

    private static ValueTask<Result<AwsResponse>> Handle(SchedulerServices services, SchedulerCall call)
    {
        var violations = new ConstraintViolations();
        var group = call.Parameter("groupName") ?? ScheduleGroupId.DefaultName;
        SchedulerCall.CheckName(violations, call.Resource, "name");
        SchedulerCall.CheckName(violations, group, "groupName");
        if (violations.ToError() is { } invalid)
        {
            return new(invalid);
        }

        return new(services.Schedules.Get(new ScheduleId(call.Account, group, call.Resource)).Select(
            schedule => AwsResponse.Json(
                200,
                ScheduleShape.From(schedule, services.Schedules.Region),
                SchedulerJson.Default.ScheduleShape)));
    }
}
