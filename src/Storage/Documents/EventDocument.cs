using Lambent.Kernel.Access;
using Lambent.Kernel.Events;

namespace Lambent.Storage.Documents;

/// <summary>An event without its payload, which is a column of its own.</summary>
internal sealed class EventDocument
{
    public required string Id { get; set; }

    public required string Account { get; set; }

    /// <summary>The target's name; the member is older than targets of other kinds.</summary>
    public required string Function { get; set; }

    public DeliveryTargetKind TargetKind { get; set; }

    public string? Qualifier { get; set; }

    public string? ClientContext { get; set; }

    public string? TraceHeader { get; set; }

    public string Source { get; set; } = "invoke";

    public required DateTimeOffset AcceptedAt { get; set; }

    /// <summary>Null: as <see cref="AcceptedAt"/>.</summary>
    public DateTimeOffset? FirstDueAt { get; set; }

    public int Attempts { get; set; }

    public required DateTimeOffset DueAt { get; set; }

    public string? LastError { get; set; }

    public bool? IsCancelled { get; set; }

    public EventPolicyDocument? Policy { get; set; }

    public static EventDocument From(AsyncEvent accepted) => new()
    {
        Id = accepted.Id,
        Account = accepted.Target.Account.Value,
        Function = accepted.Target.Name,
        TargetKind = accepted.Target.Kind,
        Qualifier = accepted.Target.Qualifier,
        ClientContext = accepted.ClientContext,
        TraceHeader = accepted.TraceHeader,
        Source = accepted.Source,
        AcceptedAt = accepted.AcceptedAt,
        FirstDueAt = accepted.FirstDueAt == accepted.AcceptedAt ? null : accepted.FirstDueAt,
        Attempts = accepted.Attempts,
        DueAt = accepted.DueAt,
        LastError = accepted.LastError,
        IsCancelled = accepted.IsCancelled ? true : null,
        Policy = accepted.Policy == EventPolicy.None ? null : EventPolicyDocument.From(accepted.Policy),
    };

    public AsyncEvent ToEvent(byte[] payload) => new()
    {
        Id = Id,
        Target = new DeliveryTarget(AccountId.Parse(Account), TargetKind, Function, Qualifier),
        Payload = payload,
        ClientContext = ClientContext,
        TraceHeader = TraceHeader,
        Source = Source,
        AcceptedAt = AcceptedAt,
        FirstDueAt = FirstDueAt ?? AcceptedAt,
        Attempts = Attempts,
        DueAt = DueAt,
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
