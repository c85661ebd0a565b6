using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>`[ , ]`: arrays among the items are opened, except those that are written in brackets themselves.</summary>
internal sealed class ArrayNode : Node
{
    private readonly IReadOnlyList<Node> items;

    public ArrayNode(int position, IReadOnlyList<Node> items)
        : base(position) => this.items = SeekAll(items);

    /// <summary>Whether it stands as a step of a path, which then does not open it.</summary>
    public bool IsStep { get; set; }

    public override string Description => "unary";

    public override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        var run = frame.Run;
        run.Enter();
        var made = new List<DataValue>(items.Count);
        for (var index = 0; index < items.Count; index++)
        {
            if (items[index].Evaluate(input, frame) is not { } value)
            {
                continue;
            }

            if (items[index] is ArrayNode or RefinedNode { Inner: ArrayNode })
            {
                made.Add(value);
            }
            else
            {
                Sequences.AddFlat(made, value, run);
            }
        }

        run.Leave();
        return run.Made(new DataArray(made) { Origin = IsStep ? ArrayOrigin.Constructed : ArrayOrigin.None });
    }
}

/// <summary>`{ : , }` that stands for itself.</summary>
internal sealed class ObjectNode : Node
{
    private readonly Grouping grouping;

    public ObjectNode(int position, Grouping grouping)
        : base(position)
    {
        this.grouping = grouping;
        SeekAlso(grouping.Seeking);
    }

    public override string Description => "unary";

    public override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var made = grouping.Evaluate(input, frame);
        frame.Run.Leave();
        return made;
    }
}

/// <summary>What is behind something that is no path: predicates, then `{ }`, then `[]`.</summary>
internal sealed class RefinedNode : Node
{
    private readonly List<Stage> stages = [];
    private Node inner;

    public RefinedNode(Node inner)
        : base(inner.Position) => this.inner = Seeks(inner);

    public Node Inner => inner;

    public IReadOnlyList<Stage> Stages => stages;

    public Grouping? Group { get; private set; }

    public bool KeepsArray { get; set; }

    public override string Description => inner.Description;

    /// <summary>A `%` in a predicate means first of all what is refined, then what stands before it.</summary>
    public void AddPredicate(Node predicate)
    {
        stages.Add(new Stage(predicate));
        foreach (var slot in predicate.Seeking)
        {
            inner.Resolve(slot);
            if (slot.Levels > 0)
            {
                SeekAlso([slot]);
            }
        }
    }

    /// <summary>Makes a string the name of a field, once it turns out to be a step of a path.</summary>
    public void TakeAsName(NameNode name) => inner = name;

    public void SetGroup(Grouping group)
    {
        Group = group;
        SeekAlso(group.Seeking);
    }

    public override void Resolve(ParentSlot slot) => inner.Resolve(slot);

    public override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var value = Refined(inner.Find(input, frame), frame);
        frame.Run.Leave();
        return value;
    }

    private DataValue? Refined(DataValue? value, Frame frame)
    {
        frame.Run.Charge(stages.Count);
        foreach (var stage in stages)
        {
            if (value is null)
            {
                break;
            }

            value = stage.Apply(value, frame);
        }

        if (Group is not null)
        {
            value = Group.Evaluate(value, frame);
        }

        return value switch
        {
            DataArray array when KeepsArray && Sequences.IsSequence(array) => Sequences.Kept(array.Items),
            not null and not DataArray when KeepsArray && stages.Count > 0 && Group is null => Sequences.Kept([value]),
            _ => Sequences.Collapsed(value),
        };
    }
}
