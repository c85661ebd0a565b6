using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>Names of events that are sent to executions.</summary>
public static class EventNames
{
    public const int LengthMax = 80;

    /// <summary>Of the key by which an event is known again.</summary>
    public const int KeyLengthMax = 256;

    /// <summary>Whether it is 1 to 80 letters, digits and <c>_ - .</c></summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= LengthMax
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');

    /// <summary>What is wrong with a name that somebody gave, or null.</summary>
    public static string? Problem(DataValue? name) => name is DataText { Value: var text } && IsValid(text)
        ? null
        : $"The name of an event must be 1 to {LengthMax} letters, digits, '_', '-' or '.'";
}
