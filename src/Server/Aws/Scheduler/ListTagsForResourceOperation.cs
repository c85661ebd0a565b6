using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Lists the tags of a group.</summary>
internal static class ListTagsForResourceOperation
{
    public static SchedulerOperation Create(SchedulerServices services) =>
        new("ListTagsForResource", "GET", "tags", true, call => Handle(services, call));

    private static ValueTask<Result<AwsResponse>> Handle(SchedulerServices services, SchedulerCall call) =>
        new(GroupTags.Group(services, call).Then(services.Groups.Get).Select(group => AwsResponse.Json(
            200,
            new TagsShape([.. group.Tags.Select(tag => new TagShape(tag.Key, tag.Value))]),
            SchedulerJson.Default.TagsShape)));
}
