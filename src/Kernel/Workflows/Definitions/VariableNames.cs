using System.Globalization;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>The names of variables: Unicode's identifiers, and not AWS's own.</summary>
internal static class VariableNames
{
    private const string Reserved = "states";

    /// <param name="assigned">The members of an <c>Assign</c>.</param>
    /// <param name="isPath">Names may end with <c>.$</c>.</param>
    public static void Check(DefinitionFields assigned, bool isPath)
    {
        foreach (var written in assigned.Names)
        {
            var name = isPath && written.EndsWith(".$", StringComparison.Ordinal) ? written[..^2] : written;
            if (name == Reserved)
            {
                assigned.Problems.Add(
                    "RESERVED_VARIABLE_NAME", "Cannot assign to reserved variable '$states'.", assigned.Location);
            }
            else if (name.Length > Limits.WorkflowVariableNameLengthMax)
            {
                Refuse(assigned, name,
                    $"the variable name exceeds the {Limits.WorkflowVariableNameLengthMax}-character limit.");
            }
            else if (!IsIdentifier(name))
            {
                Refuse(assigned, name, "the variable name contains invalid characters.");
            }
        }
    }

    private static void Refuse(DefinitionFields assigned, string name, string why) => assigned.Problems.Add(
        "INVALID_VARIABLE_NAME", $"Invalid variable name '{name}': {why}", assigned.Location);

    private static bool IsIdentifier(string name) =>
        name.Length > 0
        && (char.IsLetter(name[0]) || char.GetUnicodeCategory(name[0]) == UnicodeCategory.LetterNumber)
        && name.Skip(1).All(IsPart);

    private static bool IsPart(char character) => char.IsLetterOrDigit(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.LetterNumber
            or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.ConnectorPunctuation;
}
