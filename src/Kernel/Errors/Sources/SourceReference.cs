namespace Lambent.Kernel.Errors.Sources;

/// <summary>What the last line of a compiled file says of its map.</summary>
/// <param name="Inline">The map itself, or null.</param>
/// <param name="File">Where it lies beside the compiled file, or null.</param>
public sealed record SourceReference(ReadOnlyMemory<byte>? Inline, string? File)
{
    private const string Mark = "sourceMappingURL=";
    private const int FileLengthMax = 1_024;

    /// <summary>Null when it says nothing; an error when what it says cannot be followed.</summary>
    /// <param name="compiled">The compiled file's text.</param>
    public static Result<SourceReference?> Find(string compiled)
    {
        var mark = compiled.LastIndexOf(Mark, StringComparison.Ordinal);
        if (mark < 3 || compiled.AsSpan(mark - 3, 2) is not "//" and not "/*")
        {
            // # and @ stand between the two.
            mark = mark >= 4 && compiled.AsSpan(mark - 4, 2) is "//" or "/*" ? mark : -1;
        }

        if (mark < 0)
        {
            return default(SourceReference);
        }

        var rest = compiled.AsSpan(mark + Mark.Length);
        var end = rest.IndexOfAny(" \t\r\n*");
        var text = (end < 0 ? rest : rest[..end]).ToString();
        if (text.StartsWith("data:", StringComparison.Ordinal))
        {
            return ReadData(text);
        }

        return text.Contains("://", StringComparison.Ordinal) || text.Length > FileLengthMax || text.Length == 0
            ? Wrong("it is not in the package")
            : new SourceReference(null, Uri.UnescapeDataString(text));
    }

    private static Result<SourceReference?> ReadData(string text)
    {
        var comma = text.IndexOf(',');
        if (comma < 0)
        {
            return Wrong("its data URI has no data");
        }

        if (!text.AsSpan(0, comma).EndsWith(";base64", StringComparison.Ordinal))
        {
            return new SourceReference(
                System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(text[(comma + 1)..])), null);
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text.AsSpan(comma + 1), bytes, out var written)
            ? new SourceReference(bytes.AsMemory(0, written), null)
            : Wrong("its data URI is not Base64");
    }

    private static Error Wrong(string why) =>
        new(ErrorCode.ValidationFailed, $"The source map cannot be read: {why}.", "map");
}
