using Lambent.Kernel;
using Lambent.Kernel.Schedules;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>NextToken of the List operations.</summary>
internal static class SchedulerPage
{
    /// <summary>The position after which the page starts, or null for the first page.</summary>
    public static Result<string?> Open(SchedulerServices services, SchedulerCall call)
    {
        var opened = services.Markers.Open(call.Operation, call.Account, call.Parameter("NextToken"));
        return opened.IsSuccess
            ? opened
            : ScheduleErrors.Invalid("Invalid NextToken: pass the one of the page before.", "NextToken");
    }

    public static string Seal(SchedulerServices services, SchedulerCall call, string position) =>
        services.Markers.Seal(call.Operation, call.Account, position);
}
