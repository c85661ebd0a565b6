using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Paths;

/// <summary>What a path starts from.</summary>
internal enum PathRoot
{
    /// <summary><c>$</c></summary>
    Input,

    /// <summary><c>$$</c></summary>
    Context,

    /// <summary><c>$name</c></summary>
    Variable,

    /// <summary><c>@</c>, within a filter: the value that is judged.</summary>
    Candidate,
}

/// <summary>One step of a path.</summary>
internal abstract record PathStep
{
    /// <summary>The step leads to one value or none, never to several.</summary>
    public virtual bool IsDefinite => false;
}

/// <summary><c>.name</c> or <c>['name']</c></summary>
internal sealed record NameStep(string Name) : PathStep
{
    public override bool IsDefinite => true;
}

/// <summary><c>[2]</c>, or <c>[-1]</c> from the end.</summary>
internal sealed record IndexStep(int Index) : PathStep
{
    public override bool IsDefinite => true;
}

/// <summary><c>['a','b']</c>: at the end of a path an object of those that are there, otherwise each of them.</summary>
internal sealed record NamesStep(IReadOnlyList<string> Names) : PathStep;

/// <summary><c>[0,2]</c></summary>
internal sealed record IndexesStep(IReadOnlyList<int> Indexes) : PathStep;

/// <summary><c>[from:to:step]</c>, each of which may be absent; the step is positive.</summary>
internal sealed record SliceStep(int? From, int? To, int Step) : PathStep;

/// <summary><c>*</c></summary>
internal sealed record WildcardStep : PathStep;

/// <summary><c>..</c>: the value and all below it, to each of which the next step is applied.</summary>
internal sealed record DescendantStep : PathStep;

/// <summary><c>[?(…)]</c></summary>
internal sealed record FilterStep(PathCondition Condition) : PathStep;

/// <summary>A condition of a filter. It is asked for one candidate at a time.</summary>
internal abstract record PathCondition
{
    public abstract bool Holds(PathSearch search, DataValue candidate);
}
