using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Makes a group of schedules.</summary>
internal static class CreateScheduleGroupOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("CreateScheduleGroup", "POST", "schedule-groups", true, call => HandleAsync(services, call));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(SchedulerServices services, SchedulerCall call)
    {
        if (call.Json(SchedulerJson.Default.GroupRequestShape).Failed(out var shape, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        SchedulerCall.CheckName(violations, call.Resource, "name");
        SchedulerCall.CheckToken(violations, shape.ClientToken);
        if (GroupTags.Read(violations, shape.Tags ?? []).Failed(out var tags, out var invalid))
        {
            return invalid;
        }

        var created = await services.Groups.CreateAsync(
            new ScheduleGroupId(call.Account, call.Resource), tags, call.Request(shape.ClientToken), call.Aborted);
        return created.Select(arn => AwsResponse.Json(
            200, new GroupArnShape(arn), SchedulerJson.Default.GroupArnShape));
    }
}
