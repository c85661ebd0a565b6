using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>What an operation is about, which decides who may be let in.</summary>
internal enum SqsScope
{
    /// <summary>The caller's account.</summary>
    Account,

    /// <summary>A queue, for its owner alone.</summary>
    Owner,

    /// <summary>A queue, for its owner and whom its policy lets in.</summary>
    Granted,
}

/// <summary>One operation of the API, the same for both protocols.</summary>
/// <param name="Name">As AWS spells it.</param>
/// <param name="Action">What policies call it; a batch is the same action as a single one.</param>
/// <param name="Scope">Who may be let in.</param>
/// <param name="Handle">Reads the input, makes one call of the domain, writes the output.</param>
internal sealed record SqsOperation(
    string Name, string Action, SqsScope Scope, Func<SqsCall, Task<Result<SqsStructure>>> Handle)
{
    public SqsOperation(string name, SqsScope scope, Func<SqsCall, Task<Result<SqsStructure>>> handle)
        : this(name, $"sqs:{name}", scope, handle)
    {
    }
}

/// <summary>A request that was read, signed and allowed.</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Input">The parameters.</param>
/// <param name="Queue">The queue it is about; meaningless for operations on the account.</param>
/// <param name="Endpoint">Where the caller reaches this server, such as http://127.0.0.1:9000.</param>
/// <param name="Aborted">The caller is gone.</param>
internal sealed record SqsCall(
    Principal Principal, SqsInput Input, QueueId Queue, string Endpoint, CancellationToken Aborted)
{
    /// <summary>The trace that the request belongs to, as messages keep it, or null.</summary>
    public string? TraceHeader { get; init; }

    public string UrlOf(QueueId queue) => $"{Endpoint}/{queue.Account}/{queue.Name}";

    /// <summary>Who sends, as receivers see it: the account, or the role and the function's name.</summary>
    public string SenderId => Principal.Function is { } function ? $"lambda:{function.Name}" : Principal.Account.Value;
}
