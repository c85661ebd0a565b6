using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Tags, and the group whose ARN is in the path of the operations on them.</summary>
internal static partial class GroupTags
{
    private const int TagsInRequestMax = 200;
    private const int ArnLengthMax = 1_011;
    private const string ArnPattern =
        @"^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+$";

    /// <summary>The tags of a request, or all that is wrong with it.</summary>
    /// <param name="violations">What was found wrong before.</param>
    /// <param name="shapes">As they came.</param>
    public static Result<ImmutableSortedDictionary<string, string>> Read(
        ConstraintViolations violations, IReadOnlyList<TagShape?> shapes)
    {
        var tags = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (shapes.Count > TagsInRequestMax)
        {
            violations.Add(
                $"{shapes.Count}", "tags", $"Member must have length less than or equal to {TagsInRequestMax}");
        }

        for (var index = 0; index < Math.Min(shapes.Count, TagsInRequestMax); index++)
        {
            var (key, value) = (shapes[index]?.Key, shapes[index]?.Value);
            violations.Required(key, $"tags.{index + 1}.member.key");
            violations.Length(key, $"tags.{index + 1}.member.key", 1, Limits.TagKeyLengthMax);
            violations.Required(value, $"tags.{index + 1}.member.value");
            violations.Length(value, $"tags.{index + 1}.member.value", 1, Limits.TagValueLengthMax);
            tags[key ?? ""] = value ?? "";
        }

        if (violations.ToError() is { } invalid)
        {
            return invalid;
        }

        return tags.Count > Limits.ScheduleGroupTagsMax
            ? new Error(
                ErrorCode.ScheduleQuotaExceeded,
                $"A schedule group has at most {Limits.ScheduleGroupTagsMax} tags.",
                "Tags")
            : tags.ToImmutable();
    }

    /// <summary>The group that the path names, which is not there for other accounts.</summary>
    public static Result<ScheduleGroupId> Group(SchedulerServices services, SchedulerCall call)
    {
        var violations = new ConstraintViolations();
        violations.Length(call.Resource, "resourceArn", 1, ArnLengthMax);
        violations.Pattern(call.Resource, "resourceArn", Arn(), ArnPattern);
        if (violations.ToError() is { } invalid)
        {
            return invalid;
        }

        var match = Arn().Match(call.Resource);
        var id = new ScheduleGroupId(
            AccountId.Parse(match.Groups["account"].Value), match.Groups["name"].Value);
        return id.Account == call.Account && id.Arn(services.Schedules.Region) == call.Resource
            ? id
            : ScheduleErrors.GroupNotFound(id.Name);
    }

    [GeneratedRegex(
        @"^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\-]+:(?<account>[0-9]{12}):schedule-group\/(?<name>[0-9a-zA-Z-_.]+)\z")]
    private static partial Regex Arn();
}
