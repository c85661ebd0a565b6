using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Makes a schedule.</summary>
internal static class CreateScheduleOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("CreateSchedule", "POST", "schedules", true, call => HandleAsync(services, call));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(SchedulerServices services, SchedulerCall call)
    {
        if (call.Json(SchedulerJson.Default.ScheduleRequestShape).Failed(out var shape, out var unreadable)
            || ScheduleSettingsReader.Read(call, shape).Failed(out var read, out unreadable))
        {
            return unreadable;
        }

        var written = await services.Schedules.CreateAsync(
            read.Id, read.Settings, new ScheduleOptions(), call.Request(shape.ClientToken), call.Aborted);
        return written.Select(arn => AwsResponse.Json(
            200, new ScheduleArnShape(arn), SchedulerJson.Default.ScheduleArnShape));
    }
}
