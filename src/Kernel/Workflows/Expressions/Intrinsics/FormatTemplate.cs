using System.Text;

namespace Lambent.Kernel.Workflows.Expressions.Intrinsics;

/// <summary>
/// A template of <c>States.Format</c>: <c>{}</c> is a place for an argument, a backslash makes <c>' { } \</c> plain.
/// </summary>
internal static class FormatTemplate
{
    private const string Escapable = "'{}\\";

    /// <returns>The texts around the places, one more than there are places; or what is wrong.</returns>
    public static (IReadOnlyList<string>? Pieces, string? Problem) Read(string template)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        for (var index = 0; index < template.Length; index++)
        {
            var character = template[index];
            var next = index + 1 < template.Length ? template[index + 1] : '\0';
            switch (character)
            {
                case '\\' when next != '\0' && Escapable.Contains(next):
                    piece.Append(next);
                    index++;
                    break;
                case '\\':
                    return (null, @"after a backslash only ' { } and \ may stand");
                case '{' when next == '}':
                    pieces.Add(piece.ToString());
                    piece.Clear();
                    index++;
                    break;
                case '{' or '}':
                    return (null, $"'{character}' that is no place for an argument needs a backslash");
                default:
                    piece.Append(character);
                    break;
            }
        }

        pieces.Add(piece.ToString());
        return (pieces, null);
    }

    /// <returns>The text without its backslashes, or null when one is out of place.</returns>
    public static string? Plain(string raw)
    {
        var plain = new StringBuilder(raw.Length);
        for (var index = 0; index < raw.Length; index++)
        {
            if (raw[index] != '\\')
            {
                plain.Append(raw[index]);
            }
            else if (index + 1 < raw.Length && Escapable.Contains(raw[index + 1]))
            {
                plain.Append(raw[++index]);
            }
            else
            {
                return null;
            }
        }

        return plain.ToString();
    }
}
