using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

internal static class ObjectFunctions
{
    /// <summary>The names of an object, or those of all objects of an array, each once.</summary>
    public static DataValue? Keys(Evaluation run, DataValue?[] arguments)
    {
        var names = new OrderedDictionary<string, bool>();
        Collect(arguments[0]);
        return Sequences.Uncollapsed([.. names.Keys.Select(name => new DataText(name))]);

        void Collect(DataValue? value)
        {
            run.Charge(1);
            switch (value)
            {
                case DataObject members:
                    foreach (var (name, _) in members.Members)
                    {
                        run.ChargeName(name);
                        names.TryAdd(name, true);
                    }

                    break;
                case DataArray array:
                    foreach (var item in array.Items)
                    {
                        Collect(item);
                    }

                    break;
            }
        }
    }

    public static DataValue? Lookup(Evaluation run, DataValue?[] arguments) =>
        arguments[1] is DataText name ? Sequences.Lookup(arguments[0], name.Value, run) : null;

    /// <summary>An object of one member for each member.</summary>
    public static DataValue? Spread(Evaluation run, DataValue?[] arguments)
    {
        switch (arguments[0])
        {
            case DataObject members:
                run.ChargeItems(members.Count);
                return Sequences.Uncollapsed(
                    [.. members.Members.Select(member => new DataObject((member.Key, member.Value)))]);
            case DataArray array:
                var spread = new List<DataValue>();
                foreach (var item in array.Items)
                {
                    if (Spread(run, [item]) is { } value)
                    {
                        Sequences.AddFlat(spread, value, run);
                    }
                }

                return spread.Count == 0 ? null : new DataArray(spread);
            case FunctionValue:
                return DataText.Empty;
            default:
                return arguments[0];
        }
    }

    public static DataValue? Merge(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray array)
        {
            return null;
        }

        var merged = new OrderedDictionary<string, DataValue>();
        foreach (var item in array.Items)
        {
            run.Charge(1);
            foreach (var (name, value) in ((DataObject)item).Members)
            {
                run.ChargeName(name);
                merged[name] = value;
            }
        }

        return new DataObject(merged);
    }

    /// <summary>Values never change, so a copy is the value.</summary>
    public static DataValue? Clone(Evaluation run, DataValue?[] arguments) => arguments[0];

    public static DataValue? Type(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is { } value ? new DataText(value.Kind) : null;

    public static DataValue? Error(Evaluation run, DataValue?[] arguments) => throw new ExpressionException(
        "D3137", arguments[0] is DataText text ? text.Value : "The expression called $error()");

    public static DataValue? Assert(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is DataBoolean { Value: true }
            ? null
            : throw new ExpressionException(
                "D3141", arguments[1] is DataText text ? text.Value : "What the expression asserts is not so");
}
