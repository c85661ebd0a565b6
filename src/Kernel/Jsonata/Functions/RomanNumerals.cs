using System.Text;
using Lambent.Kernel.Jsonata.Running;

namespace Lambent.Kernel.Jsonata.Functions;

internal static class RomanNumerals
{
    private static readonly (int Value, string Letters)[] Numerals =
    [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ];

    public static string Write(double value, Evaluation run)
    {
        run.ChargeText((long)Math.Min(value / 1000, long.MaxValue / 2));
        var written = new StringBuilder();
        foreach (var (size, letters) in Numerals)
        {
            for (; value >= size; value -= size)
            {
                written.Append(letters);
            }
        }

        return written.ToString();
    }

    public static double? Read(string text)
    {
        double sum = 0;
        var greatest = 0;
        foreach (var letter in text.Reverse())
        {
            var value = Array.Find(Numerals, one => one.Letters.Length == 1 && one.Letters[0] == letter).Value;
            if (value == 0)
            {
                return null;
            }

            sum += value < greatest ? -value : value;
            greatest = Math.Max(greatest, value);
        }

        return sum;
    }
}
