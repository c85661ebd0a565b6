using System.Text.RegularExpressions;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Paths;

internal enum PathOperator
{
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Matches,
    In,
    NotIn,
    SubsetOf,
    AnyOf,
    NoneOf,
    Contains,
    Size,
    Empty,
}

/// <summary>One side of a comparison.</summary>
internal abstract record Operand
{
    /// <summary>The value, or null when a path leads nowhere.</summary>
    public abstract DataValue? Of(PathSearch search, DataValue candidate);
}

internal sealed record ValueOperand(DataValue Value) : Operand
{
    public override DataValue? Of(PathSearch search, DataValue candidate) => Value;
}

internal sealed record PathOperand(JsonPath Path) : Operand
{
    public override DataValue? Of(PathSearch search, DataValue candidate) => search.Find(Path, candidate).Value;
}

internal sealed record PatternOperand(Regex Pattern) : Operand
{
    public override DataValue? Of(PathSearch search, DataValue candidate) => null;
}

internal sealed record CombinedCondition(IReadOnlyList<PathCondition> Parts, bool All) : PathCondition
{
    public override bool Holds(PathSearch search, DataValue candidate) => All
        ? Parts.All(part => part.Holds(search, candidate))
        : Parts.Any(part => part.Holds(search, candidate));
}

internal sealed record NegatedCondition(PathCondition Inner) : PathCondition
{
    public override bool Holds(PathSearch search, DataValue candidate) => !Inner.Holds(search, candidate);
}

/// <summary>A path alone: it holds when something is there, whatever it is.</summary>
internal sealed record PresentCondition(PathOperand Path) : PathCondition
{
    public override bool Holds(PathSearch search, DataValue candidate) => Path.Of(search, candidate) switch
    {
        null => false,
        DataArray { Items.Count: 0 } => Path.Path.IsDefinite,
        _ => true,
    };
}

/// <summary>A comparison. Values of different kinds are unequal and neither is the lesser one.</summary>
internal sealed record ComparedCondition(Operand Left, PathOperator Operator, Operand Right) : PathCondition
{
    public override bool Holds(PathSearch search, DataValue candidate)
    {
        var left = Left.Of(search, candidate);
        if (Right is PatternOperand pattern)
        {
            return left is DataText text
                && search.Spend(1 + (text.Value.Length / 16))
                && pattern.Pattern.IsMatch(text.Value);
        }

        var right = Right.Of(search, candidate);
        return Operator switch
        {
            PathOperator.NotEqual => !Same(search, left, right),
            PathOperator.NotIn => !IsIn(search, left, right),
            PathOperator.NoneOf => left is not DataArray || right is not DataArray || !AnyOf(search, left, right),
            _ when left is null || right is null => false,
            PathOperator.Equal => Same(search, left, right),
            PathOperator.Less => Order(left, right) < 0,
            PathOperator.AtMost => Order(left, right) <= 0,
            PathOperator.Greater => Order(left, right) > 0,
            PathOperator.AtLeast => Order(left, right) >= 0,
            PathOperator.In => IsIn(search, left, right),
            PathOperator.AnyOf => AnyOf(search, left, right),
            PathOperator.SubsetOf => left is DataArray items && items.Items.All(item => IsIn(search, item, right)),
            PathOperator.Contains => Contains(search, left, right),
            PathOperator.Size => right is DataNumber size && Size(left) == size.Value,
            PathOperator.Empty => right is DataBoolean empty && Size(left) is { } count && count == 0 == empty.Value,
            _ => false,
        };
    }

    // A double comparison with a null is false either way, which is what is wanted of kinds that have no order.
    private static int? Order(DataValue left, DataValue right) => (left, right) switch
    {
        (DataNumber a, DataNumber b) => a.Value.CompareTo(b.Value),
        (DataText a, DataText b) => string.CompareOrdinal(a.Value, b.Value),
        _ => null,
    };

    private static bool Same(PathSearch search, DataValue? left, DataValue? right) =>
        left is not null && right is not null && search.Spend(1 + (Size(left) ?? 0)) && left.Equals(right);

    private static bool IsIn(PathSearch search, DataValue? item, DataValue? list) =>
        item is not null && list is DataArray array && array.Items.Any(other => Same(search, item, other));

    private static bool AnyOf(PathSearch search, DataValue left, DataValue right) =>
        left is DataArray items && items.Items.Any(item => IsIn(search, item, right));

    private static bool Contains(PathSearch search, DataValue left, DataValue right) => (left, right) switch
    {
        (DataText text, DataText part) => text.Value.Contains(part.Value, StringComparison.Ordinal),
        _ => IsIn(search, right, left),
    };

    private static int? Size(DataValue value) => value switch
    {
        DataText text => text.Value.Length,
        DataArray array => array.Items.Count,
        DataObject members => members.Count,
        _ => null,
    };
}
