using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>`( ; ; )`: one after the other, with variables of its own; the last one is the value.</summary>
internal sealed class BlockNode : Node
{
    private readonly IReadOnlyList<Node> expressions;
    private readonly bool binds;
    private bool yieldsElements;

    /// <param name="position">Where it begins.</param>
    /// <param name="expressions">In turn.</param>
    /// <param name="binds">Whether one of them binds a variable, so that it needs a frame of its own.</param>
    public BlockNode(int position, IReadOnlyList<Node> expressions, bool binds)
        : base(position)
    {
        this.expressions = SeekAll(expressions);
        this.binds = binds;
    }

    public override string Description => "block";

    public override bool YieldsElements => yieldsElements;

    public override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var inner = BeforeLast(input, frame);
        var value = expressions.Count == 0 ? null : expressions[^1].Evaluate(input, inner);
        frame.Run.Leave();
        return value;
    }

    public override DataValue? EvaluateLast(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var inner = BeforeLast(input, frame);
        var value = expressions.Count == 0 ? null : expressions[^1].EvaluateLast(input, inner);
        frame.Run.Leave();
        return value;
    }

    public override List<Element> EvaluateElements(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var found = expressions[^1].EvaluateElements(input, BeforeLast(input, frame));
        frame.Run.Leave();
        return found;
    }

    public override void Resolve(ParentSlot slot)
    {
        if (expressions.Count == 0)
        {
            return;
        }

        expressions[^1].Resolve(slot);
        yieldsElements = expressions[^1].YieldsElements;
    }

    private Frame BeforeLast(DataValue? input, Frame frame)
    {
        var inner = binds ? new Frame(frame.Run, frame) : frame;
        frame.Run.Charge(expressions.Count);
        for (var index = 0; index < expressions.Count - 1; index++)
        {
            expressions[index].Evaluate(input, inner);
        }

        return inner;
    }
}

/// <summary>`$name := value`: binds in the block around it, and is the value.</summary>
internal sealed class BindNode : Node
{
    private readonly string name;
    private readonly Node value;

    public BindNode(int position, string name, Node value)
        : base(position)
    {
        this.name = name;
        this.value = Seeks(value);
    }

    public override string Description => "bind";

    public override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var bound = value.Evaluate(input, frame);
        frame.Run.Leave();
        frame.Bind(name, bound);
        return bound;
    }
}

/// <summary>`condition ? then : otherwise`; the last part may be missing.</summary>
internal sealed class ConditionNode : Node
{
    private readonly Node condition;
    private readonly Node then;
    private readonly Node? otherwise;

    public ConditionNode(int position, Node condition, Node then, Node? otherwise)
        : base(position)
    {
        this.condition = Seeks(condition);
        this.then = Seeks(then);
        this.otherwise = Seeks(otherwise);
    }

    public override string Description => "condition";

    public override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var value = Chosen(input, frame)?.Evaluate(input, frame);
        frame.Run.Leave();
        return value;
    }

    public override DataValue? EvaluateLast(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var value = Chosen(input, frame)?.EvaluateLast(input, frame);
        frame.Run.Leave();
        return value;
    }

    private Node? Chosen(DataValue? input, Frame frame) =>
        Truth.Of(condition.Evaluate(input, frame)) ? then : otherwise;
}

/// <summary>`a ?: b` takes b unless a counts as true; `a ?? b` takes b when a is nothing.</summary>
internal sealed class DefaultNode : Node
{
    private readonly Node value;
    private readonly Node otherwise;
    private readonly bool needsTruth;

    public DefaultNode(int position, Node value, Node otherwise, bool needsTruth)
        : base(position)
    {
        this.value = Seeks(value);
        this.otherwise = Seeks(otherwise);
        this.needsTruth = needsTruth;
    }

    public override string Description => "condition";

    public override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var found = Found(input, frame) ?? otherwise.Evaluate(input, frame);
        frame.Run.Leave();
        return found;
    }

    public override DataValue? EvaluateLast(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var found = Found(input, frame) ?? otherwise.EvaluateLast(input, frame);
        frame.Run.Leave();
        return found;
    }

    private DataValue? Found(DataValue? input, Frame frame)
    {
        var found = value.Evaluate(input, frame);
        return needsTruth && !Truth.Of(found) ? null : found;
    }
}
