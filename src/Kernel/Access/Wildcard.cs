namespace Lambent.Kernel.Access;

/// <summary>Patterns of policies: a star is any text, a question mark one character.</summary>
public static class Wildcard
{
    /// <summary>
    /// Linear in practice and at worst the product of both lengths: on a mismatch only the last star takes one
    /// character more, never an earlier one.
    /// </summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool ignoreCase)
    {
        int at = 0, index = 0, star = -1, resume = 0;
        while (index < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                resume = index;
            }
            else if (at < pattern.Length && (pattern[at] == '?' || Same(pattern[at], text[index], ignoreCase)))
            {
                at++;
                index++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                index = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }

    private static bool Same(char left, char right, bool ignoreCase) =>
        left == right || (ignoreCase && char.ToLowerInvariant(left) == char.ToLowerInvariant(right));
}
