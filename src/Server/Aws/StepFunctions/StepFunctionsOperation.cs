using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>One operation: a line in the table.</summary>
/// <param name="Name">As in the API document; also the action that access control decides on.</param>
/// <param name="Resource">The member of the input whose ARN says whose it is; null is the caller's account.</param>
/// <param name="Handle">Translates the request into one call of the domain, and its result back.</param>
internal sealed record StepFunctionsOperation(
    string Name, string? Resource, Func<StepFunctionsCall, Task<Result<DataObject>>> Handle) : IJsonOperation
{
    public StepFunctionsOperation(string name, string? resource, Func<StepFunctionsCall, Result<DataObject>> handle)
        : this(name, resource, call => Task.FromResult(handle(call)))
    {
    }

    public string Action => $"states:{Name}";
}

/// <summary>A request that was read, signed and allowed.</summary>
/// <param name="Principal">Who asks, established by the signature.</param>
/// <param name="Operation">Its name.</param>
/// <param name="Input">The parameters.</param>
/// <param name="Aborted">Cancelled when the caller goes away.</param>
internal sealed record StepFunctionsCall(
    Principal Principal, string Operation, JsonInput Input, CancellationToken Aborted)
{
    public AccountId Account => Principal.Account;

    /// <summary>The trace that the request belongs to, as executions keep it, or null.</summary>
    public string? TraceHeader { get; init; }
}
