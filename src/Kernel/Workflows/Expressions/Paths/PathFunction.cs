using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Paths;

/// <summary>A function at the end of a path, such as <c>$.orders.length()</c>.</summary>
internal sealed class PathFunction
{
    private static readonly Dictionary<string, Func<DataValue, DataValue?>> Plain = new()
    {
        ["length"] = value => value switch
        {
            DataArray array => array.Items.Count,
            DataObject members => members.Count,
            DataText text => text.Value.Length,
            _ => null,
        },
        ["size"] = value => value is DataArray array ? array.Items.Count : null,
        ["keys"] = value => value is DataObject members
            ? new DataArray([.. members.Members.Keys.Select(name => (DataValue)name)])
            : null,
        ["first"] = value => value is DataArray { Items.Count: > 0 } array ? array.Items[0] : null,
        ["last"] = value => value is DataArray { Items.Count: > 0 } array ? array.Items[^1] : null,
        ["min"] = value => Of(value, numbers => numbers.Min()),
        ["max"] = value => Of(value, numbers => numbers.Max()),
        ["sum"] = value => Of(value, numbers => numbers.Sum()),
        ["avg"] = value => Of(value, numbers => numbers.Average()),
        ["stddev"] = value => Of(value, Deviation),
    };

    private readonly string name;
    private readonly Func<DataValue, DataValue?> compute;

    private PathFunction(string name, Func<DataValue, DataValue?> compute)
    {
        this.name = name;
        this.compute = compute;
    }

    /// <returns>The function of that name, or null when there is none that takes this.</returns>
    public static PathFunction? Of(string name, int? argument)
    {
        if (name == "index" && argument is { } index)
        {
            return new PathFunction(name, value => value is DataArray array ? At(array.Items, index) : null);
        }

        return argument is null && Plain.TryGetValue(name, out var compute) ? new PathFunction(name, compute) : null;
    }

    public PathFinding Apply(PathSearch search, DataValue value)
    {
        var count = value is DataArray array ? array.Items.Count : 0;
        if (!search.Spend(1 + count))
        {
            return new PathFinding(null, null, $"the path looks at more than {Limits.PathStepsMax} values");
        }

        return compute(value) is { } computed
            ? new PathFinding(computed)
            : new PathFinding(null, null, $"the function {name}() does not apply to what the path selects");
    }

    private static DataValue? At(IReadOnlyList<DataValue> items, int index)
    {
        var place = index < 0 ? index + items.Count : index;
        return place >= 0 && place < items.Count ? items[place] : null;
    }

    private static DataNumber? Of(DataValue value, Func<IReadOnlyList<double>, double> compute)
    {
        var numbers = (value as DataArray)?.Items.OfType<DataNumber>().Select(number => number.Value).ToList() ?? [];
        if (numbers.Count == 0)
        {
            return null;
        }

        var computed = compute(numbers);
        return double.IsFinite(computed) ? new DataNumber(computed) : null;
    }

    private static double Deviation(IReadOnlyList<double> numbers)
    {
        var mean = numbers.Average();
        return Math.Sqrt(numbers.Sum(number => (number - mean) * (number - mean)) / numbers.Count);
    }
}
