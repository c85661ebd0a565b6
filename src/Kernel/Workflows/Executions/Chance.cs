namespace Lambent.Kernel.Workflows.Executions;

/// <summary>
/// Chance of one step: numbers that follow from the execution's seed and the step alone (SplitMix64). So a step that is
/// decided again after a crash draws the same numbers, and nothing has to be recorded to repeat it.
/// </summary>
/// <param name="seed">Of the execution; from outside.</param>
/// <param name="step">The sequence number of the event before.</param>
/// <param name="purpose">Keeps apart what draws in the same step.</param>
internal sealed class Chance(ulong seed, long step, long purpose)
{
    private ulong state = Mix(seed ^ Mix((ulong)step) ^ Mix(Mix((ulong)purpose)));

    public ulong NextBits()
    {
        state += 0x9E3779B97F4A7C15;
        return Mix(state);
    }

    /// <summary>From 0 to below 1.</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
