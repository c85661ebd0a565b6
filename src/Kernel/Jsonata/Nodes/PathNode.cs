using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>
/// Steps with dots between them: each is taken from every value that the one before it found, and what they find is
/// put into one flat list. Most paths need no more than that. When a step binds a variable for what it finds (`@`, `#`,
/// or a `%` that means it), values carry their variables along from there on, as <see cref="Element"/>s.
/// </summary>
internal sealed class PathNode(int position) : Node(position)
{
    private readonly List<Step> steps = [];
    private int firstBinding = -1;
    private bool yieldsElements;

    public IReadOnlyList<Step> Steps => steps;

    /// <summary>`[]`: the result is an array even if it has one item.</summary>
    public bool KeepsArray { get; set; }

    /// <summary>`{ }` behind the path.</summary>
    public Grouping? Group { get; private set; }

    public override string Description => "path";

    public override bool YieldsElements => yieldsElements;

    /// <summary>Adds a step; a `%` in it is looked for in the steps before.</summary>
    public void Add(Step step)
    {
        steps.Add(step);
        foreach (var slot in step.Node.Seeking)
        {
            ResolveFrom(steps.Count - 2, slot);
        }
    }

    /// <summary>Adds a predicate to the last step; `%` in it means, first of all, where that step came from.</summary>
    public void AddPredicate(Node predicate)
    {
        steps[^1].Stages.Add(new Stage(predicate));
        foreach (var slot in predicate.Seeking)
        {
            ResolveFrom(steps.Count - 1, slot);
        }
    }

    public void SetGroup(Grouping group)
    {
        Group = group;
        foreach (var slot in group.Seeking)
        {
            ResolveFrom(steps.Count - 1, slot);
        }
    }

    /// <summary>Appends a path that stands behind a dot; what its `%` still look for may be in this one.</summary>
    public void AddAll(PathNode other)
    {
        var before = steps.Count - 1;
        steps.AddRange(other.steps);
        KeepsArray |= other.KeepsArray;
        foreach (var slot in other.Seeking)
        {
            ResolveFrom(before, slot);
        }
    }

    /// <summary>For what predicates of the last step seek, beyond that step itself.</summary>
    public void SeekFrom(IReadOnlyList<ParentSlot> slots)
    {
        foreach (var slot in slots)
        {
            ResolveFrom(steps.Count - 2, slot);
        }
    }

    /// <summary>Once the whole expression is read: until then a later `%` can make a step bind.</summary>
    public void Freeze() => firstBinding = steps.FindIndex(step => step.BindsVariables);

    public override void Resolve(ParentSlot slot)
    {
        yieldsElements = true;
        ResolveBack(steps.Count - 1, slot);
    }

    public override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        var run = frame.Run;
        run.Enter();
        DataValue? result;
        if (firstBinding >= 0)
        {
            var elements = Elements(input, frame);
            result = Group is null
                ? Shaped(Sequences.Uncollapsed(Values(elements)))
                : Group.Evaluate(elements, frame);
        }
        else
        {
            result = Plain(input, frame, steps.Count);
            result = Group is null ? Shaped(result) : Group.Evaluate(result, frame);
        }

        run.Leave();
        return result;
    }

    public override List<Element> EvaluateElements(DataValue? input, Frame frame) =>
        Elements(input, frame);

    private DataValue? Shaped(DataValue? result)
    {
        if (!KeepsArray || result is null)
        {
            return Sequences.Collapsed(result);
        }

        return result switch
        {
            DataArray found when Sequences.IsSequence(found) => Sequences.Kept(found.Items),
            DataArray array when (array.Origin & ArrayOrigin.Constructed) == 0 => array,
            _ => Sequences.Kept([result]),
        };
    }

    /// <summary>
    /// The first steps, without variables. An uncollapsed sequence, or an array of the data as it is.
    /// </summary>
    private DataValue? Plain(DataValue? input, Frame frame, int count)
    {
        frame.Run.Charge(count);
        IReadOnlyList<DataValue>? many = null;
        var one = input;
        var index = 0;
        if (steps[0].Node is ArrayNode { IsStep: true } array)
        {
            // Brackets at the beginning are made once, whatever the context is.
            var made = array.Evaluate(input, frame);
            if (count == 1)
            {
                return made;
            }

            many = ((DataArray)made!).Items;
            index = 1;
            if (many.Count == 0)
            {
                return made;
            }
        }
        else if (input is DataArray inputs && steps[0].Node is not VariableNode)
        {
            many = inputs.Items;
        }

        DataValue? result = many is null ? one : Sequences.Uncollapsed(many);
        for (; index < count; index++)
        {
            result = many is null && steps[index].Node is not SortNode
                ? steps[index].From(one, frame)
                : FromAll(steps[index], many ?? [one!], frame, index == count - 1);
            if (result is null)
            {
                return null;
            }

            one = result;
            many = result is DataArray found && (found.Origin & ArrayOrigin.Constructed) == 0 ? found.Items : null;
            if (many is { Count: 0 })
            {
                return index == count - 1 ? result : null;
            }
        }

        return result switch
        {
            DataArray kept when (kept.Origin & ArrayOrigin.KeepsSingleton) != 0 => Sequences.Uncollapsed(kept.Items),
            DataArray => result,
            _ => Sequences.Uncollapsed([result!]),
        };
    }

    private static DataValue? FromAll(Step step, IReadOnlyList<DataValue> inputs, Frame frame, bool isLast)
    {
        if (step.Node is SortNode sort)
        {
            DataValue sorted = Sequences.Uncollapsed(sort.Sort(inputs, frame));
            foreach (var stage in step.Stages)
            {
                sorted = stage.Apply(sorted, frame) ?? Sequences.Uncollapsed([]);
            }

            return sorted is DataArray ? sorted : Sequences.Uncollapsed([sorted]);
        }

        var run = frame.Run;
        run.Charge(inputs.Count);
        DataValue? first = null;
        List<DataValue>? all = null;
        for (var index = 0; index < inputs.Count; index++)
        {
            if (step.From(inputs[index], frame) is not { } found)
            {
                continue;
            }

            if (first is null)
            {
                first = found;
                continue;
            }

            if (all is null)
            {
                all = new List<DataValue>(inputs.Count);
                AddTo(all, first, run);
            }

            AddTo(all, found, run);
        }

        return all is not null ? Sequences.Uncollapsed(all) : Single(first, isLast);
    }

    /// <summary>What only one input had: an array of the data stays what it is as the result of the path.</summary>
    private static DataValue? Single(DataValue? found, bool isLast) => found switch
    {
        DataArray array when (array.Origin & ArrayOrigin.Constructed) != 0 && !isLast => Sequences.Uncollapsed([array]),
        _ => found,
    };

    private static void AddTo(List<DataValue> all, DataValue found, Evaluation run)
    {
        if (Sequences.Has(found, ArrayOrigin.Constructed))
        {
            all.Add(found);
        }
        else
        {
            Sequences.AddFlat(all, found, run);
        }
    }

    private List<Element> Elements(DataValue? input, Frame frame)
    {
        var first = Math.Max(firstBinding, 0);
        List<Element> elements;
        if (first == 0)
        {
            elements = input is DataArray inputs && steps[0].Node is not VariableNode and not ArrayNode { IsStep: true }
                ? [.. inputs.Items.Select(item => new Element(item, frame))]
                : [new Element(input, frame)];
        }
        else
        {
            elements = [.. Sequences.Items(Plain(input, frame, first)).Select(item => new Element(item, frame))];
        }

        for (var index = first; index < steps.Count && elements.Count > 0; index++)
        {
            elements = FromElements(steps[index], elements, frame);
        }

        return elements;
    }

    private static List<Element> FromElements(Step step, List<Element> elements, Frame frame)
    {
        frame.Run.Charge(elements.Count);
        var found = new List<Element>();
        if (step.Node is SortNode sort)
        {
            found = sort.Sort(elements, frame);
            if (step.Index is { } name)
            {
                found = new Stage(name).Apply(found, frame);
            }
        }
        else
        {
            foreach (var element in elements)
            {
                AddFrom(step, element, found);
            }
        }

        foreach (var stage in step.Stages)
        {
            found = stage.Apply(found, frame);
        }

        return found;
    }

    private static void AddFrom(Step step, Element element, List<Element> found)
    {
        var run = element.Frame.Run;
        if (step.Node.YieldsElements)
        {
            foreach (var inner in step.Node.EvaluateElements(element.Value, element.Frame))
            {
                run.ChargeItems(found.Count + 1L, 1);
                found.Add(inner);
            }

            return;
        }

        var items = Sequences.Items(step.Node.Evaluate(element.Value, element.Frame));
        for (var index = 0; index < items.Count; index++)
        {
            run.ChargeItems(found.Count + 1L, 1);
            found.Add(Bound(step, element, items[index], index));
        }
    }

    private static Element Bound(Step step, Element from, DataValue value, int index)
    {
        var frame = from.Frame;
        if (step.Focus is not null)
        {
            frame = frame.With(step.Focus, value);
        }

        if (step.Index is not null)
        {
            frame = frame.With(step.Index, index);
        }

        if (step.Origin is not null)
        {
            frame = frame.With(step.Origin, from.Value);
        }

        return new Element(step.Focus is null ? value : from.Value, frame);
    }

    private static List<DataValue> Values(List<Element> elements)
    {
        var values = new List<DataValue>(elements.Count);
        foreach (var element in elements)
        {
            if (element.Value is { } value)
            {
                values.Add(value);
            }
        }

        return values;
    }

    private void ResolveFrom(int index, ParentSlot slot)
    {
        ResolveBack(index, slot);
        if (slot.Levels > 0)
        {
            SeekAlso([slot]);
        }
    }

    /// <summary>
    /// Goes back step by step; several steps that bind with `@` stand at the same place and count once.
    /// </summary>
    private void ResolveBack(int index, ParentSlot slot)
    {
        while (slot.Levels > 0 && index >= 0)
        {
            var step = steps[index--];
            while (index >= 0 && step.Focus is not null && steps[index].Focus is not null)
            {
                step = steps[index--];
            }

            step.Node.Resolve(slot);
        }
    }
}
