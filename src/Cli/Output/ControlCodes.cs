using System.Text;

namespace Lambent.Cli.Output;

/// <summary>
/// Takes terminal control codes out of text that others wrote. A function's output could otherwise retitle the
/// window, move the cursor over earlier lines or answer for the person.
/// </summary>
internal static class ControlCodes
{
    private const char Escape = '\u001b';
    private const char Bell = '\u0007';

    public static string Strip(string text)
    {
        if (!text.Any(IsDangerous))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == Escape)
            {
                index = SkipSequence(text, index);
            }
            else if (!IsDangerous(text[index]))
            {
                clean.Append(text[index]);
            }
        }

        return clean.ToString();
    }

    private static bool IsDangerous(char character) => char.IsControl(character) && character is not ('\n' or '\t');

    /// <summary>Returns the index of the last character of the sequence that starts at the escape.</summary>
    private static int SkipSequence(string text, int escape)
    {
        var index = escape + 1;
        if (index >= text.Length)
        {
            return escape;
        }

        if (text[index] == '[')
        {
            // Control sequence: parameters, then one final character from @ to ~.
            do
            {
                index++;
            }
            while (index < text.Length && text[index] is not (>= '@' and <= '~'));
            return index;
        }

        if (text[index] is ']' or 'P' or 'X' or '^' or '_')
        {
            // A string for the terminal: until bell or escape-backslash.
            while (index < text.Length && text[index] != Bell && text[index] != Escape)
            {
                index++;
            }

            return index + 1 < text.Length && text[index] == Escape && text[index + 1] == '\\' ? index + 1 : index;
        }

        return index;
    }
}
