using System.Globalization;
using System.Text;

namespace Lambent.Runtime.Dotnet.Logs;

/// <summary>Message templates such as "{User} bought {Count:N0}": by position when the names are numbers.</summary>
internal static class MessageTemplate
{
    public static string Format(string template, object?[] arguments)
    {
        if (arguments.Length == 0 || !template.Contains('{'))
        {
            return template;
        }
        var text = new StringBuilder(template.Length + 32);
        int next = 0;
        for (int position = 0; position < template.Length; position++)
        {
            char character = template[position];
            int end = character == '{' ? template.IndexOf('}', position) : -1;
            if ((character is '{' or '}') && position + 1 < template.Length && template[position + 1] == character)
            {
                text.Append(character);
                position++;
            }
            else if (end > 0)
            {
                string hole = template[(position + 1)..end];
                AppendHole(text, hole, arguments, ref next);
                position = end;
            }
            else
            {
                text.Append(character);
            }
        }
        return text.ToString();
    }

    private static void AppendHole(StringBuilder text, string hole, object?[] arguments, ref int next)
    {
        int colon = hole.IndexOf(':');
        string name = colon < 0 ? hole : hole[..colon];
        int index = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : next++;
        if (index >= arguments.Length)
        {
            text.Append('{').Append(hole).Append('}');
            return;
        }
        object? value = arguments[index];
        text.Append(value is IFormattable formattable && colon >= 0
            ? formattable.ToString(hole[(colon + 1)..], CultureInfo.InvariantCulture) : value?.ToString());
    }
}
