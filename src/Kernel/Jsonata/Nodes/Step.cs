using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>One step of a path: what it finds from each value, and what then becomes of that.</summary>
internal sealed class Step(Node node)
{
    public Node Node { get; set; } = node;

    /// <summary>Predicates and numberings, in the order in which they are written.</summary>
    public List<Stage> Stages { get; } = [];

    /// <summary>`@$name`: the found values go into a variable, and the path goes on from where it was.</summary>
    public string? Focus { get; set; }

    /// <summary>`#$name` directly behind the step.</summary>
    public string? Index { get; set; }

    /// <summary>The variable that a `%` further on needs.</summary>
    public string? Origin => Node switch
    {
        NameNode name => name.Origin,
        WildcardNode wildcard => wildcard.Origin,
        _ => null,
    };

    /// <summary>Whether from here on each value carries variables with it.</summary>
    public bool BindsVariables => Focus is not null || Index is not null || Origin is not null || Node.YieldsElements
        || Stages.Exists(stage => stage.Index is not null);

    /// <summary>What the step finds from one value, predicates applied.</summary>
    public DataValue? From(DataValue? value, Frame frame)
    {
        var found = Node.Evaluate(value, frame);
        if (Stages.Count > 0)
        {
            frame.Run.Charge(Stages.Count);
        }

        for (var index = 0; index < Stages.Count && found is not null; index++)
        {
            found = Stages[index].Apply(found, frame);
        }

        return found;
    }
}

/// <summary>A predicate in brackets, or a `#$name` behind one.</summary>
internal sealed class Stage
{
    private readonly Node? predicate;
    private readonly int? position;

    public Stage(Node predicate)
    {
        this.predicate = predicate;
        if (predicate is LiteralNode { Value: DataNumber number })
        {
            position = AsIndex(number.Value);
        }
    }

    public Stage(string index) => Index = index;

    public string? Index { get; }

    /// <summary>The values that fulfil the predicate, or that stand at its places.</summary>
    public DataValue? Apply(DataValue found, Frame frame)
    {
        var items = Sequences.Items(found);
        if (position is { } place)
        {
            var index = place < 0 ? items.Count + place : place;
            return index >= 0 && index < items.Count ? items[index] : null;
        }

        frame.Run.Charge(items.Count);
        var chosen = new List<DataValue>();
        for (var index = 0; index < items.Count; index++)
        {
            if (Chooses(predicate!.Evaluate(items[index], frame), index, items.Count))
            {
                chosen.Add(items[index]);
            }
        }

        return Sequences.Uncollapsed(chosen);
    }

    /// <summary>The same with the variables of each value.</summary>
    public List<Element> Apply(List<Element> elements, Frame frame)
    {
        frame.Run.Charge(elements.Count);
        if (Index is not null)
        {
            return [.. elements.Select((element, index) => element with { Frame = element.Frame.With(Index, index) })];
        }

        return
        [
            .. elements.Where((element, index) => position is { } place
                ? index == (place < 0 ? elements.Count + place : place)
                : Chooses(predicate!.Evaluate(element.Value, element.Frame), index, elements.Count)),
        ];
    }

    private static bool Chooses(DataValue? answer, int index, int count) => answer switch
    {
        DataNumber number => IsPlace(number, index, count),
        DataArray { Items.Count: > 0 } array when array.Items.All(item => item is DataNumber) =>
            array.Items.Any(item => IsPlace((DataNumber)item, index, count)),
        _ => Truth.Of(answer),
    };

    private static bool IsPlace(DataNumber number, int index, int count)
    {
        var place = AsIndex(number.Value);
        return (place < 0 ? count + place : place) == index;
    }

    /// <summary>Rounded down; what no array could have is far away.</summary>
    private static int AsIndex(double number) =>
        (int)Math.Clamp(Math.Floor(number), int.MinValue / 2, int.MaxValue / 2);
}
