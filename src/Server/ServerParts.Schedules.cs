using Lambent.Kernel.Storage;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Aws.Scheduler;
using Lambent.Server.Native;
using Lambent.Server.Schedules;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>Schedules: their loop, AWS's API and ours.</summary>
internal sealed partial class ServerParts
{
    public SchedulerEndpoint Scheduler { get; private set; } = null!;

    public ScheduleOperations ScheduleOperations { get; private set; } = null!;

    public CalendarOperations CalendarOperations { get; private set; } = null!;

    private ScheduleRunner ScheduleRunner { get; set; } = null!;

    private async Task OpenSchedulesAsync(
        ServerOptions options,
        IStore store,
        AccessKeySource keys,
        RequestIds ids,
        CancellationToken cancellation)
    {
        var (region, time) = (options.Region, options.Time);
        var book = new ScheduleBook();
        var handover = new ScheduleHandover(TargetWriter, ExecutionWriter, region);
        ScheduleRunner = OwnAsync(new ScheduleRunner(
            store, book, handover, Delivery.Endings, ids.Next, time, Loggers.CreateLogger<ScheduleRunner>()));
        var schedules = new ScheduleService(
            store, book, new ScheduleRules(book, region), handover, ScheduleRunner, ids.Next, region, time);
        var groups = new ScheduleGroupService(store, region, time);
        await groups.ResumeDeletionsAsync();
        var operations = SchedulerOperations.All(new SchedulerServices
        {
            Schedules = schedules, Groups = groups, Markers = await PageMarkers.LoadAsync(store, cancellation),
        });
        var verifier = new SignatureVerifier(keys, new SignatureScope(region, SchedulerEndpoint.Service), time);
        Scheduler = new SchedulerEndpoint(
            verifier, operations, ids.Next, Loggers.CreateLogger<SchedulerEndpoint>());
        ScheduleOperations = new ScheduleOperations(schedules);
        CalendarOperations = new CalendarOperations(new ScheduleCalendar(store, book, time), time);
    }
}
