using System.Text;

namespace Lambent.Kernel.Events.Filters;

/// <summary>
/// A text with stars for any characters, none included. Matching takes time in proportion to the text and the pattern
/// together, whatever either holds: each piece between stars is looked for once, from left to right, by its own prefix
/// table (Knuth, Morris and Pratt).
/// </summary>
internal sealed class WildcardText
{
    private readonly string first;
    private readonly string last;
    private readonly Piece[] middle;
    private readonly bool hasStar;

    private WildcardText(List<string> pieces)
    {
        hasStar = pieces.Count > 1;
        first = pieces[0];
        last = hasStar ? pieces[^1] : "";
        middle = hasStar ? [.. pieces[1..^1].Select(piece => new Piece(piece))] : [];
    }

    /// <summary>Reads a pattern: \* is a star itself, \\ a backslash.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="wrong">What is wrong with it, when the result is null.</param>
    public static WildcardText? Parse(string text, out string wrong)
    {
        wrong = "";
        var pieces = new List<string>();
        var piece = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '*' when index > 0 && text[index - 1] == '*' && piece.Length == 0:
                    wrong = $"Consecutive wildcard characters at pos {index - 1}";
                    return null;
                case '*':
                    pieces.Add(piece.ToString());
                    piece.Clear();
                    break;
                case '\\' when index + 1 < text.Length && text[index + 1] is '*' or '\\':
                    piece.Append(text[++index]);
                    break;
                case '\\':
                    wrong = $"Invalid escape character at pos {index}";
                    return null;
                default:
                    piece.Append(text[index]);
                    break;
            }
        }

        pieces.Add(piece.ToString());
        return new WildcardText(pieces);
    }

    public bool Matches(string text)
    {
        if (!hasStar)
        {
            return text == first;
        }

        if (text.Length < first.Length + last.Length
            || !text.StartsWith(first, StringComparison.Ordinal)
            || !text.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        var position = first.Length;
        var end = text.Length - last.Length;
        foreach (var piece in middle)
        {
            position = piece.EndIn(text.AsSpan(0, end), position);
            if (position < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A text between two stars with the lengths of its borders.</summary>
    private sealed class Piece
    {
        private readonly string text;
        private readonly int[] borders;

        public Piece(string text)
        {
            this.text = text;
            borders = new int[text.Length];
            for (int index = 1, length = 0; index < text.Length; index++)
            {
                while (length > 0 && text[index] != text[length])
                {
                    length = borders[length - 1];
                }

                length += text[index] == text[length] ? 1 : 0;
                borders[index] = length;
            }
        }

        /// <summary>Where the first occurrence from <paramref name="start"/> on ends, or -1.</summary>
        public int EndIn(ReadOnlySpan<char> searched, int start)
        {
            var length = 0;
            for (var index = start; index < searched.Length; index++)
            {
                while (length > 0 && searched[index] != text[length])
                {
                    length = borders[length - 1];
                }

                length += searched[index] == text[length] ? 1 : 0;
                if (length == text.Length)
                {
                    return index + 1;
                }
            }

            return -1;
        }
    }
}
