namespace Lambent.Simulation.Serverless;

/// <summary>What an instance is: of which function, which version of it, and whose.</summary>
internal readonly record struct InstanceKind(string Account, string Function, string Version);

/// <summary>
/// A step of a platform that can be observed, in the terms of λ-serverless (Jangda, Pinckney, Brun and Guha, "Formal
/// Foundations of Serverless Computing", OOPSLA 2019): requests x, instances y, values v.
/// </summary>
internal abstract record TraceStep
{
    /// <summary>Rule Req: a request for a function was accepted.</summary>
    public sealed record Accept(string Request, string Function) : TraceStep;

    /// <summary>Rules Cold and Warm: an instance took the request.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Instance">The instance.</param>
    /// <param name="Kind">What the instance has to be for this request.</param>
    /// <param name="IsCold">Whether it was made for it.</param>
    public sealed record Assign(string Request, string Instance, InstanceKind Kind, bool IsCold) : TraceStep;

    /// <summary>The step of an instance that returns.</summary>
    /// <param name="Instance">The instance.</param>
    /// <param name="Request">The request it ran.</param>
    /// <param name="Value">What it returned.</param>
    /// <param name="EarlierCalls">How many earlier requests its global state shows; null: not looked at.</param>
    public sealed record Finish(string Instance, string Request, string Value, int? EarlierCalls = null) : TraceStep;

    /// <summary>Rule Resp, as seen from outside: the request has its response.</summary>
    public sealed record Respond(string Request, string Value) : TraceStep;

    /// <summary>Rule Die: evicted, killed, or dead by itself.</summary>
    public sealed record Die(string Instance) : TraceStep;
}
