using Lambent.Kernel.Access;
using Lambent.Kernel.Events;

namespace Lambent.Storage.Documents;

/// <summary>
/// What the columns of an event do not say: nearly always little, because it is written with each. Until schema 8 it
/// had everything, so that older ones have members more.
/// </summary>
internal sealed class EventDocument
{
    private const string UsualSource = "invoke";

    public string? Qualifier { get; set; }

    public string? ClientContext { get; set; }

    public string? TraceHeader { get; set; }

    /// <summary>Null: an Invoke.</summary>
    public string? Source { get; set; }

    /// <summary>Null: when it is due.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }

    /// <summary>Null: as <see cref="AcceptedAt"/>.</summary>
    public DateTimeOffset? FirstDueAt { get; set; }

    public int? Attempts { get; set; }

    public string? LastError { get; set; }

    public bool? IsCancelled { get; set; }

    public EventPolicyDocument? Policy { get; set; }

    public static EventDocument From(AsyncEvent accepted) => new()
    {
        Qualifier = accepted.Target.Qualifier,
        ClientContext = accepted.ClientContext,
        TraceHeader = accepted.TraceHeader,
        Source = accepted.Source == UsualSource ? null : accepted.Source,
        AcceptedAt = accepted.AcceptedAt == accepted.DueAt ? null : accepted.AcceptedAt,
        FirstDueAt = accepted.FirstDueAt == accepted.AcceptedAt ? null : accepted.FirstDueAt,
        Attempts = accepted.Attempts == 0 ? null : accepted.Attempts,
        LastError = accepted.LastError,
        IsCancelled = accepted.IsCancelled ? true : null,
        Policy = accepted.Policy == EventPolicy.None ? null : EventPolicyDocument.From(accepted.Policy),
    };

    /// <param name="id">The column; so are the next two.</param>
    /// <param name="lane">Which names the target.</param>
    /// <param name="dueAt">When it is due.</param>
    /// <param name="payload">The payload.</param>
    public AsyncEvent ToEvent(string id, EventLane lane, DateTimeOffset dueAt, byte[] payload) => new()
    {
        Id = id,
        Target = lane.Target(Qualifier),
        Payload = payload,
        ClientContext = ClientContext,
        TraceHeader = TraceHeader,
        Source = Source ?? UsualSource,
        AcceptedAt = AcceptedAt ?? dueAt,
        FirstDueAt = FirstDueAt ?? AcceptedAt ?? dueAt,
        Attempts = Attempts ?? 0,
        DueAt = dueAt,
        LastError = LastError,
        IsCancelled = IsCancelled ?? false,
        Policy = Policy?.ToPolicy() ?? EventPolicy.None,
    };
}

internal sealed class EventPolicyDocument
{
    public int? RetriesMax { get; set; }

    public TimeSpan? AgeMax { get; set; }

    public TimeSpan? RetryDelay { get; set; }

    public int Priority { get; set; }

    public TargetDocument? DeadLetterTarget { get; set; }

    public bool KeepsResult { get; set; }

    public static EventPolicyDocument From(EventPolicy policy) => new()
    {
        RetriesMax = policy.RetriesMax,
        AgeMax = policy.AgeMax,
        RetryDelay = policy.RetryDelay,
        Priority = policy.Priority,
        DeadLetterTarget = policy.DeadLetterTarget is { } target ? TargetDocument.From(target) : null,
        KeepsResult = policy.KeepsResult,
    };

    public EventPolicy ToPolicy() => new()
    {
        RetriesMax = RetriesMax,
        AgeMax = AgeMax,
        RetryDelay = RetryDelay,
        Priority = Priority,
        DeadLetterTarget = DeadLetterTarget?.ToTarget(),
        KeepsResult = KeepsResult,
    };
}

internal sealed class TargetDocument
{
    public required string Account { get; set; }

    public required DeliveryTargetKind Kind { get; set; }

    public required string Name { get; set; }

    public string? Qualifier { get; set; }

    public static TargetDocument From(DeliveryTarget target) => new()
    {
        Account = target.Account.Value,
        Kind = target.Kind,
        Name = target.Name,
        Qualifier = target.Qualifier,
    };

    public DeliveryTarget ToTarget() => new(AccountId.Parse(Account), Kind, Name, Qualifier);
}

/// <summary>How an event ended, without its payload.</summary>
internal sealed class EventResultDocument
{
    public required string Id { get; set; }

    public required TargetDocument Target { get; set; }

    public required EventEnd End { get; set; }

    public required DateTimeOffset AcceptedAt { get; set; }

    public required DateTimeOffset EndedAt { get; set; }

    public required int Attempts { get; set; }

    public string? Error { get; set; }

    public string? DestinationError { get; set; }

    public static EventResultDocument From(EventResult result) => new()
    {
        Id = result.Id,
        Target = TargetDocument.From(result.Target),
        End = result.End,
        AcceptedAt = result.AcceptedAt,
        EndedAt = result.EndedAt,
        Attempts = result.Attempts,
        Error = result.Error,
        DestinationError = result.DestinationError,
    };

    public EventResult ToResult(byte[] payload) => new()
    {
        Id = Id,
        Target = Target.ToTarget(),
        End = End,
        AcceptedAt = AcceptedAt,
        EndedAt = EndedAt,
        Attempts = Attempts,
        Payload = payload,
        Error = Error,
        DestinationError = DestinationError,
    };
}
