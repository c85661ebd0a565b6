using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Functions that call a function for each item or member.</summary>
internal static class HigherOrderFunctions
{
    public static DataValue? Map(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray array)
        {
            return null;
        }

        var function = (FunctionValue)arguments[1]!;
        var mapped = new List<DataValue>();
        for (var index = 0; index < array.Items.Count; index++)
        {
            if (Call(run, function, array, index) is { } value)
            {
                run.ChargeItems(mapped.Count + 1L, 1);
                mapped.Add(value);
            }
        }

        return Sequences.Uncollapsed(mapped);
    }

    public static DataValue? Filter(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray array)
        {
            return null;
        }

        var function = (FunctionValue)arguments[1]!;
        return Sequences.Uncollapsed(
            [.. array.Items.Where((_, index) => Truth.Of(Call(run, function, array, index)))]);
    }

    public static DataValue? Single(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray array)
        {
            return null;
        }

        var function = arguments[1] as FunctionValue;
        DataValue? found = null;
        for (var index = 0; index < array.Items.Count; index++)
        {
            if (function is not null && !Truth.Of(Call(run, function, array, index)))
            {
                continue;
            }

            found = found is null
                ? array.Items[index]
                : throw new ExpressionException("D3138", "More than one item fits where a single one should");
        }

        return found ?? throw new ExpressionException("D3139", "No item fits where a single one should");
    }

    public static DataValue? Reduce(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray array)
        {
            return null;
        }

        var function = (FunctionValue)arguments[1]!;
        if (function.ParameterCount < 2)
        {
            throw new ExpressionException("D3050", "The function must take two arguments: what there is, and an item");
        }

        var (result, index) = arguments[2] is null && array.Items.Count > 0 ? (array.Items[0], 1) : (arguments[2], 0);
        for (; index < array.Items.Count; index++)
        {
            result = function.InvokeWith(run, result, array.Items[index], index, array);
        }

        return result;
    }

    public static DataValue? Sift(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataObject members || arguments[1] is not FunctionValue function)
        {
            return null;
        }

        var sifted = new OrderedDictionary<string, DataValue>();
        foreach (var (name, value) in members.Members)
        {
            run.ChargeName(name);
            if (Truth.Of(function.InvokeWith(run, value, name, members)))
            {
                sifted[name] = value;
            }
        }

        return sifted.Count == 0 ? null : new DataObject(sifted);
    }

    public static DataValue? Each(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataObject members)
        {
            return null;
        }

        var function = (FunctionValue)arguments[1]!;
        var results = new List<DataValue>();
        foreach (var (name, value) in members.Members)
        {
            run.Charge(1);
            if (function.InvokeWith(run, value, name, members) is { } result)
            {
                results.Add(result);
            }
        }

        return Sequences.Uncollapsed(results);
    }

    private static DataValue? Call(Evaluation run, FunctionValue function, DataArray array, int index)
    {
        run.Charge(1);
        return function.ParameterCount < 2
            ? function.Invoke(run, [array.Items[index]], null)
            : function.InvokeWith(run, array.Items[index], index, array);
    }
}
