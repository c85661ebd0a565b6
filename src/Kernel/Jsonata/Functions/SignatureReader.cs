using Lambent.Kernel.Jsonata.Running;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Reads the text of a <see cref="Signature"/>.</summary>
internal sealed class SignatureReader(string text, int position)
{
    private const int ParametersMax = 64;
    private const string Kinds = "bnslaofjux";
    private readonly List<Parameter> parameters = [];
    private int index = 1;

    public Signature Read()
    {
        // What stands behind the colon is what the function gives back; nothing checks it.
        while (index < text.Length && text[index] is not ':' and not '>')
        {
            ReadOne();
            if (parameters.Count > ParametersMax)
            {
                throw new ExpressionException(
                    "S0602", $"A signature has more than {ParametersMax} parameters", position);
            }
        }

        return Signature.Of(parameters);
    }

    private void ReadOne()
    {
        var letter = text[index];
        switch (letter)
        {
            case '-' when parameters.Count > 0:
                parameters[^1].TakesContext = true;
                index++;
                break;
            case '?' when parameters.Count > 0:
                parameters[^1].IsOptional = true;
                index++;
                break;
            case '+' when parameters.Count > 0:
                parameters[^1].Repeats = true;
                index++;
                break;
            case '(':
                ReadChoice();
                break;
            case '<':
                ReadInner();
                break;
            default:
                // A letter that is no kind takes no argument, so every call is refused with it, as it would be anyway.
                parameters.Add(new Parameter(Kinds.Contains(letter) ? letter.ToString() : "-"));
                index++;
                break;
        }
    }

    private void ReadChoice()
    {
        var end = text.IndexOf(')', index);
        if (end < 0)
        {
            throw new ExpressionException("S0402", "A choice of kinds has no end", position + index);
        }

        var choice = text[(index + 1)..end];
        if (choice.Contains('<'))
        {
            throw new ExpressionException(
                "S0402", "A choice of kinds cannot say of what kind an array's items are", position + index);
        }

        // One letter more, so that a choice of one is not taken for the kind itself, which opens single values.
        parameters.Add(new Parameter(choice + "-"));
        index = end + 1;
    }

    private void ReadInner()
    {
        var end = index;
        for (var depth = 0; end < text.Length; end++)
        {
            depth += text[end] == '<' ? 1 : text[end] == '>' ? -1 : 0;
            if (depth == 0)
            {
                break;
            }
        }

        if (parameters.Count == 0 || parameters[^1].Kinds is not ("a" or "f"))
        {
            throw new ExpressionException(
                "S0401", "Only arrays and functions have kinds within them", position + index);
        }

        if (parameters[^1].IsArray && end > index + 1)
        {
            parameters[^1].Items = text[index + 1];
        }

        index = end + 1;
    }
}
