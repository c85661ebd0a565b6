using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;

namespace Lambent.Storage.Documents;

internal sealed class MappingDocument
{
    public required string Account { get; set; }

    public required string Id { get; set; }

    /// <summary>A queue and a function of the mapping's own account.</summary>
    public required string QueueName { get; set; }

    public required string FunctionName { get; set; }

    public string? Qualifier { get; set; }

    public int BatchSize { get; set; } = Limits.MappingBatchDefault;

    public int WindowSeconds { get; set; }

    public bool ReportsItemFailures { get; set; }

    public string[] Filters { get; set; } = [];

    public int? MaximumConcurrency { get; set; }

    public string? OnFailureArn { get; set; }

    public int? RetriesMax { get; set; }

    public string[] Metrics { get; set; } = [];

    public string? KmsKeyArn { get; set; }

    public required bool IsEnabled { get; set; }

    public required MappingState State { get; set; }

    public required DateTimeOffset ModifiedAt { get; set; }

    public Dictionary<string, string> Tags { get; set; } = [];

    public static MappingDocument From(EventSourceMapping mapping) => new()
    {
        Account = mapping.Account.Value,
        Id = mapping.Id,
        QueueName = mapping.Queue.Name,
        FunctionName = mapping.Function.Name,
        Qualifier = mapping.Qualifier,
        BatchSize = mapping.Settings.BatchSize,
        WindowSeconds = mapping.Settings.WindowSeconds,
        ReportsItemFailures = mapping.Settings.ReportsItemFailures,
        Filters = [.. mapping.Settings.Filters],
        MaximumConcurrency = mapping.Settings.MaximumConcurrency,
        OnFailureArn = mapping.Settings.OnFailureArn,
        RetriesMax = mapping.Settings.RetriesMax,
        Metrics = [.. mapping.Settings.Metrics],
        KmsKeyArn = mapping.Settings.KmsKeyArn,
        IsEnabled = mapping.IsEnabled,
        State = mapping.State,
        ModifiedAt = mapping.ModifiedAt,
        Tags = mapping.Tags.ToDictionary(StringComparer.Ordinal),
    };

    public EventSourceMapping ToMapping()
    {
        var account = AccountId.Parse(Account);
        return new EventSourceMapping
        {
            Account = account,
            Id = Id,
            Queue = new QueueId(account, QueueName),
            Function = new FunctionId(account, FunctionName),
            Qualifier = Qualifier,
            Settings = new MappingSettings
            {
                BatchSize = BatchSize,
                WindowSeconds = WindowSeconds,
                ReportsItemFailures = ReportsItemFailures,
                Filters = [.. Filters],
                MaximumConcurrency = MaximumConcurrency,
                OnFailureArn = OnFailureArn,
                RetriesMax = RetriesMax,
                Metrics = [.. Metrics],
                KmsKeyArn = KmsKeyArn,
            },
            IsEnabled = IsEnabled,
            State = State,
            ModifiedAt = ModifiedAt,
            Tags = Tags.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }
}
