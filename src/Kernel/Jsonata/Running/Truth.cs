using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Running;

/// <summary>What counts as true, and what as equal.</summary>
internal static class Truth
{
    /// <summary>Nothing, empty things, 0, functions, and arrays of none but such are false.</summary>
    public static bool Of(DataValue? value) => value switch
    {
        DataBoolean boolean => boolean.Value,
        DataText text => text.Value.Length > 0,
        DataNumber number => number.Value != 0 && !double.IsNaN(number.Value),
        DataArray { Items: { Count: 1 } items } => Of(items[0]),
        DataArray array => AnyOf(array),
        DataObject members => members.Count > 0,
        _ => false,
    };

    private static bool AnyOf(DataArray array)
    {
        for (var index = 0; index < array.Items.Count; index++)
        {
            if (Of(array.Items[index]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Deep equality; numbers as doubles, whatever their digits were, functions by identity.</summary>
    public static bool Same(DataValue first, DataValue second, Evaluation run)
    {
        if (ReferenceEquals(first, second))
        {
            return true;
        }

        run.Charge(1);
        return (first, second) switch
        {
            (DataNumber a, DataNumber b) => a.Value == b.Value,
            (DataText a, DataText b) => SameTexts(a.Value, b.Value, run),
            (DataArray a, DataArray b) => SameItems(a.Items, b.Items, run),
            (DataObject a, DataObject b) => SameMembers(a, b, run),
            _ => false,
        };
    }

    private static bool SameTexts(string first, string second, Evaluation run)
    {
        if (first.Length != second.Length)
        {
            return false;
        }

        run.ChargeComparison(first, second);
        return first == second;
    }

    private static bool SameItems(IReadOnlyList<DataValue> first, IReadOnlyList<DataValue> second, Evaluation run)
    {
        if (first.Count != second.Count)
        {
            return false;
        }

        for (var index = 0; index < first.Count; index++)
        {
            if (!Same(first[index], second[index], run))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameMembers(DataObject first, DataObject second, Evaluation run)
    {
        if (first.Count != second.Count)
        {
            return false;
        }

        foreach (var (name, value) in first.Members)
        {
            run.ChargeName(name);
            if (!second.TryGet(name, out var other) || !Same(value, other, run))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Finds equal values in hash tables, as `$distinct` needs.</summary>
internal sealed class SameValue(Evaluation run) : IEqualityComparer<DataValue>
{
    public bool Equals(DataValue? x, DataValue? y) => x is not null && y is not null && Truth.Same(x, y, run);

    public int GetHashCode(DataValue obj)
    {
        switch (obj)
        {
            case DataNumber number:
                return (number.Value == 0 ? 0.0 : number.Value).GetHashCode();
            case DataText text:
                run.ChargeName(text.Value);
                return text.Value.GetHashCode(StringComparison.Ordinal);
            case DataArray array:
                return array.Items.Count == 0 ? 3 : HashCode.Combine(array.Items.Count, GetHashCode(array.Items[0]));
            case DataObject members:
                // Members come in any order, so each counts alone.
                var hash = members.Count;
                foreach (var (name, value) in members.Members)
                {
                    run.ChargeName(name);
                    hash ^= HashCode.Combine(name.GetHashCode(StringComparison.Ordinal), GetHashCode(value));
                }

                return hash;
            default:
                return obj.GetHashCode();
        }
    }
}
