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

    /// <summary>What the threads of a process and its descendants used and waited for, as far as they live.</summary>
    public static ProcessorUse ReadProcessorUse(int process)
    {
        var (used, waited) = (0L, 0L);
        Visit(process, depth: 0, id => ReadSchedule(id, ref used, ref waited));
        return new ProcessorUse(
            new TimeSpan(used / TimeSpan.NanosecondsPerTick), new TimeSpan(waited / TimeSpan.NanosecondsPerTick));
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

    /// <summary>Nanoseconds on a processor and nanoseconds in the queue for one; missing in some kernels.</summary>
    private static void ReadSchedule(int process, ref long used, ref long waited)
    {
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                var fields = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ');
                if (fields.Length >= 2
                    && long.TryParse(fields[0], CultureInfo.InvariantCulture, out var ran)
                    && long.TryParse(fields[1], CultureInfo.InvariantCulture, out var queued))
                {
                    used += ran;
                    waited += queued;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or the kernel does not tell.
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
