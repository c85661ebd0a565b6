namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Whole numbers in English words, each beginning with a capital.</summary>
internal static class NumberWords
{
    private static readonly string[] Few =
    [
        "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
        "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
    ];

    private static readonly string[] FewOrdinals =
    [
        "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
        "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
        "Nineteenth",
    ];

    private static readonly string[] Tens =
        ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"];

    private static readonly string[] Powers = ["Thousand", "Million", "Billion", "Trillion"];
    private static readonly Dictionary<string, double> Values = MakeValues();

    public static string Write(double value, bool isOrdinal) => Write(value, isInner: false, isOrdinal);

    public static double? Read(string text)
    {
        // Each part is below the one before it; a power multiplies the part that stands before it.
        var parts = new Stack<double>([0]);
        var words = text.Replace(",", " ", StringComparison.Ordinal).Replace('-', ' ')
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words.Where(word => word != "and"))
        {
            if (!Values.TryGetValue(word, out var value))
            {
                return null;
            }

            if (value >= 100)
            {
                parts.Push(parts.Pop() * value);
                continue;
            }

            if (parts.Peek() >= 1000)
            {
                parts.Push(0);
            }

            parts.Push(parts.Pop() + value);
        }

        return words.Length == 0 ? null : parts.Sum();
    }

    private static string Write(double value, bool isInner, bool isOrdinal)
    {
        if (value <= 19)
        {
            return (isInner ? " and " : string.Empty) + (isOrdinal ? FewOrdinals : Few)[(int)value];
        }

        if (value < 100)
        {
            var (tens, ones) = ((int)value / 10, (int)value % 10);
            var word = Tens[tens - 2];
            return (isInner ? " and " : string.Empty) + (ones > 0
                ? word + "-" + Write(ones, isInner: false, isOrdinal)
                : isOrdinal ? word[..^1] + "ieth" : word);
        }

        var (unit, name) = value < 1000 ? (100.0, "Hundred") : Power(value);
        var (many, rest) = (Math.Floor(value / unit), value % unit);
        var written = (isInner ? ", " : string.Empty) + Write(many, isInner: false, isOrdinal: false) + " " + name;
        return rest > 0 ? written + Write(rest, isInner: true, isOrdinal) : isOrdinal ? written + "th" : written;
    }

    private static (double Unit, string Name) Power(double value)
    {
        var power = 0;
        while (power < Powers.Length - 1 && value >= Math.Pow(1000, power + 2))
        {
            power++;
        }

        return (Math.Pow(1000, power + 1), Powers[power]);
    }

    private static Dictionary<string, double> MakeValues()
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var number = 0; number < Few.Length; number++)
        {
            values[Few[number].ToLowerInvariant()] = number;
            values[FewOrdinals[number].ToLowerInvariant()] = number;
        }

        for (var tens = 0; tens < Tens.Length; tens++)
        {
            var word = Tens[tens].ToLowerInvariant();
            values[word] = (tens + 2) * 10;
            values[word == "hundred" ? "hundredth" : word[..^1] + "ieth"] = (tens + 2) * 10;
        }

        for (var power = 0; power < Powers.Length; power++)
        {
            var word = Powers[power].ToLowerInvariant();
            values[word] = Math.Pow(1000, power + 1);
            values[word + "th"] = Math.Pow(1000, power + 1);
        }

        return values;
    }
}
