namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>Where the kernel shows its control groups on this machine, and in which of them this program is.</summary>
/// <param name="VersionOne">By controller: the folder of this program's own group, and the top of the
/// hierarchy.</param>
/// <param name="VersionTwo">The same of the unified hierarchy, or null when it is not mounted.</param>
internal sealed record ControlGroupMounts(
    IReadOnlyDictionary<string, ControlGroupMounts.Place> VersionOne, ControlGroupMounts.Place? VersionTwo)
{
    public sealed record Place(string Own, string Top);

    public static ControlGroupMounts Read() =>
        Parse(File.ReadLines("/proc/self/mountinfo"), File.ReadLines("/proc/self/cgroup"), Directory.Exists);

    public static ControlGroupMounts Parse(
        IEnumerable<string> mounts, IEnumerable<string> memberships, Func<string, bool> exists)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in memberships)
        {
            var fields = line.Split(':', 3);
            foreach (var controller in fields[1].Split(','))
            {
                paths[controller] = fields[2];
            }
        }

        var versionOne = new Dictionary<string, Place>(StringComparer.Ordinal);
        Place? versionTwo = null;
        foreach (var line in mounts)
        {
            // id parent device root mount-point options [tags] - type source super-options
            var halves = line.Split(" - ", 2);
            var left = halves[0].Split(' ');
            var right = halves.Length == 2 ? halves[1].Split(' ') : [];
            if (left.Length < 5 || right.Length < 3)
            {
                continue;
            }

            if (right[0] == "cgroup2")
            {
                versionTwo ??= Locate(left[4], left[3], paths.GetValueOrDefault("", "/"), exists);
            }
            else if (right[0] == "cgroup")
            {
                foreach (var controller in right[2].Split(',').Where(paths.ContainsKey))
                {
                    versionOne.TryAdd(controller, Locate(left[4], left[3], paths[controller], exists));
                }
            }
        }

        return new ControlGroupMounts(versionOne, versionTwo);
    }

    /// <summary>In a container only a part of the hierarchy is mounted, and the own path may lie outside it.</summary>
    private static Place Locate(string mountPoint, string root, string path, Func<string, bool> exists)
    {
        var relative = root != "/" && path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..] : path;
        var own = mountPoint + (relative == "/" ? "" : relative);
        return new Place(exists(own) ? own : mountPoint, mountPoint);
    }
}
