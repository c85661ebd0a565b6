using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>
/// `{ key : value, }`: the keys are taken from each value, the values from all that have the same key together.
/// </summary>
internal sealed class Grouping
{
    private readonly IReadOnlyList<(Node Key, Node Value)> pairs;
    private readonly int position;

    public Grouping(int position, IReadOnlyList<(Node Key, Node Value)> pairs)
    {
        this.position = position;
        this.pairs = pairs;
        Seeking = [.. pairs.SelectMany(pair => pair.Key.Seeking.Concat(pair.Value.Seeking))];
    }

    public IReadOnlyList<ParentSlot> Seeking { get; }

    public DataValue? Evaluate(DataValue? input, Frame frame)
    {
        if (input is not DataArray array || array.Items.Count == 1)
        {
            var one = input is DataArray { Items: [var item] } ? item : input;
            return Single(one, frame);
        }

        return array.Items.Count == 0
            ? Single(null, frame)
            : Evaluate([.. array.Items.Select(item => new Element(item, frame))], frame);
    }

    public DataValue? Evaluate(List<Element> elements, Frame frame)
    {
        var run = frame.Run;
        var groups = new OrderedDictionary<string, Gathered>();
        foreach (var element in elements)
        {
            run.Charge(pairs.Count);
            for (var index = 0; index < pairs.Count; index++)
            {
                if (Key(pairs[index].Key, element.Value, element.Frame) is not { } key)
                {
                    continue;
                }

                run.ChargeName(key);
                if (!groups.TryGetValue(key, out var group))
                {
                    groups[key] = group = new Gathered(index, []);
                }
                else if (group.Pair != index)
                {
                    throw Twice(key);
                }

                run.ChargeItems(group.Elements.Count + 1L, 1);
                group.Elements.Add(element);
            }
        }

        var members = new OrderedDictionary<string, DataValue>(groups.Count);
        foreach (var (key, group) in groups)
        {
            var merged = Merged(group.Elements, frame);
            if (pairs[group.Pair].Value.Evaluate(merged.Value, merged.Frame) is { } value)
            {
                members[key] = value;
            }
        }

        return run.Made(new DataObject(members));
    }

    /// <summary>From one value, as nearly always.</summary>
    private DataObject Single(DataValue? value, Frame frame)
    {
        var members = new OrderedDictionary<string, DataValue>(pairs.Count);
        HashSet<string>? seen = null;
        frame.Run.Charge(pairs.Count);
        for (var index = 0; index < pairs.Count; index++)
        {
            if (Key(pairs[index].Key, value, frame) is not { } key)
            {
                continue;
            }

            frame.Run.ChargeName(key);
            if (pairs.Count > 1 && !(seen ??= []).Add(key))
            {
                throw Twice(key);
            }

            if (pairs[index].Value.Evaluate(value, frame) is { } member)
            {
                members[key] = member;
            }
        }

        return frame.Run.Made(new DataObject(members));
    }

    private static string? Key(Node node, DataValue? value, Frame frame) => node.Evaluate(value, frame) switch
    {
        null => null,
        DataText text => text.Value,
        var other => throw new ExpressionException(
            "T1003", $"The name of a member must be a string, not {Describe.A(other)}", node.Position),
    };

    private ExpressionException Twice(string key) => new(
        "D1009", $"Two pairs give the member {Describe.Quoted(key)}", position, key);

    /// <summary>Several values become an array, and so do the variables that each of them carries.</summary>
    private static Element Merged(List<Element> elements, Frame frame)
    {
        if (elements.Count == 1)
        {
            return elements[0];
        }

        var run = frame.Run;
        var values = new List<DataValue>(elements.Count);
        var variables = new OrderedDictionary<string, List<DataValue>>();
        foreach (var element in elements)
        {
            if (element.Value is { } value)
            {
                Sequences.AddFlat(values, value, run);
            }

            foreach (var (name, bound) in element.Frame == frame ? [] : element.Frame.BoundWithin(frame))
            {
                if (!variables.TryGetValue(name, out var all))
                {
                    variables[name] = all = [];
                }

                if (bound is not null)
                {
                    Sequences.AddFlat(all, bound, run);
                }
            }
        }

        var merged = variables.Count == 0 ? frame : new Frame(run, frame);
        foreach (var (name, all) in variables)
        {
            merged.Bind(name, all.Count == 1 ? all[0] : Sequences.Uncollapsed(all));
        }

        return new Element(new DataArray(values), merged);
    }

    private readonly record struct Gathered(int Pair, List<Element> Elements);
}
