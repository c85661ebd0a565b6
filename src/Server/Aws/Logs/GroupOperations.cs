using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Aws.Logs;

/// <summary>Groups: made, listed, kept for some days, tagged, deleted.</summary>
internal sealed class GroupOperations(LogsServices services)
{
    private const int PageMax = 50;

    private static readonly int[] RetentionDays =
    [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ];

    private LogGroupStore Groups => services.Store.Groups;

    public IEnumerable<LogsOperation> All() =>
    [
        new("CreateLogGroup", CreateAsync),
        new("DeleteLogGroup", DeleteAsync),
        new("DescribeLogGroups", Describe),
        new("PutRetentionPolicy", PutRetentionAsync),
        new("DeleteRetentionPolicy", call => ChangeAsync(call, group => group with { RetentionDays = null })),
        new("TagResource", call => TagAsync(call, ArnOf(call))),
        new("UntagResource", call => UntagAsync(call, ArnOf(call), "tagKeys")),
        new("ListTagsForResource", call => ListTags(call, ArnOf(call))),
        new("TagLogGroup", call => TagAsync(call, NameOf(call))),
        new("UntagLogGroup", call => UntagAsync(call, NameOf(call), "tags")),
        new("ListTagsLogGroup", call => ListTags(call, NameOf(call))),
    ];

    private static string NameOf(LogsCall call)
    {
        var name = call.Input.GroupName("logGroupName");
        call.Input.Require("logGroupName");
        return name ?? "";
    }

    private string ArnOf(LogsCall call)
    {
        var arn = call.Input.RequiredText("resourceArn", 1, 1_011);
        var group = arn.StartsWith("arn:", StringComparison.Ordinal) ? LogArns.GroupOf(arn, services.Region) : null;
        if (group is null && call.Input.Has("resourceArn"))
        {
            call.Input.Violate("resourceArn", arn, "Member must be the ARN of a log group of this region");
        }

        return group ?? "";
    }

    private async Task<Result<DataObject>> CreateAsync(LogsCall call)
    {
        var name = NameOf(call);
        var tags = call.Input.Tags();
        call.Input.OneOf("logGroupClass", "STANDARD", "INFREQUENT_ACCESS", "DELIVERY");
        var key = call.Input.Text("kmsKeyId", 0, 256);
        var isProtected = call.Input.Flag("deletionProtectionEnabled");
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (key is not null || isProtected == true)
        {
            return new Error(
                ErrorCode.NotSupported,
                "kmsKeyId and deletionProtectionEnabled are not supported here: the log is as safe as the disk is.");
        }

        if (Groups.List(call.Account).Count >= Limits.LogGroupsMax)
        {
            return new Error(ErrorCode.LimitExceeded, $"An account has at most {Limits.LogGroupsMax} log groups.");
        }

        return await Groups.CreateAsync(call.Account, name, tags)
            ? DataObject.Empty
            : new Error(ErrorCode.ResourceConflict, "The specified log group already exists");
    }

    private async Task<Result<DataObject>> DeleteAsync(LogsCall call)
    {
        var name = NameOf(call);
        return call.Input.Failure is { } invalid ? invalid
            : await Groups.DeleteAsync(call.Account, name) ? DataObject.Empty
            : LogsErrors.NoGroup();
    }

    private Result<DataObject> Describe(LogsCall call)
    {
        var prefix = call.Input.GroupName("logGroupNamePrefix") ?? "";
        var pattern = call.Input.Text("logGroupNamePattern", 0, Limits.LogGroupNameLengthMax) ?? "";
        var limit = (int)(call.Input.Integer("limit", 1, PageMax) ?? PageMax);
        var token = call.Input.Text("nextToken");
        call.Input.Flag("includeLinkedAccounts");
        call.Input.Texts("accountIdentifiers");
        call.Input.Texts("logGroupIdentifiers");
        call.Input.OneOf("logGroupClass", "STANDARD", "INFREQUENT_ACCESS", "DELIVERY");
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (prefix.Length > 0 && pattern.Length > 0)
        {
            return new Error(
                ErrorCode.InvalidParameter,
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        if (services.Markers.Open(call.Operation, call.Account, token).Failed(out var after, out _))
        {
            return LogsErrors.WrongToken();
        }

        var found = Groups.List(call.Account)
            .Where(group => string.CompareOrdinal(group.Name, after ?? "") > 0
                && group.Name.StartsWith(prefix, StringComparison.Ordinal)
                && group.Name.Contains(pattern, StringComparison.OrdinalIgnoreCase))
            .Take(limit + 1)
            .ToList();
        var shapes = found.Take(limit).Select(group => (DataValue)Shape(call, group));
        var page = new DataObject(("logGroups", new DataArray([.. shapes])));
        return found.Count > limit
            ? page.With("nextToken", services.Markers.Seal(call.Operation, call.Account, found[limit - 1].Name))
            : page;
    }

    private DataObject Shape(LogsCall call, LogGroup group)
    {
        var arn = LogArns.OfGroup(services.Region, call.Account, group.Name);
        var shape = new DataObject(
            ("logGroupName", group.Name),
            ("creationTime", group.CreatedAt.ToUnixTimeMilliseconds()),
            ("metricFilterCount", 0),
            ("arn", arn + ":*"),
            ("logGroupClass", "STANDARD"),
            ("logGroupArn", arn));
        return group.RetentionDays is { } days ? shape.With("retentionInDays", days) : shape;
    }

    private Task<Result<DataObject>> PutRetentionAsync(LogsCall call)
    {
        var days = call.Input.Integer("retentionInDays", 1);
        call.Input.Require("retentionInDays");
        if (days is > 0 && Array.IndexOf(RetentionDays, (int)Math.Min(days.Value, int.MaxValue)) < 0)
        {
            call.Input.Violate(
                "retentionInDays",
                days.ToString(),
                $"Member must satisfy enum value set: [{string.Join(", ", RetentionDays)}]");
        }

        return ChangeAsync(call, group => group with { RetentionDays = (int?)days });
    }

    private async Task<Result<DataObject>> ChangeAsync(LogsCall call, Func<LogGroup, LogGroup> change)
    {
        var name = NameOf(call);
        return call.Input.Failure is { } invalid ? invalid
            : await Groups.ChangeAsync(call.Account, name, change) ? DataObject.Empty
            : LogsErrors.NoGroup();
    }

    private async Task<Result<DataObject>> TagAsync(LogsCall call, string name)
    {
        var tags = call.Input.Tags();
        call.Input.Require("tags");
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (Groups.Find(call.Account, name) is not { } group)
        {
            return LogsErrors.NoGroup();
        }

        if (group.Tags.Keys.Union(tags.Keys).Count() > Limits.TagsMax)
        {
            return new Error(ErrorCode.LimitExceeded, $"A log group has at most {Limits.TagsMax} tags.");
        }

        return await Groups.ChangeAsync(call.Account, name, before => before with
        {
            Tags = new Dictionary<string, string>(
                before.Tags.Where(tag => !tags.ContainsKey(tag.Key)).Concat(tags), StringComparer.Ordinal),
        })
            ? DataObject.Empty
            : LogsErrors.NoGroup();
    }

    private async Task<Result<DataObject>> UntagAsync(LogsCall call, string name, string member)
    {
        var keys = call.Input.Texts(member);
        call.Input.Require(member);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        return await Groups.ChangeAsync(call.Account, name, before => before with
        {
            Tags = before.Tags.Where(tag => !keys.Contains(tag.Key)).ToDictionary(),
        })
            ? DataObject.Empty
            : LogsErrors.NoGroup();
    }

    private Result<DataObject> ListTags(LogsCall call, string name)
    {
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (Groups.Find(call.Account, name) is not { } group)
        {
            return LogsErrors.NoGroup();
        }

        var tags = new OrderedDictionary<string, DataValue>();
        foreach (var (key, value) in group.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            tags[key] = value;
        }

        return new DataObject(("tags", new DataObject(tags)));
    }
}
