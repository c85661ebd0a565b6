namespace Lambent.Kernel.Scaling.Control;

/// <summary>What a function may use at most now.</summary>
public readonly record struct ScalingLimits
{
    /// <summary>The function's reserved concurrency, or null.</summary>
    public int? Reserved { get; init; }

    /// <summary>Calls that the function may have in flight by what its account has left, with its own.</summary>
    public int Account { get; init; }

    /// <summary>The most calls at a time that the source's owner allows, or null.</summary>
    public int? Source { get; init; }

    /// <summary>Environments that the function could have: its own and those the node has room for.</summary>
    public int NodeEnvironments { get; init; }

    /// <summary>Memory that the function's environments could have: their own and what is free.</summary>
    public double NodeMegabytes { get; init; }

    /// <summary>Processors of the node.</summary>
    public double NodeCores { get; init; }

    /// <summary>
    /// Calls in flight that keep the environments busy which calls this short share; null for longer ones.
    /// </summary>
    public int? Packed { get; init; }

    /// <summary>Whether the node's processors have been full of late, whoever fills them.</summary>
    public bool IsBusy { get; init; }

    /// <summary>Limits that hold nothing back.</summary>
    public static ScalingLimits Wide { get; } = new()
    {
        Account = int.MaxValue,
        NodeEnvironments = int.MaxValue,
        NodeMegabytes = double.MaxValue,
        NodeCores = double.MaxValue,
    };

    /// <summary>
    /// Calls for each processor that computing calls would fill: with exactly as many as processors, one that waits
    /// for a moment leaves a processor idle.
    /// </summary>
    private const double ProcessorOverload = 1.25;

    /// <summary>The most calls in flight that all limits allow, and the one that allows the fewest.</summary>
    /// <param name="use">What the function's calls and environments need.</param>
    internal (int Calls, ScalingLimit Limit) Calls(FunctionUse use)
    {
        var (calls, limit) = (int.MaxValue, ScalingLimit.None);
        Hold(Reserved ?? double.MaxValue, ScalingLimit.Reserved);
        Hold(Source ?? double.MaxValue, ScalingLimit.Source);
        Hold(Account, ScalingLimit.Account);
        Hold((double)NodeEnvironments * use.Places, ScalingLimit.NodeEnvironments);
        Hold(MemoryEnvironments(use) * use.Places, ScalingLimit.NodeMemory);
        Hold(Packed ?? double.MaxValue, ScalingLimit.NodeProcessor);
        if (use.CoresPerCall > 0)
        {
            var filling = Math.Ceiling(NodeCores * ProcessorOverload / use.CoresPerCall);
            Hold(Math.Max(1, filling), ScalingLimit.NodeProcessor);
        }

        return (calls, limit);

        void Hold(double most, ScalingLimit by)
        {
            if (most < calls)
            {
                (calls, limit) = ((int)Math.Max(0, most), by);
            }
        }
    }

    /// <summary>The most environments that the node has room for.</summary>
    internal int Environments(FunctionUse use) =>
        (int)Math.Max(0, Math.Min(NodeEnvironments, MemoryEnvironments(use)));

    private double MemoryEnvironments(FunctionUse use) =>
        use.EnvironmentMegabytes > 0 ? Math.Floor(NodeMegabytes / use.EnvironmentMegabytes) : double.MaxValue;
}

/// <summary>What a function's calls take and need, as measured.</summary>
public readonly record struct FunctionUse
{
    /// <summary>Mean execution time; 0 before the first call ended.</summary>
    public double ExecutionSeconds { get; init; }

    /// <summary>What an execution takes when nothing is in its way; 0 before the first call ended.</summary>
    public double TypicalSeconds { get; init; }

    /// <summary>The longest executions of late.</summary>
    public double TailSeconds { get; init; }

    /// <summary>What a start takes; 0 before the first.</summary>
    public double StartSeconds { get; init; }

    /// <summary>Calls at a time in one environment; 0 counts as 1.</summary>
    public int CallsPerEnvironment { get; init; }

    /// <summary>Processors that one call wants while it runs; 0 when not measured.</summary>
    public double CoresPerCall { get; init; }

    /// <summary>Memory that one environment takes; 0 when not measured.</summary>
    public double EnvironmentMegabytes { get; init; }

    internal int Places => Math.Max(1, CallsPerEnvironment);

    /// <summary>How many environments so many calls need.</summary>
    internal int EnvironmentsFor(double calls) => (int)Math.Min(int.MaxValue, Math.Ceiling(calls / Places));
}
