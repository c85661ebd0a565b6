using System.Globalization;

namespace Lambent.Kernel.Values;

/// <summary>
/// A number as JSON has it. What was read keeps its digits, so that an identifier beyond 2^53 or a price with its zeros
/// passes through a workflow unchanged; arithmetic uses the nearest double.
/// </summary>
public sealed class DataNumber : DataValue
{
    private readonly string? text;

    public DataNumber(double value) => Value = value;

    private DataNumber(double value, string text)
    {
        Value = value;
        this.text = text;
    }

    /// <summary>The nearest double; never infinite or not a number when it was read from JSON.</summary>
    public double Value { get; }

    public override string Kind => "number";

    public bool IsInteger => Value == Math.Floor(Value) && !double.IsInfinity(Value);

    /// <summary>The number in JSON's notation, shortest form unless it was read otherwise.</summary>
    public string Text => text ?? Format(Value);

    public static DataNumber Of(long value) =>
        new(value, value.ToString(CultureInfo.InvariantCulture));

    /// <param name="text">A number in JSON's notation.</param>
    /// <returns>The number, or null when it is too large for a double.</returns>
    public static DataNumber? Read(string text)
    {
        var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? new DataNumber(value, text) : null;
    }

    public override bool Equals(DataValue? other) =>
        other is DataNumber number && number.Value == Value
        && (Math.Abs(Value) < MaximumExactInteger || number.Text == Text);

    public override int GetHashCode() => Value.GetHashCode();

    private const double MaximumExactInteger = 9_007_199_254_740_992;

    // As JavaScript and Java write whole numbers: without an exponent while they are readable.
    private static string Format(double value) => value switch
    {
        0 => "0",
        _ when value == Math.Floor(value) && Math.Abs(value) < 1e21 =>
            value.ToString("F0", CultureInfo.InvariantCulture),
        _ => value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal),
    };
}
