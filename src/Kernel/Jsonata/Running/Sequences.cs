using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Running;

/// <summary>
/// The language's idea of lists: a path finds a sequence; a sequence of nothing is nothing, and one of a single value
/// is that value. A null of C# is "nothing" everywhere in the module.
/// </summary>
internal static class Sequences
{
    private const int LongName = 64;

    /// <summary>What a path or function found, before it is handed on.</summary>
    public static DataArray Uncollapsed(IReadOnlyList<DataValue> items) =>
        new(items) { Origin = ArrayOrigin.Sequence };

    /// <summary>A sequence of which a single value stays in its array; nothing stays nothing.</summary>
    public static DataArray? Kept(IReadOnlyList<DataValue> items) => items.Count == 0
        ? null
        : new DataArray(items) { Origin = ArrayOrigin.Sequence | ArrayOrigin.KeepsSingleton };

    /// <summary>A sequence as the language hands it on; anything else as it is.</summary>
    public static DataValue? Collapsed(DataValue? value) => value is DataArray array && IsSequence(array)
        ? array.Items.Count switch
        {
            0 => null,
            1 when (array.Origin & ArrayOrigin.KeepsSingleton) == 0 => array.Items[0],
            _ => array,
        }
        : value;

    public static bool IsSequence(DataValue? value) => Has(value, ArrayOrigin.Sequence);

    public static bool Has(DataValue? value, ArrayOrigin origin) =>
        value is DataArray array && (array.Origin & origin) != 0;

    /// <summary>The items of an array, a single value as one item, nothing as none.</summary>
    public static IReadOnlyList<DataValue> Items(DataValue? value) => value switch
    {
        null => [],
        DataArray array => array.Items,
        _ => [value],
    };

    /// <summary>What a reader of the context sees: not the array that is put around an input that is one.</summary>
    public static DataValue? Unwrapped(DataValue? input) =>
        Has(input, ArrayOrigin.Wrapper) ? ((DataArray)input!).Items[0] : input;

    /// <summary>Both in one array; nothing adds nothing.</summary>
    public static DataValue? Append(DataValue? first, DataValue? second, Evaluation run)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        var (left, right) = (Items(first), Items(second));
        run.ChargeItems(left.Count + (long)right.Count);
        var all = new List<DataValue>(left.Count + right.Count);
        all.AddRange(left);
        all.AddRange(right);
        return new DataArray(all);
    }

    /// <summary>A member of an object, or that member of each object of an array as a sequence of any length.</summary>
    public static DataValue? Lookup(DataValue? input, string name, Evaluation run)
    {
        if (name.Length > LongName)
        {
            run.ChargeName(name);
        }

        if (input is DataObject members)
        {
            return members.TryGet(name, out var value) ? value : null;
        }

        if (input is not DataArray array)
        {
            return null;
        }

        run.Charge(array.Items.Count * (1 + (name.Length / LongName)));
        var found = new List<DataValue>();
        Collect(array, name, run, found);
        return Uncollapsed(found);
    }

    private static void Collect(DataArray array, string name, Evaluation run, List<DataValue> found)
    {
        for (var index = 0; index < array.Items.Count; index++)
        {
            switch (array.Items[index])
            {
                case DataObject members when members.TryGet(name, out var value):
                    AddFlat(found, value, run);
                    break;
                case DataArray inner:
                    run.Charge(inner.Items.Count);
                    Collect(inner, name, run, found);
                    break;
            }
        }
    }

    /// <summary>Adds a value, or the items of an array one by one.</summary>
    public static void AddFlat(List<DataValue> list, DataValue value, Evaluation run)
    {
        if (value is DataArray array)
        {
            run.ChargeItems(list.Count + (long)array.Items.Count, array.Items.Count);
            list.AddRange(array.Items);
        }
        else
        {
            run.ChargeItems(list.Count + 1L, 1);
            list.Add(value);
        }
    }
}
