namespace Lambent.Simulation.Serverless;

/// <summary>A step of a program in a language that is just large enough to be safe or unsafe in each known way.</summary>
internal enum SmallStep
{
    /// <summary>Adds 7 to the result.</summary>
    Add,

    /// <summary>Doubles the result.</summary>
    Double,

    /// <summary>Sets global state back, so that nothing of earlier requests is left.</summary>
    Reset,

    /// <summary>Counts in global state, and adds the count to the result.</summary>
    Count,

    /// <summary>Adds one to a key of the store, whoever asks and however often.</summary>
    Increment,

    /// <summary>
    /// The same once for each request: the request's id is written in the same transaction, as the paper's theorem on
    /// stores asks.
    /// </summary>
    IncrementOnce,
}

/// <summary>The store that programs share: it is outside, and outlives instances.</summary>
internal sealed class SmallStore
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    public SortedDictionary<string, int> Values { get; } = new(StringComparer.Ordinal);

    public void Increment(string key) => Values[key] = Values.GetValueOrDefault(key) + 1;

    public void IncrementOnce(string key, string request)
    {
        if (seen.Add($"{key} {request}"))
        {
            Increment(key);
        }
    }
}

/// <summary>A function: its steps, run one after the other on an instance's state.</summary>
internal sealed record SmallProgram(string Name, IReadOnlyList<SmallStep> Steps)
{
    /// <summary>
    /// One with a safety relation: nothing of earlier requests shows, and what it does outside it does once for each
    /// request.
    /// </summary>
    public static SmallProgram Safe(string name, Random chance)
    {
        List<SmallStep> steps = [SmallStep.Reset];
        SmallStep[] choice = [SmallStep.Add, SmallStep.Double, SmallStep.Count, SmallStep.IncrementOnce];
        for (var index = 0; index < 1 + chance.Next(5); index++)
        {
            steps.Add(choice[chance.Next(choice.Length)]);
        }

        return new SmallProgram(name, steps);
    }

    /// <summary>The naive semantics: each request alone, on a new state, once.</summary>
    public int RunAlone(string request, int input, SmallStore store)
    {
        var (result, count) = (input, 0);
        foreach (var step in Steps)
        {
            Run(step, request, ref result, ref count, store);
        }

        return result;
    }

    public void Run(SmallStep step, string request, ref int result, ref int count, SmallStore store)
    {
        switch (step)
        {
            case SmallStep.Add:
                result += 7;
                break;
            case SmallStep.Double:
                result = unchecked(result * 2);
                break;
            case SmallStep.Reset:
                count = 0;
                break;
            case SmallStep.Count:
                result += ++count;
                break;
            case SmallStep.Increment:
                store.Increment(Name);
                break;
            case SmallStep.IncrementOnce:
                store.IncrementOnce(Name, request);
                break;
        }
    }
}
