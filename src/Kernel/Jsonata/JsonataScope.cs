using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata;

/// <summary>What an evaluation may see of the world.</summary>
public sealed record JsonataScope
{
    /// <summary>What `$` and bare field names read; null: nothing.</summary>
    public DataValue? Input { get; init; }

    /// <summary>Variables by name without `$`; null: there is none of that name.</summary>
    public Func<string, DataValue?>? Variables { get; init; }

    /// <summary>What `$now()` and `$millis()` give, one moment for the whole evaluation.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>At least 0 and less than 1: for `$random()`, `$shuffle()` and `$uuid()`.</summary>
    public required Func<double> Chance { get; init; }

    public JsonataLimits Limits { get; init; } = JsonataLimits.Default;
}
