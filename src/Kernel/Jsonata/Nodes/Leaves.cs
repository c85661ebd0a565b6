using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>A string, number, true, false, null, or regular expression as it is written.</summary>
internal sealed class LiteralNode(int position, DataValue value) : Node(position)
{
    public DataValue Value { get; } = value;

    public override string Description => Value.Kind;

    public override DataValue? Evaluate(DataValue? input, Frame frame) => Value;
}

/// <summary>A field of the context; always a step of a path.</summary>
internal sealed class NameNode(int position, string name) : Node(position)
{
    public string Name { get; } = name;

    /// <summary>The variable for a `%` that means the value whose field this is.</summary>
    public string? Origin { get; private set; }

    public override string Description => "name";

    public override DataValue? Evaluate(DataValue? input, Frame frame) =>
        Sequences.Collapsed(Sequences.Lookup(input, Name, frame.Run));

    public override void Resolve(ParentSlot slot) => Origin = Origins.Claim(slot, Origin);
}

/// <summary>`*`: all fields of the context.</summary>
internal sealed class WildcardNode(int position) : Node(position)
{
    public string? Origin { get; private set; }

    public override string Description => "wildcard";

    public override DataValue? Evaluate(DataValue? input, Frame frame) => Sequences.Collapsed(Find(input, frame));

    public override DataValue? Find(DataValue? input, Frame frame)
    {
        var found = new List<DataValue>();
        switch (Sequences.Unwrapped(input))
        {
            case DataObject members:
                foreach (var (_, value) in members.Members)
                {
                    AddDeeply(found, value, frame.Run);
                }

                break;
            case DataArray array:
                foreach (var item in array.Items)
                {
                    AddDeeply(found, item, frame.Run);
                }

                break;
        }

        return Sequences.Uncollapsed(found);
    }

    public override void Resolve(ParentSlot slot) => Origin = Origins.Claim(slot, Origin);

    private static void AddDeeply(List<DataValue> found, DataValue value, Evaluation run)
    {
        run.ChargeItems(found.Count + 1L, 1);
        if (value is not DataArray array)
        {
            found.Add(value);
            return;
        }

        foreach (var item in array.Items)
        {
            AddDeeply(found, item, run);
        }
    }
}

/// <summary>`**`: the context and everything in it, what is outside first.</summary>
internal sealed class DescendantNode(int position) : Node(position)
{
    public override string Description => "descendant";

    public override DataValue? Evaluate(DataValue? input, Frame frame) => Sequences.Collapsed(Find(input, frame));

    public override DataValue? Find(DataValue? input, Frame frame)
    {
        var found = new List<DataValue>();
        if (input is not null)
        {
            Collect(found, input, frame.Run);
        }

        return Sequences.Uncollapsed(found);
    }

    private static void Collect(List<DataValue> found, DataValue value, Evaluation run)
    {
        run.ChargeItems(found.Count + 1L, 1);
        if (value is DataArray array)
        {
            foreach (var item in array.Items)
            {
                Collect(found, item, run);
            }

            return;
        }

        found.Add(value);
        if (value is DataObject members)
        {
            foreach (var (_, member) in members.Members)
            {
                Collect(found, member, run);
            }
        }
    }
}

/// <summary>`%`: the value of which the context is a part.</summary>
internal sealed class ParentNode : Node
{
    private readonly ParentSlot slot;

    public ParentNode(int position, ParentSlot slot)
        : base(position)
    {
        this.slot = slot;
        SeekAlso([slot]);
    }

    public override string Description => "parent";

    public override DataValue? Evaluate(DataValue? input, Frame frame) => frame.Parent(slot.Variable);

    public override void Resolve(ParentSlot slot) => slot.Levels++;
}

/// <summary>`$` with a name; `$` alone is the context, `$$` the whole input.</summary>
internal sealed class VariableNode(int position, string name) : Node(position)
{
    public string Name { get; } = name;

    public override string Description => "variable";

    public override DataValue? Evaluate(DataValue? input, Frame frame) => Name switch
    {
        "" => Sequences.Unwrapped(input),
        "$" => frame.Run.Root,
        _ => Sequences.Collapsed(frame[Name]),
    };
}

/// <summary>Steps that can be the origin of a `%` bind one variable, however many `%` mean it.</summary>
internal static class Origins
{
    public static string? Claim(ParentSlot slot, string? bound)
    {
        if (--slot.Levels > 0)
        {
            return bound;
        }

        return bound is null ? slot.Variable : slot.Variable = bound;
    }
}
