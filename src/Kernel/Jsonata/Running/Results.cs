using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Running;

/// <summary>What leaves an evaluation: values that JSON has, and no others.</summary>
internal static class Results
{
    /// <summary>The value itself where nothing in it has to be taken out, as nearly always.</summary>
    public static DataValue Of(DataValue value, Evaluation run) => value switch
    {
        DataNumber number => double.IsFinite(number.Value)
            ? number
            : throw new ExpressionException("D1001", "The result is a number out of range"),
        DataArray array => Of(array, run),
        DataObject members => Of(members, run),
        FunctionValue => throw new ExpressionException("D2018", "The result is, or holds, a function; it has no JSON"),
        _ => value,
    };

    private static DataArray Of(DataArray array, Evaluation run)
    {
        DataValue[]? changed = null;
        for (var index = 0; index < array.Items.Count; index++)
        {
            var item = Of(array.Items[index], run);
            if (!ReferenceEquals(item, array.Items[index]))
            {
                changed ??= [.. array.Items];
                changed[index] = item;
            }
        }

        return changed is not null || array.Origin != ArrayOrigin.None ? new DataArray(changed ?? array.Items) : array;
    }

    private static DataObject Of(DataObject members, Evaluation run)
    {
        OrderedDictionary<string, DataValue>? changed = null;
        foreach (var (name, value) in members.Members)
        {
            if (value is PatternFunction.NextMatch)
            {
                // The match of a regular expression: all but the way to the next one is data.
                changed ??= new OrderedDictionary<string, DataValue>(members.Members);
                changed.Remove(name);
                continue;
            }

            var member = Of(value, run);
            if (!ReferenceEquals(member, value))
            {
                changed ??= new OrderedDictionary<string, DataValue>(members.Members);
                changed[name] = member;
            }
        }

        return changed is null ? members : new DataObject(changed);
    }
}
