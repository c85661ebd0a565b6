using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;

namespace Lambent.Server.Telemetry;

/// <summary>
/// Decides which calls are copied for the telemetry. For a call that is not, it is a look into a table and a counter.
/// </summary>
internal sealed class CallKeeper(CallKeeping keeping) : ICallKeeper
{
    /// <summary>Above it, all functions begin a new second.</summary>
    private const int SamplersMax = 10_000;

    private readonly ConcurrentDictionary<FunctionId, CallSampler> samplers = new();

    public CallCopy? Take(
        EnvironmentSpecification specification,
        Invocation invocation,
        InvocationOutcome outcome,
        DateTimeOffset startedAt)
    {
        var mode = specification.KeepsCalls ?? keeping.Mode;
        if (outcome.IsSuccess && (mode <= CallKeepingMode.Failed || (mode == CallKeepingMode.Sampled
            && !SamplerOf(specification.Function).Admit(startedAt, outcome.Duration))))
        {
            return null;
        }

        // The error of a failed call has its group whatever is kept.
        var payloadBytesMax = outcome.IsSuccess
            ? keeping.PayloadBytesMax
            : Math.Max(keeping.PayloadBytesMax, Limits.StoredPayloadBytes);
        return CallCopy.Take(
            specification, invocation, outcome, payloadBytesMax, isKept: mode != CallKeepingMode.None);
    }

    private CallSampler SamplerOf(FunctionId function)
    {
        if (samplers.TryGetValue(function, out var sampler))
        {
            return sampler;
        }

        if (samplers.Count >= SamplersMax)
        {
            samplers.Clear();
        }

        return samplers.GetOrAdd(function, new CallSampler(keeping.SamplesPerSecond));
    }
}
