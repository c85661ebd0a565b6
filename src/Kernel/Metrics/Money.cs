using System.Globalization;
using System.Numerics;

namespace Lambent.Kernel.Metrics;

/// <summary>
/// An amount of money without rounding: sums of parts are the whole, in whatever order. Which currency it is, is said
/// elsewhere.
/// </summary>
/// <param name="Units">Each is 10 to the power of -<see cref="Decimals"/>.</param>
public readonly record struct Money(Int128 Units) : IComparable<Money>
{
    /// <summary>
    /// Ten of a price, and thirteen of a millisecond of a megabyte, which is 1/1,024,000 of what a price is for.
    /// </summary>
    public const int Decimals = 23;

    /// <summary>What a price may have.</summary>
    public const int PriceDecimals = 10;

    public static readonly Money Zero;

    private static readonly Int128 One = (Int128)BigInteger.Pow(10, Decimals);

    /// <summary>10^23 / (10^10 * 1,024,000): of a megabyte-millisecond, at 10^-10 a GB-second.</summary>
    private static readonly Int128 PerMegabyteMillisecond = (Int128)(BigInteger.Pow(10, 13) / 1_024_000);

    /// <summary>10^23 / (10^10 * 10^6): units of a request at a price of 10^-10 a million.</summary>
    private static readonly Int128 PerRequest = (Int128)BigInteger.Pow(10, 7);

    public double Approximately => double.Parse(ToString(), CultureInfo.InvariantCulture);

    /// <summary>What calls cost.</summary>
    public static Money Of(long megabyteMilliseconds, long requests, Rates rates) => new(
        ((Int128)megabyteMilliseconds * PriceUnits(rates.PerGigabyteSecond) * PerMegabyteMillisecond)
        + ((Int128)requests * PriceUnits(rates.PerMillionRequests) * PerRequest));

    public static Money Of(decimal amount) => new((Int128)(amount * 1_000_000_000m) * (One / 1_000_000_000));

    public static Money operator +(Money left, Money right) => new(left.Units + right.Units);

    public static bool operator <(Money left, Money right) => left.Units < right.Units;

    public static bool operator >(Money left, Money right) => left.Units > right.Units;

    public static bool operator <=(Money left, Money right) => left.Units <= right.Units;

    public static bool operator >=(Money left, Money right) => left.Units >= right.Units;

    public int CompareTo(Money other) => Units.CompareTo(other.Units);

    /// <summary>All decimals there are, without zeros at the end: 0.0000002083.</summary>
    public override string ToString()
    {
        var (whole, rest) = Int128.DivRem(Int128.Abs(Units), One);
        var decimals = rest.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals, '0').TrimEnd('0');
        var sign = Units < 0 ? "-" : "";
        var text = sign + whole.ToString(CultureInfo.InvariantCulture);
        return decimals.Length == 0 ? text : $"{text}.{decimals}";
    }

    private static Int128 PriceUnits(decimal price) => (Int128)(price * 10_000_000_000m);
}
