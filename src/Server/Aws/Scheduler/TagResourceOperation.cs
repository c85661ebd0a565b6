using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Sets tags of a group.</summary>
internal static class TagResourceOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("TagResource", "POST", "tags", true, call => HandleAsync(services, call));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(SchedulerServices services, SchedulerCall call)
    {
        if (call.Json(SchedulerJson.Default.TagsShape).Failed(out var shape, out var unreadable)
            || GroupTags.Group(services, call).Failed(out var group, out unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        violations.Required(shape.Tags, "tags");
        if (GroupTags.Read(violations, shape.Tags ?? []).Failed(out var tags, out var invalid))
        {
            return invalid;
        }

        var tagged = await services.Groups.TagAsync(group, tags, call.Aborted);
        return tagged.Select(_ => AwsResponse.Json(200, new EmptyShape(), SchedulerJson.Default.EmptyShape));
    }
}
