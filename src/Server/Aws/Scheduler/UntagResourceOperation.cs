using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Takes tags from a group.</summary>
internal static class UntagResourceOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("UntagResource", "DELETE", "tags", true, call => HandleAsync(services, call));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(SchedulerServices services, SchedulerCall call)
    {
        if (GroupTags.Group(services, call).Failed(out var group, out var unknown))
        {
            return unknown;
        }

        var violations = new ConstraintViolations();
        if (!call.Query.TryGetValue("TagKeys", out var keys))
        {
            violations.Required(null, "tagKeys");
        }

        foreach (var key in keys)
        {
            violations.Length(key, "tagKeys", 1, Limits.TagKeyLengthMax);
        }

        if (violations.ToError() is { } invalid)
        {
            return invalid;
        }

        var untagged = await services.Groups.UntagAsync(group, [.. keys.OfType<string>()], call.Aborted);
        return untagged.Select(_ => AwsResponse.Json(200, new EmptyShape(), SchedulerJson.Default.EmptyShape));
    }
}
