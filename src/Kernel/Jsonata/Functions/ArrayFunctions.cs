using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

internal static class ArrayFunctions
{
    public static DataValue? Append(Evaluation run, DataValue?[] arguments) =>
        Sequences.Append(arguments[0], arguments[1], run);

    public static DataValue? Exists(Evaluation run, DataValue?[] arguments) => arguments[0] is not null;

    public static DataValue? Reverse(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray array)
        {
            return null;
        }

        run.ChargeItems(array.Items.Count);
        return new DataArray([.. array.Items.Reverse()]);
    }

    /// <summary>The first items together, the second ones, and so on for as long as all have one.</summary>
    public static DataValue? Zip(Evaluation run, DataValue?[] arguments)
    {
        var count = arguments.Length == 0 ? 0 : arguments.Min(argument => Sequences.Items(argument).Count);
        run.ChargeItems((long)count * arguments.Length);
        var rows = new DataValue[count];
        for (var index = 0; index < count; index++)
        {
            rows[index] = new DataArray([.. arguments.Select(argument => Sequences.Items(argument)[index])]);
        }

        return new DataArray(rows);
    }

    public static DataValue? Distinct(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray { Items.Count: > 1 } array)
        {
            return arguments[0];
        }

        run.ChargeItems(array.Items.Count);
        var seen = new HashSet<DataValue>(new SameValue(run));
        List<DataValue> distinct = [.. array.Items.Where(seen.Add)];
        return new DataArray(distinct) { Origin = array.Origin & ~ArrayOrigin.Constructed };
    }

    public static DataValue? Sort(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray { Items: var items } array)
        {
            return null;
        }

        if (items.Count <= 1)
        {
            return new DataArray(items);
        }

        run.ChargeItems(items.Count);
        if (arguments[1] is FunctionValue isAfter)
        {
            return new DataArray(MergeSort.Sort(items, (a, b) => Truth.Of(isAfter.Invoke(run, [a, b], null))));
        }

        if (!items.All(item => item is DataNumber) && !items.All(item => item is DataText))
        {
            throw new ExpressionException("D3070", "Without a function only numbers, or only strings, have an order");
        }

        return new DataArray(MergeSort.Sort(items, (a, b) =>
        {
            run.Charge(1);
            if ((a, b) is (DataNumber one, DataNumber other))
            {
                return one.Value > other.Value;
            }

            var (left, right) = (((DataText)a).Value, ((DataText)b).Value);
            run.ChargeComparison(left, right);
            return string.CompareOrdinal(left, right) > 0;
        }));
    }

    public static DataValue? Shuffle(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray array)
        {
            return null;
        }

        run.ChargeItems(array.Items.Count);
        DataValue[] items = [.. array.Items];
        for (var index = items.Length - 1; index > 0; index--)
        {
            var other = Math.Min((int)(run.Chance() * (index + 1)), index);
            (items[index], items[other]) = (items[other], items[index]);
        }

        return new DataArray(items);
    }
}
