namespace Lambent.Tidy.Tables;

/// <summary>A file that has to name a machine's path or a registry's address.</summary>
internal sealed record PlaceExemption(string Path, string Reason);

/// <summary>Exemptions from the rule that the repository names no machine and no registry.</summary>
internal static class PlaceTable
{
    public static IReadOnlyList<PlaceExemption> Exempt { get; } = [];
}
