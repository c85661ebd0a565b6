using System.Globalization;

namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>What /proc tells of a process and of those it started.</summary>
internal static class ProcessTree
{
    private const int DepthMax = 64;

    /// <summary>The anonymous memory of a process and its descendants, in bytes; 0 when it is gone.</summary>
    public static long ReadAnonymousBytes(int process)
    {
        long total = 0;
        Visit(process, depth: 0, id => total += ReadStatusKilobytes(id, "RssAnon:") * 1024);
        return total;
    }

    /// <summary>The processes that <paramref name="process"/> started itself.</summary>
    public static IReadOnlyList<int> Children(int process)
    {
        var children = new List<int>();
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                var line = File.ReadAllText(Path.Combine(thread, "children"));
                children.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
            }
        }
        catch (IOException)
        {
            // It ended while we looked.
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's by now.
        }

        return children;
    }

    /// <summary>The process that started it; 0 when it is gone.</summary>
    public static int ReadParent(int process) => (int)ReadStatusKilobytes(process, "PPid:");

    private static void Visit(int process, int depth, Action<int> visit)
    {
        visit(process);
        if (depth < DepthMax)
        {
            foreach (var child in Children(process))
            {
                Visit(child, depth + 1, visit);
            }
        }
    }

    private static long ReadStatusKilobytes(int process, string name)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{process}/status"))
            {
                if (line.StartsWith(name, StringComparison.Ordinal))
                {
                    var value = line.AsSpan(name.Length).Trim();
                    var end = value.IndexOf(' ');
                    return long.Parse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture);
                }
            }
        }
        catch (IOException)
        {
            // It ended while we looked.
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's by now.
        }

        return 0;
    }
}
