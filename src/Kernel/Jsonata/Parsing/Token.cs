using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Parsing;

internal enum TokenKind
{
    End,
    Operator,
    Name,
    Variable,
    String,
    Number,
    Constant,
    Pattern,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">The operator, the name, or the variable without `$`.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Value">Of a string, number, constant or regular expression.</param>
/// <param name="IsQuoted">Of a name: written in backticks, and so never a word of the language.</param>
internal readonly record struct Token(
    TokenKind Kind, string Text, int Position, DataValue? Value = null, bool IsQuoted = false)
{
    public bool Is(string symbol) => Kind == TokenKind.Operator && Text == symbol;

    /// <summary>A word between two operands: `and`, `or`, `in`.</summary>
    public bool IsWordOperator => Kind == TokenKind.Name && !IsQuoted && Text is "and" or "or" or "in";
}
