using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>
/// A part of an expression that can be evaluated. The parser puts nodes together; from then on they never change.
/// </summary>
internal abstract class Node(int position)
{
    private List<ParentSlot>? seeking;

    /// <summary>Zero-based character of the text at which the node, or its operator, stands.</summary>
    public int Position { get; } = position;

    /// <summary>Uses of `%` within this node that mean something outside of it.</summary>
    public IReadOnlyList<ParentSlot> Seeking => seeking ?? (IReadOnlyList<ParentSlot>)[];

    /// <param name="input">The context, `$`; null where there is none.</param>
    /// <param name="frame">The variables.</param>
    /// <returns>Null: nothing. Never a sequence of fewer than two values, unless it keeps its array.</returns>
    public abstract DataValue? Evaluate(DataValue? input, Frame frame);

    /// <summary>
    /// As <see cref="Evaluate"/>, for the last thing a lambda does: may return a <see cref="TailCall"/> instead of
    /// making the call, so that recursion of that form needs no stack.
    /// </summary>
    public virtual DataValue? EvaluateLast(DataValue? input, Frame frame) => Evaluate(input, frame);

    /// <summary>
    /// As <see cref="Evaluate"/>, but a sequence however short it is, for what is written behind the node.
    /// </summary>
    public virtual DataValue? Find(DataValue? input, Frame frame) => Evaluate(input, frame);

    /// <summary>What the language calls such a node, for messages.</summary>
    public virtual string Description => "expression";

    /// <summary>Whether `%` further on needs to know from where this node's values came.</summary>
    public virtual bool YieldsElements => false;

    /// <summary>As <see cref="Evaluate"/>, each value with the variables that belong to it.</summary>
    public virtual List<Element> EvaluateElements(DataValue? input, Frame frame) => throw new NotSupportedException();

    /// <summary>
    /// Looks for the step whose origin <paramref name="slot"/> means, from this node back.
    /// </summary>
    public virtual void Resolve(ParentSlot slot) =>
        throw new ExpressionException(
            "S0217", "Nothing that % could be the parent of stands before it", Position, Description);

    protected T Seeks<T>(T part)
        where T : Node?
    {
        if (part is not null)
        {
            SeekAlso(part.Seeking);
        }

        return part;
    }

    protected void SeekAlso(IReadOnlyList<ParentSlot> slots)
    {
        if (slots.Count > 0)
        {
            (seeking ??= []).AddRange(slots);
        }
    }

    protected IReadOnlyList<T> SeekAll<T>(IReadOnlyList<T> parts)
        where T : Node
    {
        foreach (var part in parts)
        {
            SeekAlso(part.Seeking);
        }

        return parts;
    }
}

/// <summary>One value of a path together with the variables (`@`, `#`, `%`) bound on the way to it.</summary>
internal readonly record struct Element(DataValue? Value, Frame Frame);

/// <summary>Connects a `%` with the step whose origin it means.</summary>
internal sealed class ParentSlot(string variable)
{
    /// <summary>The variable that the step binds for each value; no name that an expression could write.</summary>
    public string Variable { get; set; } = variable;

    /// <summary>Steps still to go back.</summary>
    public int Levels { get; set; } = 1;
}

/// <summary>A call still to be made; made by whoever invoked the lambda that ends with it.</summary>
internal sealed class TailCall(CallNode call, LambdaValue function, DataValue?[] arguments, DataValue? context)
    : DataValue
{
    public CallNode Call { get; } = call;

    public LambdaValue Function { get; } = function;

    public DataValue?[] Arguments { get; } = arguments;

    public DataValue? Context { get; } = context;

    public override string Kind => "call";

    public override bool Equals(DataValue? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => 5;
}
