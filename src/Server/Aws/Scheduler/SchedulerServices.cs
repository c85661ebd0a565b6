using Lambent.Server.Aws.Protocols;
using Lambent.Server.Schedules;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>What the operations call.</summary>
internal sealed class SchedulerServices
{
    public required ScheduleService Schedules { get; init; }

    public required ScheduleGroupService Groups { get; init; }

    public required PageMarkers Markers { get; init; }
}
