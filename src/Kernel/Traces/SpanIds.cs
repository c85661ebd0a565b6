namespace Lambent.Kernel.Traces;

/// <summary>
/// Ids of spans that are made when somebody looks, and of which what happens within them must know the id before. They
/// follow from what they are of (FNV-1a, mixed), so nothing has to be stored.
/// </summary>
public static class SpanIds
{
    private const ulong Start = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    /// <summary>Of an execution, by the key of its journal.</summary>
    public static ulong OfExecution(string key) => Finish(Add(Start, key));

    /// <summary>Of a state that was entered: the n-th of its execution.</summary>
    public static ulong OfState(string key, int row) => Finish(Add(Add(Start, key), 2UL * (ulong)row));

    /// <summary>Of one try at the work of a state, by the number of the event that handed it over.</summary>
    public static ulong OfAttempt(string key, long task) => Finish(Add(Add(Start, key), (2UL * (ulong)task) + 1));

    /// <summary>Of a phase of a call.</summary>
    public static ulong OfPhase(ulong call, int phase) => Finish(Add(call, (ulong)phase + 1));

    private static ulong Add(ulong hash, string text)
    {
        foreach (var character in text)
        {
            hash = (hash ^ character) * Prime;
        }

        return hash;
    }

    private static ulong Add(ulong hash, ulong number) => (hash ^ (number + 0x9E3779B97F4A7C15)) * Prime;

    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        hash ^= hash >> 31;
        return hash == 0 ? 1 : hash;
    }
}
