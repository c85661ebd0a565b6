using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Deletes a group with all of its schedules.</summary>
internal static class DeleteScheduleGroupOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("DeleteScheduleGroup", "DELETE", "schedule-groups", true, call => HandleAsync(services, call));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(SchedulerServices services, SchedulerCall call)
    {
        var violations = new ConstraintViolations();
        var token = call.Parameter("clientToken");
        SchedulerCall.CheckName(violations, call.Resource, "name");
        SchedulerCall.CheckToken(violations, token);
        if (violations.ToError() is { } invalid)
        {
            return invalid;
        }

        var deleted = await services.Groups.DeleteAsync(
            new ScheduleGroupId(call.Account, call.Resource), call.Request(token), call.Aborted);
        return deleted.Select(_ => AwsResponse.Json(200, new EmptyShape(), SchedulerJson.Default.EmptyShape));
    }
}
