using System.Globalization;

namespace Lambent.Cli.Output;

/// <summary>Figures of metrics as people read them.</summary>
internal static class Figure
{
    public const string None = "-";

    public static string Of(double? value, string unit, string? currency) => unit switch
    {
        _ when value is null => None,
        "ms" => Milliseconds(value),
        "s" => Milliseconds(value * 1_000),
        "ratio" => Percent(value),
        "money" => Money(value, currency),
        "GB-s" => Invariant($"{value:#,0.###} GB-s"),
        _ => Count(value),
    };

    public static string Milliseconds(double? value) => value switch
    {
        null => None,
        0 => "0",
        < 0.0995 => Invariant($"{value * 1_000:0} µs"),
        < 9.95 => Invariant($"{value:0.0} ms"),
        < 9_950 => Invariant($"{value:0} ms"),
        _ => Quantity.Duration(TimeSpan.FromMilliseconds(value.Value)),
    };

    public static string Percent(double? value) => value switch
    {
        null => None,
        0 => "0 %",
        < 0.001 => "<0.1 %",
        _ => Invariant($"{value * 100:0.#} %"),
    };

    public static string Count(double? value) => value switch
    {
        null => None,
        < 10 => Invariant($"{value:0.##}"),
        < 100_000 => Invariant($"{value:#,0}"),
        < 10_000_000 => Invariant($"{value / 1_000:#,0.0} k"),
        _ => Invariant($"{value / 1_000_000:#,0.0} M"),
    };

    /// <summary>Four digits that say something: calls are cheap.</summary>
    public static string Money(double? value, string? currency) => value is not { } amount || currency is null
        ? None
        : amount == 0 ? $"0 {currency}"
        : Math.Abs(amount) >= 0.01 ? Invariant($"{amount:#,0.00} {currency}")
        : $"{amount.ToString("0.###E0", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal)} "
            + currency;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
