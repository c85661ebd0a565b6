namespace Lambent.Kernel.Jsonata.Patterns;

/// <summary>Characters, in UTF-16 units as JavaScript counts them, as ranges.</summary>
internal sealed class CharacterSet
{
    public static readonly CharacterSet Digits = new([('0', '9')]);
    public static readonly CharacterSet Words = new([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);
    public static readonly CharacterSet LineEnds = new([('\n', '\n'), ('\r', '\r'), ('\u2028', '\u2029')]);

    public static readonly CharacterSet Spaces = new(
    [
        ('\t', '\r'), (' ', ' '), ('\u00a0', '\u00a0'), ('\u1680', '\u1680'), ('\u2000', '\u200a'),
        ('\u2028', '\u2029'), ('\u202f', '\u202f'), ('\u205f', '\u205f'), ('\u3000', '\u3000'), ('\ufeff', '\ufeff'),
    ]);

    private readonly (char First, char Last)[] ranges;

    public CharacterSet(IEnumerable<(char First, char Last)> ranges)
    {
        var merged = new List<(char First, char Last)>();
        foreach (var (first, last) in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, (char)Math.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add((first, last));
            }
        }

        this.ranges = [.. merged];
    }

    public IReadOnlyList<(char First, char Last)> Ranges => ranges;

    /// <summary>The only character in it, or null when there are none or more.</summary>
    public char? Single => ranges is [var (first, last)] && first == last ? first : null;

    public static CharacterSet Of(char character) => new([(character, character)]);

    public bool Has(char character)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (character < ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (character > ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All other characters.</summary>
    public CharacterSet Others()
    {
        var others = new List<(char, char)>();
        var next = 0;
        foreach (var (first, last) in ranges)
        {
            if (first > next)
            {
                others.Add(((char)next, (char)(first - 1)));
            }

            next = last + 1;
        }

        if (next <= char.MaxValue)
        {
            others.Add(((char)next, char.MaxValue));
        }

        return new CharacterSet(others);
    }
}
