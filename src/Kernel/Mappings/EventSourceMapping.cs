using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;

namespace Lambent.Kernel.Mappings;

/// <summary>Where a mapping is between what was asked for and what is; the names are the API's.</summary>
public enum MappingState
{
    Creating,
    Enabling,
    Enabled,
    Disabling,
    Disabled,
    Updating,
    Deleting,
}

/// <summary>Calls a function with the messages of a queue, batch by batch.</summary>
public sealed record EventSourceMapping
{
    public required AccountId Account { get; init; }

    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    public required QueueId Queue { get; init; }

    public required FunctionId Function { get; init; }

    /// <summary>A version or an alias, or null for the function as it is.</summary>
    public string? Qualifier { get; init; }

    public required MappingSettings Settings { get; init; }

    /// <summary>What was asked for; <see cref="State"/> follows.</summary>
    public required bool IsEnabled { get; init; }

    public required MappingState State { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = NoTags;

    public static ImmutableSortedDictionary<string, string> NoTags { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public string Arn(string region) => $"arn:aws:lambda:{region}:{Account}:event-source-mapping:{Id}";

    /// <summary>The state once what was asked for is so; null when the mapping is then gone.</summary>
    public MappingState? SettledState => State switch
    {
        MappingState.Deleting => null,
        _ => IsEnabled ? MappingState.Enabled : MappingState.Disabled,
    };
}

/// <summary>How messages become calls. The defaults are those of a new mapping.</summary>
public sealed record MappingSettings
{
    /// <summary>Messages of one call, at the most.</summary>
    public int BatchSize { get; init; } = Limits.MappingBatchDefault;

    /// <summary>How long a batch may wait to become full.</summary>
    public int WindowSeconds { get; init; }

    /// <summary>Whether the function's answer names the messages that failed.</summary>
    public bool ReportsItemFailures { get; init; }

    /// <summary>Event patterns, of which a message must match one; none lets all pass.</summary>
    public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>Calls at a time, or null for as many as the function may have.</summary>
    public int? MaximumConcurrency { get; init; }

    /// <summary>A function or queue that is told of messages that were given up, or null.</summary>
    public string? OnFailureArn { get; init; }

    /// <summary>
    /// Only with <see cref="OnFailureArn"/>: receives after the first, after which a message is given up and deleted.
    /// Null: the queue's redrive policy says when.
    /// </summary>
    public int? RetriesMax { get; init; }

    /// <summary>Remembered and shown.</summary>
    public ImmutableArray<string> Metrics { get; init; } = [];

    /// <summary>Remembered and shown. Nothing is encrypted with it.</summary>
    public string? KmsKeyArn { get; init; }
}

/// <summary>Mappings by account and id.</summary>
public interface IMappingTable
{
    EventSourceMapping? Get(AccountId account, string id);

    /// <summary>The account's mappings in order of their ids.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="query">Only those for this function or queue.</param>
    /// <param name="after">Only ids after this one, or null.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<EventSourceMapping> List(AccountId account, MappingQuery query, string? after, int limit);

    /// <summary>All mappings of all accounts.</summary>
    IReadOnlyList<EventSourceMapping> All();

    void Put(EventSourceMapping mapping);

    void Delete(AccountId account, string id);
}

/// <summary>Which mappings are asked for.</summary>
/// <param name="FunctionName">Those that call this function, or null.</param>
/// <param name="QueueName">Those that read this queue, or null.</param>
public sealed record MappingQuery(string? FunctionName = null, string? QueueName = null);
