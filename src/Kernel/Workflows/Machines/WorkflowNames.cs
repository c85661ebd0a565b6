namespace Lambent.Kernel.Workflows.Machines;

/// <summary>Names of state machines, executions, activities and aliases.</summary>
public static class WorkflowNames
{
    public const int LengthMax = 80;

    private const string Forbidden = "<>{}[]?*\"#%\\^|~`$&,;:/";

    /// <summary>Whether a name has only what AWS allows; its length is checked elsewhere.</summary>
    public static bool IsValid(string name)
    {
        foreach (var character in name)
        {
            if (char.IsWhiteSpace(character) || char.IsControl(character) || Forbidden.Contains(character)
                || char.IsSurrogate(character))
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    /// <summary>Letters, digits, <c>_-.</c>, and not digits alone: those are versions.</summary>
    public static bool IsAlias(string name) =>
        name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.')
        && !name.All(char.IsAsciiDigit);
}
