using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Intrinsics;

/// <summary>The intrinsic functions for arrays.</summary>
internal static class ArrayIntrinsics
{
    private static readonly IntrinsicResult NoArray = IntrinsicResult.Failed("the first argument is not an array");

    public static IntrinsicResult Partition(DataValue value, DataValue size)
    {
        if (value is not DataArray array)
        {
            return NoArray;
        }

        if (WholeNumbers.Rounded(size) is not { } count || count < 1)
        {
            return IntrinsicResult.Failed("the second argument is not a number of at least 1");
        }

        var chunk = (int)Math.Min(count, Math.Max(1, array.Items.Count));
        return new DataArray([.. array.Items.Chunk(chunk).Select(items => (DataValue)new DataArray(items))]);
    }

    public static IntrinsicResult Contains(DataValue value, DataValue item) => value is DataArray array
        ? DataBoolean.Of(array.Items.Contains(item))
        : NoArray;

    public static IntrinsicResult Range(DataValue first, DataValue last, DataValue step)
    {
        if (WholeNumbers.Rounded(first) is not { } from
            || WholeNumbers.Rounded(last) is not { } to
            || WholeNumbers.Rounded(step) is not { } by)
        {
            return IntrinsicResult.Failed("the arguments are not all numbers");
        }

        if (by == 0)
        {
            return IntrinsicResult.Failed("the step must not be 0");
        }

        // The largest numbers are 2^53, so that no difference leaves the range of a long.
        var count = (to - from) / by;
        if (count < 0 || (to - from != 0 && (to > from) != (by > 0)))
        {
            return DataArray.Empty;
        }

        if (count + 1 > Limits.IntrinsicRangeItemsMax)
        {
            return IntrinsicResult.Failed($"the range has more than {Limits.IntrinsicRangeItemsMax} items");
        }

        var items = new DataValue[count + 1];
        for (var index = 0; index <= count; index++)
        {
            items[index] = DataNumber.Of(from + (index * by));
        }

        return new DataArray(items);
    }

    public static IntrinsicResult GetItem(DataValue value, DataValue place)
    {
        if (value is not DataArray array)
        {
            return NoArray;
        }

        return WholeNumbers.Rounded(place) is { } index && index >= 0 && index < array.Items.Count
            ? array.Items[(int)index]
            : IntrinsicResult.Failed($"the index {place} is not one of the array's {array.Items.Count} items");
    }

    public static IntrinsicResult Length(DataValue value) => value is DataArray array
        ? DataNumber.Of(array.Items.Count)
        : NoArray;

    /// <summary>Each value once, in the order of the first ones.</summary>
    public static IntrinsicResult Unique(DataValue value)
    {
        if (value is not DataArray array)
        {
            return NoArray;
        }

        var seen = new HashSet<DataValue>(DeepEquality.Instance);
        return new DataArray([.. array.Items.Where(seen.Add)]);
    }

    // The values' own hash codes look at the outside only, which makes a set of many alike objects a list.
    private sealed class DeepEquality : IEqualityComparer<DataValue>
    {
        public static readonly DeepEquality Instance = new();

        public bool Equals(DataValue? left, DataValue? right) => left is null ? right is null : left.Equals(right);

        public int GetHashCode(DataValue value)
        {
            switch (value)
            {
                case DataArray array:
                    var hash = default(HashCode);
                    foreach (var item in array.Items)
                    {
                        hash.Add(GetHashCode(item));
                    }

                    return hash.ToHashCode();
                case DataObject members:
                    var sum = members.Count;
                    foreach (var (name, member) in members.Members)
                    {
                        sum = unchecked(sum + HashCode.Combine(name, GetHashCode(member)));
                    }

                    return sum;
                default:
                    return value.GetHashCode();
            }
        }
    }
}
