using System.Globalization;
using Lambent.Load.Measures;

namespace Lambent.Load.Reports;

/// <summary>Figures as people read them: three significant digits are more than a shared machine is worth.</summary>
internal static class Figure
{
    public static string Text(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>The columns of a measurement, in the order of <see cref="Headings"/>.</summary>
    public static IReadOnlyList<string> Cells(Measurement measurement) =>
    [
        measurement.Target?.Id ?? "",
        measurement.What,
        $"{Text(measurement.Ours)} {measurement.Unit}",
        measurement.Peer is { } peer ? $"{Text(peer)} {measurement.PeerName}" : "",
        measurement.Ratio is { } ratio ? ratio.ToString("0.000", CultureInfo.InvariantCulture) : "",
        measurement.Target is { } target ? Bound(target) : "",
        measurement.Verdict switch
        {
            Verdict.Aim => "aim",
            Verdict.Land => "ok",
            Verdict.Below => "missed",
            _ => "",
        },
        measurement.Note ?? "",
    ];

    public static IReadOnlyList<string> Headings { get; } =
        ["", "what", "ours", "peer", "ratio", "land / aim", "verdict", "note"];

    private static string Bound(Target target)
    {
        var sign = target.LowerIsBetter ? "≤" : "≥";
        var unit = target.Unit.Length > 0 ? $" {target.Unit}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{target.Land} / {target.Aim}{unit}");
    }
}
