using System.Text.Json;

namespace Lambent.Kernel.Errors.Sources;

/// <summary>The mappings of one map, decoded.</summary>
internal sealed class Mappings
{
    private const int SegmentBytes = 20;

    private readonly List<Segment> segments = [];

    /// <summary>The first segment of each line, and one more for the end.</summary>
    private readonly List<int> lines = [0];
    private readonly string[] sources;
    private readonly string?[] contents;
    private readonly string[] names;

    private Mappings(string[] sources, string?[] contents, string[] names) =>
        (this.sources, this.contents, this.names) = (sources, contents, names);

    public long Bytes => (segments.Count * (long)SegmentBytes) + (lines.Count * 4L)
        + contents.Sum(content => 2L * (content?.Length ?? 0));

    /// <param name="segmentsLeft">How many may still be read; counted down.</param>
    /// <returns>Null when there are more.</returns>
    public static Mappings? Read(JsonElement map, int linesMax, ref int segmentsLeft)
    {
        var root = map.TryGetProperty("sourceRoot", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString()!
            : "";
        root = root.Length == 0 || root[^1] == '/' ? root : root + "/";
        var read = new Mappings(
            [.. Strings(map, "sources").Select(source => root + source)],
            [.. Strings(map, "sourcesContent")],
            [.. Strings(map, "names").Select(name => name ?? "")]);
        var text = map.TryGetProperty("mappings", out var mappings) && mappings.ValueKind == JsonValueKind.String
            ? mappings.GetString()!
            : "";
        return read.Decode(text, linesMax, ref segmentsLeft) ? read : null;
    }

    /// <param name="line">From 0, as all numbers here.</param>
    public SourcePosition? Find(int line, int column)
    {
        if (line < 0 || line >= lines.Count - 1)
        {
            return null;
        }

        var (low, high) = (lines[line], lines[line + 1]);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = segments[middle].Column <= column ? (middle + 1, high) : (low, middle);
        }

        if (low == lines[line])
        {
            return null;
        }

        var found = segments[low - 1];
        return found.Source < 0 || found.Source >= sources.Length || found.SourceLine < 0
            ? null
            : new SourcePosition(
                sources[found.Source],
                found.SourceLine + 1,
                Math.Max(0, found.SourceColumn) + 1,
                found.Name >= 0 && found.Name < names.Length ? names[found.Name] : null,
                found.Source < contents.Length ? contents[found.Source] : null);
    }

    private static IEnumerable<string?> Strings(JsonElement map, string name) =>
        map.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array
            ? array.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)
            : [];

    private bool Decode(string text, int linesMax, ref int segmentsLeft)
    {
        Span<int> fields = stackalloc int[5];
        var (position, column, source, sourceLine, sourceColumn, name) = (0, 0, 0, 0, 0, 0);
        while (position < text.Length)
        {
            if (text[position] is ';' or ',')
            {
                if (text[position++] == ';')
                {
                    EndLine();
                    column = 0;
                }

                if (lines.Count > linesMax)
                {
                    return false;
                }

                continue;
            }

            var count = 0;
            while (position < text.Length && text[position] is not (';' or ','))
            {
                if (!Vlq.TryRead(text, ref position, out var value))
                {
                    // A character that belongs nowhere: the segment ends, the next one is tried.
                    position++;
                    continue;
                }

                if (count < fields.Length)
                {
                    fields[count++] = value;
                }
            }

            if (count == 0)
            {
                continue;
            }

            if (--segmentsLeft < 0)
            {
                return false;
            }

            unchecked
            {
                column += fields[0];
                source += count > 3 ? fields[1] : 0;
                sourceLine += count > 3 ? fields[2] : 0;
                sourceColumn += count > 3 ? fields[3] : 0;
                name += count > 4 ? fields[4] : 0;
            }

            segments.Add(new Segment(
                column, count > 3 ? source : -1, sourceLine, sourceColumn, count > 4 ? name : -1));
        }

        EndLine();
        return true;
    }

    private void EndLine()
    {
        // Columns may go backwards; a search needs them in order.
        var first = lines[^1];
        segments.Sort(first, segments.Count - first, Segment.ByColumn);
        lines.Add(segments.Count);
    }

    private readonly record struct Segment(int Column, int Source, int SourceLine, int SourceColumn, int Name)
    {
        public static readonly Comparer<Segment> ByColumn =
            Comparer<Segment>.Create((one, other) => one.Column.CompareTo(other.Column));
    }
}
