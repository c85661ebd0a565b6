using System.Text.Json;

namespace Lambent.Kernel.Errors.Sources;

/// <summary>Where something is in the source that was compiled.</summary>
/// <param name="File">As the map names it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Name">What it was called, or null.</param>
/// <param name="Content">The source's text when the map has it, or null.</param>
public sealed record SourcePosition(string File, int Line, int Column, string? Name, string? Content);

/// <summary>
/// A source map of revision 3, with or without sections. Whatever it holds, reading takes time and memory that grow
/// with its size alone, and what is wrong in it is passed over or refused.
/// </summary>
public sealed class SourceMap
{
    /// <summary>A map that is read, in bytes.</summary>
    public const int BytesMax = 24 * Limits.MiB;

    private const int SegmentsMax = 3_000_000;
    private const int LinesMax = 2_000_000;
    private const int DepthMax = 16;

    private readonly List<Section> sections;

    private SourceMap(List<Section> sections) => this.sections = sections;

    /// <summary>What it takes in memory, about.</summary>
    public long Bytes => sections.Sum(section => section.Map.Bytes);

    /// <returns>The map, or why it cannot be used.</returns>
    public static Result<SourceMap> Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > BytesMax)
        {
            return Wrong($"it is larger than {BytesMax / Limits.MiB} MB");
        }

        // What is served to browsers may begin with this, so that no page reads it as a script.
        utf8 = utf8.Span.StartsWith(")]}'"u8) && utf8.Span.IndexOf((byte)'\n') is > 0 and var end ? utf8[end..] : utf8;
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = DepthMax });
            return ReadDocument(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return Wrong("it is not JSON as a source map is");
        }
    }

    /// <param name="line">Of the compiled file, from 1.</param>
    /// <param name="column">From 1.</param>
    /// <returns>Null when the map says nothing of the place.</returns>
    public SourcePosition? Find(int line, int column)
    {
        var (wantedLine, wantedColumn) = (line - 1, column - 1);
        var section = sections.FindLast(candidate => candidate.Line < wantedLine
            || (candidate.Line == wantedLine && candidate.Column <= wantedColumn));
        return section?.Map.Find(
            wantedLine - section.Line,
            wantedLine == section.Line ? wantedColumn - section.Column : wantedColumn);
    }

    private static Result<SourceMap> ReadDocument(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("version", out var version) || version.ToString() != "3")
        {
            return Wrong("it is not a source map of version 3");
        }

        var (sections, segmentsLeft) = (new List<Section>(), SegmentsMax);
        if (!root.TryGetProperty("sections", out var parts) || parts.ValueKind != JsonValueKind.Array)
        {
            return Mappings.Read(root, LinesMax, ref segmentsLeft) is { } whole
                ? new SourceMap([new Section(0, 0, whole)])
                : Wrong("it has too many mappings");
        }

        foreach (var part in parts.EnumerateArray())
        {
            // A section within a section is not allowed, and is passed over with all that is not understood.
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("offset", out var offset)
                || !part.TryGetProperty("map", out var map) || map.ValueKind != JsonValueKind.Object
                || offset.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            if (Mappings.Read(map, LinesMax, ref segmentsLeft) is not { } mappings)
            {
                return Wrong("it has too many mappings");
            }

            sections.Add(new Section(Number(offset, "line"), Number(offset, "column"), mappings));
        }

        sections.Sort((one, other) => (one.Line, one.Column).CompareTo((other.Line, other.Column)));
        return new SourceMap(sections);
    }

    private static int Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number)
            ? Math.Max(0, number)
            : 0;

    private static Error Wrong(string why) =>
        new(ErrorCode.ValidationFailed, $"The source map cannot be read: {why}.", "map");

    /// <summary>A part of the compiled file, from 0.</summary>
    private sealed record Section(int Line, int Column, Mappings Map);
}
