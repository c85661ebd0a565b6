namespace Lambent.Storage.Documents;

/// <summary>
/// Texts that many documents have in common, such as a role or a runtime's name, are kept in memory once. Holds the
/// last few hundred and no more; what falls out is merely there twice.
/// </summary>
internal static class RepeatedText
{
    private const int Places = 1024;
    private const int CharactersMax = 256;

    private static readonly string?[] Known = new string?[Places];

    /// <summary>The same text, as the instance that was seen before where there is one.</summary>
    public static string Share(string text)
    {
        if (text.Length is 0 or > CharactersMax)
        {
            return text;
        }

        // Without a lock: a place holds one whole text or another, and either is right.
        ref var place = ref Known[(uint)text.GetHashCode(StringComparison.Ordinal) % Places];
        var known = Volatile.Read(ref place);
        if (known == text)
        {
            return known;
        }

        Volatile.Write(ref place, text);
        return text;
    }
}
