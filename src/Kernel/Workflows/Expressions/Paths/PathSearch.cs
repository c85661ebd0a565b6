using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Paths;

/// <summary>
/// One evaluation of a path. It counts the values it looks at, those of filters within filters included, so that a path
/// that multiplies (<c>$..*..*..*</c>) ends in a failure soon.
/// </summary>
internal sealed class PathSearch(EvaluationScope scope)
{
    private int steps;

    public bool IsExhausted { get; private set; }

    /// <param name="path">What is looked for.</param>
    /// <param name="candidate">What <c>@</c> is, within a filter.</param>
    public PathFinding Find(JsonPath path, DataValue? candidate)
    {
        var root = path.Root switch
        {
            PathRoot.Input => scope.Input,
            PathRoot.Context => scope.Context,
            PathRoot.Variable => scope.Variables.Find(path.Variable!),
            _ => candidate,
        };
        if (root is null)
        {
            return new PathFinding(null, new PathMiss($"No results for path: ${path.Variable}", path.Text, null));
        }

        var finding = path.IsDefinite ? FindOne(path, root) : FindAll(path, root);
        return path.Function is { } function && finding.Value is { } value ? function.Apply(this, value) : finding;
    }

    /// <summary>Counts a value that is looked at.</summary>
    /// <returns>False when there were too many: what is under way ends without a result.</returns>
    public bool Spend(int count = 1)
    {
        steps += count;
        IsExhausted |= steps > Limits.PathStepsMax;
        return !IsExhausted;
    }

    private PathFinding FindOne(JsonPath path, DataValue root)
    {
        var value = root;
        for (var index = 0; index < path.Steps.Count; index++)
        {
            if (!Spend())
            {
                return Exhausted;
            }

            var next = Step(path.Steps[index], value);
            if (next is null)
            {
                return new PathFinding(null, Missing(path, index, value));
            }

            value = next;
        }

        return new PathFinding(value);
    }

    private static DataValue? Step(PathStep step, DataValue value) => step switch
    {
        NameStep name => value[name.Name],
        IndexStep index => ItemAt(value, index.Index),
        NamesStep names when value is DataObject => Chosen(names.Names, value),
        _ => null,
    };

    private PathFinding FindAll(JsonPath path, DataValue root)
    {
        var found = new List<DataValue>();
        Collect(path.Steps, 0, root, found);
        if (IsExhausted)
        {
            return Exhausted;
        }

        return found.Count > Limits.PathResultsMax
            ? new PathFinding(null, null, $"the path selects more than {Limits.PathResultsMax} values")
            : new PathFinding(new DataArray(found));
    }

    private static PathFinding Exhausted =>
        new(null, null, $"the path looks at more than {Limits.PathStepsMax} values");

    private void Collect(IReadOnlyList<PathStep> path, int index, DataValue value, List<DataValue> found)
    {
        if (!Spend() || found.Count > Limits.PathResultsMax)
        {
            return;
        }

        if (index == path.Count)
        {
            found.Add(value);
            return;
        }

        switch (path[index])
        {
            case DescendantStep:
                Descend(path, index + 1, value, found);
                break;
            case NamesStep names when index == path.Count - 1:
                if (value is DataObject)
                {
                    found.Add(Chosen(names.Names, value));
                }

                break;
            default:
                foreach (var next in Children(path[index], value))
                {
                    Collect(path, index + 1, next, found);
                }

                break;
        }
    }

    // The value itself comes first, then what is below it in the order of the text.
    private void Descend(IReadOnlyList<PathStep> path, int index, DataValue value, List<DataValue> found)
    {
        if (!Spend())
        {
            return;
        }

        Collect(path, index, value, found);
        foreach (var child in ChildrenOf(value))
        {
            if (child is DataArray or DataObject)
            {
                Descend(path, index, child, found);
            }
        }
    }

    private IEnumerable<DataValue> Children(PathStep step, DataValue value) => step switch
    {
        NameStep name => value[name.Name] is { } member ? [member] : [],
        IndexStep index => ItemAt(value, index.Index) is { } item ? [item] : [],
        NamesStep names => names.Names.Select(name => value[name]).OfType<DataValue>(),
        IndexesStep indexes => indexes.Indexes.Select(index => ItemAt(value, index)).OfType<DataValue>(),
        SliceStep slice when value is DataArray array => Sliced(array.Items, slice),
        WildcardStep => ChildrenOf(value),
        FilterStep filter => Candidates(value).Where(candidate => Spend() && filter.Condition.Holds(this, candidate)),
        _ => [],
    };

    private static IEnumerable<DataValue> ChildrenOf(DataValue value) => value switch
    {
        DataArray array => array.Items,
        DataObject members => members.Members.Values,
        _ => [],
    };

    // A filter judges the items of an array; of an object it judges the object itself, as the Java library does.
    private static IEnumerable<DataValue> Candidates(DataValue value) => value switch
    {
        DataArray array => array.Items,
        DataObject => [value],
        _ => [],
    };

    private static IEnumerable<DataValue> Sliced(IReadOnlyList<DataValue> items, SliceStep slice)
    {
        var from = Bound(slice.From ?? 0, items.Count);
        var to = Bound(slice.To ?? items.Count, items.Count);
        for (long index = from; index < to; index += slice.Step)
        {
            yield return items[(int)index];
        }
    }

    private static int Bound(int index, int count) => Math.Clamp(index < 0 ? index + count : index, 0, count);

    private static DataValue? ItemAt(DataValue value, int index)
    {
        if (value is not DataArray array)
        {
            return null;
        }

        var place = index < 0 ? index + array.Items.Count : index;
        return place >= 0 && place < array.Items.Count ? array.Items[place] : null;
    }

    private static DataObject Chosen(IReadOnlyList<string> names, DataValue value)
    {
        var chosen = new OrderedDictionary<string, DataValue>();
        foreach (var name in names)
        {
            if (value[name] is { } member)
            {
                chosen[name] = member;
            }
        }

        return new DataObject(chosen);
    }

    private static PathMiss Missing(JsonPath path, int index, DataValue at)
    {
        var isLast = index == path.Steps.Count - 1;
        var written = new StringBuilder("$");
        for (var step = 0; step <= index; step++)
        {
            written.Append(path.Steps[step] switch
            {
                NameStep name => $"['{name.Name}']",
                IndexStep item => $"[{item.Index}]",
                _ => string.Empty,
            });
        }

        var reason = isLast ? $"No results for path: {written}" : $"Missing property in path {written}";
        var missed = path.Steps[index] switch
        {
            NameStep name => name.Name,
            IndexStep item => $"[{item.Index}]",
            _ => path.Text,
        };
        return new PathMiss(reason, missed, at);
    }
}
