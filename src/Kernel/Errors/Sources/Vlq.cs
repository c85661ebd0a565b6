namespace Lambent.Kernel.Errors.Sources;

/// <summary>Numbers of variable length in Base64 digits, as source maps have them.</summary>
internal static class Vlq
{
    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int DigitBits = 5;
    private const int GoesOn = 1 << DigitBits;
    private const int ShiftMax = 30;

    private static readonly sbyte[] Values = MakeValues();

    /// <summary>Reads a number; false at a character that is no digit, where the position stays.</summary>
    public static bool TryRead(string text, ref int position, out int value)
    {
        var (sum, shift) = (0L, 0);
        while (position < text.Length && text[position] < Values.Length && Values[text[position]] is >= 0 and var digit)
        {
            position++;
            sum |= shift <= ShiftMax ? (long)(digit & (GoesOn - 1)) << shift : 0;
            shift += DigitBits;
            if ((digit & GoesOn) == 0)
            {
                value = (int)Math.Min(sum >> 1, int.MaxValue) * ((sum & 1) == 1 ? -1 : 1);
                return true;
            }
        }

        value = 0;
        return false;
    }

    private static sbyte[] MakeValues()
    {
        var values = new sbyte[128];
        Array.Fill(values, (sbyte)-1);
        for (var digit = 0; digit < Digits.Length; digit++)
        {
            values[Digits[digit]] = (sbyte)digit;
        }

        return values;
    }
}
