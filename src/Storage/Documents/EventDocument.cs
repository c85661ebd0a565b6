using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;

namespace Lambent.Storage.Documents;

/// <summary>An event without its payload, which is a column of its own.</summary>
internal sealed class EventDocument
{
    public required string Id { get; set; }

    public required string Account { get; set; }

    public required string Function { get; set; }

    public string? Qualifier { get; set; }

    public string? ClientContext { get; set; }

    public string? TraceHeader { get; set; }

    public required DateTimeOffset AcceptedAt { get; set; }

    public int Attempts { get; set; }

    public required DateTimeOffset DueAt { get; set; }

    public static EventDocument From(AsyncEvent accepted) => new()
    {
        Id = accepted.Id,
        Account = accepted.Function.Account.Value,
        Function = accepted.Function.Name,
        Qualifier = accepted.Qualifier,
        ClientContext = accepted.ClientContext,
        TraceHeader = accepted.TraceHeader,
        AcceptedAt = accepted.AcceptedAt,
        Attempts = accepted.Attempts,
        DueAt = accepted.DueAt,
    };

    public AsyncEvent ToEvent(byte[] payload) => new()
    {
        Id = Id,
        Function = new FunctionId(AccountId.Parse(Account), Function),
        Qualifier = Qualifier,
        Payload = payload,
        ClientContext = ClientContext,
        TraceHeader = TraceHeader,
        AcceptedAt = AcceptedAt,
        Attempts = Attempts,
        DueAt = DueAt,
    };
}
