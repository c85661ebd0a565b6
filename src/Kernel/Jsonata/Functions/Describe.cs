using System.Globalization;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Values and text in messages.</summary>
internal static class Describe
{
    private const int LengthMax = 60;

    public static string A(DataValue? value) => value switch
    {
        null => "nothing",
        DataNull => "null",
        DataArray or DataObject => $"an {value.Kind}",
        _ => $"a {value.Kind}",
    };

    /// <summary>In quotes, and cut where it becomes long.</summary>
    public static string Quoted(string text) =>
        text.Length <= LengthMax ? $"\"{text}\"" : $"\"{text[..LengthMax]}…\"";
}

/// <summary>What numbers may be.</summary>
internal static class Arithmetic
{
    public static double Finite(double value, int position = -1) => double.IsFinite(value)
        ? value
        : throw new ExpressionException("D1001", "A number is out of range", position);

    public static DataNumber Number(double value) => new(Finite(value));

    /// <summary>A number of an argument, cut to a whole one of 32 bits.</summary>
    public static int Whole(DataValue? value) =>
        (int)Math.Clamp(Math.Truncate(((DataNumber)value!).Value), int.MinValue / 2, int.MaxValue / 2);

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
