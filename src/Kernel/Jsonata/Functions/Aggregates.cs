using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>One number of many.</summary>
internal static class Aggregates
{
    public static DataValue? Sum(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is DataArray array ? new DataNumber(Values(array, run).Sum()) : null;

    public static DataValue? Count(Evaluation run, DataValue?[] arguments) =>
        Sequences.Items(arguments[0]).Count;

    public static DataValue? Max(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is DataArray { Items.Count: > 0 } array ? new DataNumber(Values(array, run).Max()) : null;

    public static DataValue? Min(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is DataArray { Items.Count: > 0 } array ? new DataNumber(Values(array, run).Min()) : null;

    public static DataValue? Average(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is DataArray { Items.Count: > 0 } array
            ? new DataNumber(Values(array, run).Sum() / array.Items.Count)
            : null;

    private static IEnumerable<double> Values(DataArray array, Evaluation run)
    {
        run.Charge(array.Items.Count);
        return array.Items.Select(item => ((DataNumber)item).Value);
    }
}
