using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;

namespace Lambent.Storage.Documents;

internal sealed class QueueDocument
{
    public required string Account { get; set; }

    public required string Name { get; set; }

    public required long Number { get; set; }

    public required long LaneNumber { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset ModifiedAt { get; set; }

    public DateTimeOffset? PurgedAt { get; set; }

    public int VisibilityTimeoutSeconds { get; set; } = Limits.VisibilityTimeoutSecondsDefault;

    public int DelaySeconds { get; set; }

    public int MaximumMessageBytes { get; set; } = Limits.MessageBytesMax;

    public int RetentionSeconds { get; set; } = Limits.MessageRetentionSecondsDefault;

    public int ReceiveWaitSeconds { get; set; }

    public RedriveDocument? Redrive { get; set; }

    public RedriveAllowDocument? RedriveAllow { get; set; }

    public string? Policy { get; set; }

    public string? KmsMasterKeyId { get; set; }

    public int KmsDataKeyReusePeriodSeconds { get; set; }

    public bool SqsManagedSse { get; set; }

    public bool ContentBasedDeduplication { get; set; }

    public bool DeduplicatesPerGroup { get; set; }

    public bool HasThroughputPerGroup { get; set; }

    public Dictionary<string, string> Tags { get; set; } = [];

    public static QueueDocument From(Queue queue) => new()
    {
        Account = queue.Id.Account.Value,
        Name = queue.Id.Name,
        Number = queue.Number,
        LaneNumber = queue.LaneNumber,
        CreatedAt = queue.CreatedAt,
        ModifiedAt = queue.ModifiedAt,
        PurgedAt = queue.PurgedAt,
        VisibilityTimeoutSeconds = queue.Settings.VisibilityTimeoutSeconds,
        DelaySeconds = queue.Settings.DelaySeconds,
        MaximumMessageBytes = queue.Settings.MaximumMessageBytes,
        RetentionSeconds = queue.Settings.RetentionSeconds,
        ReceiveWaitSeconds = queue.Settings.ReceiveWaitSeconds,
        Redrive = RedriveDocument.From(queue.Settings.Redrive),
        RedriveAllow = RedriveAllowDocument.From(queue.Settings.RedriveAllow),
        Policy = queue.Settings.Policy,
        KmsMasterKeyId = queue.Settings.KmsMasterKeyId,
        KmsDataKeyReusePeriodSeconds = queue.Settings.KmsDataKeyReusePeriodSeconds,
        SqsManagedSse = queue.Settings.SqsManagedSse,
        ContentBasedDeduplication = queue.Settings.ContentBasedDeduplication,
        DeduplicatesPerGroup = queue.Settings.DeduplicatesPerGroup,
        HasThroughputPerGroup = queue.Settings.HasThroughputPerGroup,
        Tags = queue.Tags.ToDictionary(StringComparer.Ordinal),
    };

    public Queue ToQueue() => new()
    {
        Id = new QueueId(AccountId.Parse(Account), Name),
        Number = Number,
        LaneNumber = LaneNumber,
        CreatedAt = CreatedAt,
        ModifiedAt = ModifiedAt,
        PurgedAt = PurgedAt,
        Settings = new QueueSettings
        {
            VisibilityTimeoutSeconds = VisibilityTimeoutSeconds,
            DelaySeconds = DelaySeconds,
            MaximumMessageBytes = MaximumMessageBytes,
            RetentionSeconds = RetentionSeconds,
            ReceiveWaitSeconds = ReceiveWaitSeconds,
            Redrive = Redrive?.ToPolicy(AccountId.Parse(Account)),
            RedriveAllow = RedriveAllow?.ToPolicy(),
            Policy = Policy,
            KmsMasterKeyId = KmsMasterKeyId,
            KmsDataKeyReusePeriodSeconds = KmsDataKeyReusePeriodSeconds,
            SqsManagedSse = SqsManagedSse,
            ContentBasedDeduplication = ContentBasedDeduplication,
            DeduplicatesPerGroup = DeduplicatesPerGroup,
            HasThroughputPerGroup = HasThroughputPerGroup,
        },
        Tags = Tags.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };
}

internal sealed class RedriveDocument
{
    public required string Text { get; set; }

    public required string TargetName { get; set; }

    public required int MaxReceiveCount { get; set; }

    public static RedriveDocument? From(RedrivePolicy? policy) => policy is null ? null : new()
    {
        Text = policy.Text,
        TargetName = policy.Target.Name,
        MaxReceiveCount = policy.MaxReceiveCount,
    };

    /// <summary>A dead-letter queue is one of the same account.</summary>
    public RedrivePolicy ToPolicy(AccountId account) => new(Text, new QueueId(account, TargetName), MaxReceiveCount);
}

internal sealed class RedriveAllowDocument
{
    public required string Text { get; set; }

    public required string Permission { get; set; }

    public string[] SourceArns { get; set; } = [];

    public static RedriveAllowDocument? From(RedriveAllowPolicy? policy) => policy is null ? null : new()
    {
        Text = policy.Text,
        Permission = policy.Permission,
        SourceArns = [.. policy.SourceArns],
    };

    public RedriveAllowPolicy ToPolicy() => new(Text, Permission, [.. SourceArns]);
}

internal sealed class MoveTaskDocument
{
    public required string Id { get; set; }

    public required string Account { get; set; }

    public required string SourceName { get; set; }

    public string? DestinationName { get; set; }

    public int? RateMax { get; set; }

    public required DateTimeOffset StartedAt { get; set; }

    public MoveTaskStatus Status { get; set; }

    public long Moved { get; set; }

    public long ToMove { get; set; }

    public string? FailureReason { get; set; }

    public static MoveTaskDocument From(MoveTask task) => new()
    {
        Id = task.Id,
        Account = task.Source.Account.Value,
        SourceName = task.Source.Name,
        DestinationName = task.Destination?.Name,
        RateMax = task.RateMax,
        StartedAt = task.StartedAt,
        Status = task.Status,
        Moved = task.Moved,
        ToMove = task.ToMove,
        FailureReason = task.FailureReason,
    };

    public MoveTask ToTask()
    {
        var account = AccountId.Parse(Account);
        return new MoveTask
        {
            Id = Id,
            Source = new QueueId(account, SourceName),
            Destination = DestinationName is null ? null : new QueueId(account, DestinationName),
            RateMax = RateMax,
            StartedAt = StartedAt,
            Status = Status,
            Moved = Moved,
            ToMove = ToMove,
            FailureReason = FailureReason,
        };
    }
}
