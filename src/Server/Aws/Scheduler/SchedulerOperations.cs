namespace Lambent.Server.Aws.Scheduler;

/// <summary>The table of the scheduler's API: one line, one operation, one file.</summary>
internal static class SchedulerOperations
{
    public static IReadOnlyList<SchedulerOperation> All(SchedulerServices services) =>
    [
        // Schedules
        CreateScheduleOperation.Create(services),
        GetScheduleOperation.Create(services),
        UpdateScheduleOperation.Create(services),
        DeleteScheduleOperation.Create(services),
        ListSchedulesOperation.Create(services),

        // Groups
        CreateScheduleGroupOperation.Create(services),
        GetScheduleGroupOperation.Create(services),
        DeleteScheduleGroupOperation.Create(services),
        ListScheduleGroupsOperation.Create(services),

        // Tags
        TagResourceOperation.Create(services),
        UntagResourceOperation.Create(services),
        ListTagsForResourceOperation.Create(services),
    ];
}
