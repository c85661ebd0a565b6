using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>`^( , )`: a step that puts all values in order; equal ones stay as they stood.</summary>
internal sealed class SortNode : Node
{
    private readonly IReadOnlyList<SortTerm> terms;

    public SortNode(int position, IReadOnlyList<SortTerm> terms)
        : base(position)
    {
        this.terms = terms;
        foreach (var term in terms)
        {
            Seeks(term.Node);
        }
    }

    public override string Description => "sort";

    // Paths hand it all their values at a time.
    public override DataValue? Evaluate(DataValue? input, Frame frame) =>
        Sequences.Uncollapsed(Sort(Sequences.Items(input), frame));

    public List<DataValue> Sort(IReadOnlyList<DataValue> values, Frame frame)
    {
        var sorted = Sort([.. values.Select(value => new Element(value, frame))], frame);
        return [.. sorted.Select(element => element.Value!)];
    }

    /// <summary>Each term is evaluated once for each value; comparing then needs no expression.</summary>
    public List<Element> Sort(List<Element> elements, Frame frame)
    {
        var run = frame.Run;
        var keys = new DataValue?[elements.Count][];
        for (var index = 0; index < keys.Length; index++)
        {
            run.Charge(terms.Count);
            keys[index] = [.. terms.Select(term => term.Node.Evaluate(elements[index].Value, elements[index].Frame))];
        }

        return
        [
            .. MergeSort.Sort(Enumerable.Range(0, keys.Length), (a, b) => IsAfter(keys[a], keys[b], run))
                .Select(index => elements[index]),
        ];
    }

    private bool IsAfter(DataValue?[] first, DataValue?[] second, Evaluation run)
    {
        for (var index = 0; index < terms.Count; index++)
        {
            run.Charge(1);
            if ((first[index], second[index]) is (DataText left, DataText right))
            {
                run.ChargeComparison(left.Value, right.Value);
            }

            var order = terms[index].Order(first[index], second[index]);
            if (order != 0)
            {
                return order > 0;
            }
        }

        return false;
    }
}

/// <param name="Node">What is compared.</param>
/// <param name="IsDescending">`&gt;` before it.</param>
internal sealed record SortTerm(Node Node, bool IsDescending)
{
    /// <summary>Nothing comes last, in either direction.</summary>
    public int Order(DataValue? left, DataValue? right)
    {
        if (left is null || right is null)
        {
            return (left is null ? 1 : 0) - (right is null ? 1 : 0);
        }

        var order = (left, right) switch
        {
            (DataNumber a, DataNumber b) => a.Value.CompareTo(b.Value),
            (DataText a, DataText b) => string.CompareOrdinal(a.Value, b.Value),
            (DataNumber or DataText, DataNumber or DataText) => throw new ExpressionException(
                "T2007", $"A {left.Kind} and a {right.Kind} have no order between them", Node.Position),
            _ => throw new ExpressionException(
                "T2008", "Values are ordered by numbers or strings", Node.Position),
        };
        return IsDescending ? -order : order;
    }
}
