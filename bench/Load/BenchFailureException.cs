namespace Lambent.Load;

/// <summary>A measurement that cannot be made: the message says why, the hint what to do about it.</summary>
internal sealed class BenchFailureException(string message, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    public string? Hint { get; } = hint;
}
