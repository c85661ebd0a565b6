using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Errors;
using Lambent.Kernel.Errors.Sources;
using Lambent.Kernel.Packages;

namespace Lambent.Server.Telemetry;

/// <summary>A frame as it is shown.</summary>
/// <param name="Source">Where it is in the source, or null.</param>
/// <param name="Context">Lines of the source around it.</param>
/// <param name="Problem">Why the source is not shown although there is a map; or null.</param>
internal sealed record ViewedFrame(
    StackFrame Frame, SourcePosition? Source, IReadOnlyList<SourceLine> Context, string? Problem);

/// <summary>A line of a source, from 1.</summary>
internal sealed record SourceLine(int Line, string Text);

/// <summary>
/// Finds the places of a stack in the sources it was compiled from, by the source maps in the package; only when
/// somebody looks. The last maps are kept in memory.
/// </summary>
internal sealed class SourceViewer(IPackageStore packages)
{
    private const int FramesMax = 30;
    private const int ContextLines = 3;
    private const int LineLengthMax = 200;
    private const int MapsKept = 8;
    private const long MapBytesKept = 64L * Limits.MiB;
    private const string TaskFolder = "/var/task/";

    private readonly Lock gate = new();
    private readonly LinkedList<KnownMap> known = new();

    /// <param name="digest">Of the package that failed; empty when it is not known.</param>
    public async Task<IReadOnlyList<ViewedFrame>> ViewAsync(
        string digest, IReadOnlyList<StackFrame> frames, CancellationToken cancellation)
    {
        var folder = digest.Length == 0 ? null : await FindFolderAsync(digest, cancellation);
        return [.. frames.Take(FramesMax).Select(frame => View(digest, folder, frame))];
    }

    private async Task<string?> FindFolderAsync(string digest, CancellationToken cancellation)
    {
        try
        {
            return await packages.GetFolderAsync(new PackageReference(digest, 0), cancellation);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException
            or Kernel.Storage.StoreException or ArgumentException or InvalidOperationException)
        {
            // Code that no version uses any more is removed.
            return null;
        }
    }

    private ViewedFrame View(string digest, string? folder, StackFrame frame)
    {
        if (frame.Line == 0 || !frame.IsApplication)
        {
            return new ViewedFrame(frame, null, [], null);
        }

        if (folder is null)
        {
            return new ViewedFrame(frame, null, [], digest.Length == 0 ? null : "its package is not kept any more");
        }

        if (PathIn(folder, frame.File) is not { } path)
        {
            return new ViewedFrame(frame, null, [], null);
        }

        var isCompiled = Path.GetExtension(path) is ".js" or ".mjs" or ".cjs";
        var map = isCompiled ? Map(digest, folder, path) : default;
        if (map.Map?.Find(frame.Line, Math.Max(1, frame.Column)) is not { } position)
        {
            return new ViewedFrame(frame, null, Context(ReadText(folder, path), frame.Line), map.Problem);
        }

        var content = position.Content ?? ReadText(
            folder, Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, position.File)));
        return new ViewedFrame(frame, position, Context(content, position.Line), null);
    }

    private KnownMap Map(string digest, string folder, string path)
    {
        var key = $"{digest}:{path}";
        lock (gate)
        {
            for (var node = known.First; node is not null; node = node.Next)
            {
                if (node.Value.Key == key)
                {
                    known.Remove(node);
                    known.AddFirst(node);
                    return node.Value;
                }
            }
        }

        var read = Read(folder, path);
        var found = read.Failed(out var map, out var failure)
            ? new KnownMap(key, null, failure.Message)
            : new KnownMap(key, map, null);
        lock (gate)
        {
            known.AddFirst(found);
            while (known.Count > MapsKept || (known.Count > 1 && known.Sum(one => one.Map?.Bytes ?? 0) > MapBytesKept))
            {
                known.RemoveLast();
            }
        }

        return found;
    }

    private static Result<SourceMap?> Read(string folder, string path)
    {
        if (ReadText(folder, path) is not { } compiled)
        {
            return default(SourceMap);
        }

        if (SourceReference.Find(compiled).Failed(out var reference, out var wrong))
        {
            return wrong;
        }

        if (reference?.Inline is { } inline)
        {
            return SourceMap.Parse(inline).Select(map => (SourceMap?)map);
        }

        var beside = reference?.File is { } named
            ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, named))
            : path + ".map";
        return ReadBytes(folder, beside) is { } bytes ? SourceMap.Parse(bytes).Select(map => (SourceMap?)map)
            : reference is null ? default(SourceMap)
            : new Error(
                ErrorCode.ResourceNotFound,
                "The source map cannot be read: the package does not have it, or it is too large.",
                "map");
    }

    /// <summary>The file of a frame within the package; null for one elsewhere.</summary>
    private static string? PathIn(string folder, string file)
    {
        var relative = file.StartsWith(TaskFolder, StringComparison.Ordinal) ? file[TaskFolder.Length..]
            : file.StartsWith(folder + "/", StringComparison.Ordinal) ? file[(folder.Length + 1)..]
            : null;
        return relative is null || relative.Length == 0 ? null : Path.GetFullPath(Path.Combine(folder, relative));
    }

    private static string? ReadText(string folder, string path) =>
        ReadBytes(folder, path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Null for what is not a file of the package of a size that is read.</summary>
    private static byte[]? ReadBytes(string folder, string path)
    {
        try
        {
            if (!path.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                return null;
            }

            var file = new FileInfo(path);
            return file is { Exists: true, LinkTarget: null, Length: <= SourceMap.BytesMax }
                ? File.ReadAllBytes(path)
                : null;
        }
        catch (Exception unreadable) when (
            unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static List<SourceLine> Context(string? content, int line)
    {
        var context = new List<SourceLine>();
        var number = 0;
        foreach (var text in (content ?? "").AsSpan().EnumerateLines())
        {
            if (++number > line + ContextLines)
            {
                break;
            }

            if (number >= line - ContextLines)
            {
                context.Add(new SourceLine(number, text[..Math.Min(text.Length, LineLengthMax)].ToString()));
            }
        }

        // A place beyond the end is none of this text.
        return number >= line ? context : [];
    }

    private readonly record struct KnownMap(string Key, SourceMap? Map, string? Problem);
}
