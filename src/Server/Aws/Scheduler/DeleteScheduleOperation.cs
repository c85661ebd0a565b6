using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Deletes a schedule; what it handed over already goes on.</summary>
internal static class DeleteScheduleOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("DeleteSchedule", "DELETE", "schedules", true, call => HandleAsync(services, call));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(SchedulerServices services, SchedulerCall call)
    {
        var violations = new ConstraintViolations();
        var group = call.Parameter("groupName") ?? ScheduleGroupId.DefaultName;
        var token = call.Parameter("clientToken");
        SchedulerCall.CheckName(violations, call.Resource, "name");
        SchedulerCall.CheckName(violations, group, "groupName");
        SchedulerCall.CheckToken(violations, token);
        if (violations.ToError() is { } invalid)
        {
            return invalid;
        }

        var deleted = await services.Schedules.DeleteAsync(
            new ScheduleId(call.Account, group, call.Resource), call.Request(token), call.Aborted);
        return deleted.Select(_ => AwsResponse.Json(200, new EmptyShape(), SchedulerJson.Default.EmptyShape));
    }
}
