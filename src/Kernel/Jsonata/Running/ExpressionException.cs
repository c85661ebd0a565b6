namespace Lambent.Kernel.Jsonata.Running;

/// <summary>
/// Ends a compilation or an evaluation. It never leaves the module: the language has no way to catch a failure, so one
/// at any depth ends the whole, and passing results through every node would cost each evaluation that does not fail.
/// </summary>
internal sealed class ExpressionException(string code, string message, int position = -1, string? token = null)
    : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>Negative until somebody knows where in the expression it happened.</summary>
    public int Position { get; private set; } = position;

    public string? Token { get; private set; } = token;

    /// <summary>Says where it happened unless that is known; returns itself.</summary>
    public ExpressionException At(int position, string? token)
    {
        if (Position < 0)
        {
            Position = position;
            Token ??= token;
        }

        return this;
    }

    public JsonataFailure ToFailure() => new(Code, Message, Math.Max(Position, 0), Token);
}
