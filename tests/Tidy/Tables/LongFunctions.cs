namespace Lambent.Tidy.Tables;

/// <summary>A function that may be longer than the rule says.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Name">Type.Member.</param>
/// <param name="Lines">The lines it has now; it may only shrink, and the number with it.</param>
/// <param name="Reason">Why it is better whole.</param>
internal sealed record LongFunction(string Path, string Name, int Lines, string Reason);

/// <summary>Exemptions from the length of functions. The list may only shrink.</summary>
internal static class LongFunctions
{
    public static IReadOnlyList<LongFunction> Listed { get; } = [];
}
