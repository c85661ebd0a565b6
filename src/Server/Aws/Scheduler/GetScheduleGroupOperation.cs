using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Reads a group of schedules.</summary>
internal static class GetScheduleGroupOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("GetScheduleGroup", "GET", "schedule-groups", true, call => Handle(services, call));

    private static ValueTask<Result<AwsResponse>> Handle(SchedulerServices services, SchedulerCall call)
    {
        var violations = new ConstraintViolations();
        SchedulerCall.CheckName(violations, call.Resource, "name");
        if (violations.ToError() is { } invalid)
        {
            return new(invalid);
        }

        return new(services.Groups.Get(new ScheduleGroupId(call.Account, call.Resource)).Select(
            group => AwsResponse.Json(
                200, GroupShape.From(group, services.Schedules.Region), SchedulerJson.Default.GroupShape)));
    }
}
