namespace Lambent.Cli.Commands;

/// <summary>Finds what was probably meant: the known word a typing mistake or two away.</summary>
internal static class Spelling
{
    /// <summary>The nearest candidate, or null when none is near enough to be a mistake.</summary>
    public static string? Nearest(string typed, IEnumerable<string> candidates)
    {
        string? nearest = null;
        var least = Math.Max(1, typed.Length / 3) + 1;
        foreach (var candidate in candidates.Order(StringComparer.Ordinal))
        {
            // A word of which one half was typed is meant too: "func" for "functions".
            var distance = candidate.Length > typed.Length && typed.Length >= 3
                && candidate.StartsWith(typed, StringComparison.OrdinalIgnoreCase)
                    ? 1
                    : Distance(typed.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < least)
            {
                least = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    /// <summary>"Did you mean …?", with a leading space, or nothing.</summary>
    public static string Question(string typed, IEnumerable<string> candidates) =>
        Nearest(typed, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours, each counted as one.</summary>
    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var row = 0; row <= left.Length; row++)
        {
            table[row, 0] = row;
        }

        for (var column = 0; column <= right.Length; column++)
        {
            table[0, column] = column;
        }

        for (var row = 1; row <= left.Length; row++)
        {
            for (var column = 1; column <= right.Length; column++)
            {
                var substitution = left[row - 1] == right[column - 1] ? 0 : 1;
                var least = Math.Min(
                    Math.Min(table[row - 1, column] + 1, table[row, column - 1] + 1),
                    table[row - 1, column - 1] + substitution);
                var swapped = row > 1 && column > 1
                    && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
                table[row, column] = swapped ? Math.Min(least, table[row - 2, column - 2] + 1) : least;
            }
        }

        return table[left.Length, right.Length];
    }
}
