using System.Globalization;
using Lambent.Sandbox.Isolation.ControlGroups;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>Writes bubblewrap's command line: what a sandbox sees and may.</summary>
internal static class BubblewrapArguments
{
    public const int StatusDescriptor = 3;
    /// <summary>Where the one message goes that the host waits for before it opens the gate.</summary>
    public const int MessageDescriptor = 4;
    public const int SeccompDescriptor = 5;

    public const string TaskRoot = "/var/task";
    public const string LayersRoot = "/opt";
    public const string RunRoot = "/run/lambent";

    /// <summary>The program that becomes another user, from util-linux.</summary>
    public const string UserSwitch = "/usr/bin/setpriv";

    /// <summary>The user inside when the host's user is not root and cannot become another.</summary>
    public const uint UserInside = 1000;

    /// <param name="runFolder">The host folder that appears as /run/lambent.</param>
    /// <param name="linked">
    /// Host folders that appear as those of code and layers and are filled later; null when both are there, or will be
    /// mounted.
    /// </param>
    /// <param name="user">The host user to become, or null to stay the own one in a user namespace.</param>
    /// <param name="disableUserNamespaces">Whether bubblewrap can forbid further user namespaces.</param>
    public static List<string> Write(
        SandboxOptions options,
        SystemFiles system,
        string runFolder,
        LinkedFolders? linked,
        uint? user,
        bool disableUserNamespaces)
    {
        List<string> arguments =
        [
            "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--die-with-parent", "--new-session", "--hostname", options.EnvironmentId,
            "--cap-drop", "ALL",
        ];
        AddUser(arguments, user, disableUserNamespaces);
        arguments.AddRange(system.Arguments());
        arguments.AddRange(["--proc", "/proc", "--dev", "/dev"]);
        AddMemoryFolder(arguments, "/dev/shm", ControlGroupLimits.SharedMemoryMegabytes);
        arguments.AddRange(["--remount-ro", "/dev"]);
        AddMemoryFolder(arguments, "/tmp", options.EphemeralStorageMegabytes);
        AddFolder(arguments, "/var");
        AddFolder(arguments, "/run");
        arguments.AddRange(["--ro-bind", runFolder, RunRoot]);
        if (options.CodeFolder is { } code)
        {
            arguments.AddRange(["--ro-bind", code, TaskRoot]);
        }
        else if (linked is not null)
        {
            arguments.AddRange(["--ro-bind", linked.Code, TaskRoot, "--ro-bind", linked.Layers, LayersRoot]);
        }
        else
        {
            // Empty folders, over which code and layers are mounted later.
            AddFolder(arguments, TaskRoot);
            AddFolder(arguments, LayersRoot);
        }

        AddFurther(arguments, options);
        arguments.AddRange(["--remount-ro", "/", "--chdir", TaskRoot]);
        arguments.AddRange(
            ["--json-status-fd", Number(StatusDescriptor), "--seccomp", Number(SeccompDescriptor), "--"]);
        if (user is { } id)
        {
            arguments.AddRange(BecomeUser(id));
        }

        return arguments;
    }

    private static void AddUser(List<string> arguments, uint? user, bool disableUserNamespaces)
    {
        if (user is not null)
        {
            // Only to become that user, the first thing that happens inside; then they are gone for good.
            arguments.AddRange(
                ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]);
            return;
        }

        // The first process of bubblewrap's own would be the one inside that no system call filter holds, and the
        // function's user could write into its memory. As root it is another user's, and is kept: bubblewrap outside
        // may only kill what is its own user's when it dies.
        arguments.AddRange(["--as-pid-1", "--unshare-user", "--uid", Number(UserInside), "--gid", Number(UserInside)]);
        if (disableUserNamespaces)
        {
            arguments.Add("--disable-userns");
        }
    }

    private static IEnumerable<string> BecomeUser(uint user) =>
    [
        UserSwitch, "--reuid", Number(user), "--regid", Number(user), "--clear-groups",
        "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs",
    ];

    /// <summary>Layers, interpreters, shims: whatever else is to be seen where it is on the host.</summary>
    private static void AddFurther(List<string> arguments, SandboxOptions options)
    {
        var further = options.ReadOnlyFolders
            .Where(folder => !IsWithin(folder, "/usr"))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        var layersAreShared = options.LayersFolder is not null && further.Any(folder => IsWithin(folder, LayersRoot));
        if (options.LayersFolder is { } layers)
        {
            if (layersAreShared)
            {
                // An interpreter is installed below /opt, where layers go: they appear beside one another.
                AddFolder(arguments, LayersRoot);
                foreach (var entry in new DirectoryInfo(layers).EnumerateFileSystemInfos())
                {
                    arguments.AddRange(["--ro-bind", entry.FullName, Path.Combine(LayersRoot, entry.Name)]);
                }
            }
            else
            {
                arguments.AddRange(["--ro-bind", layers, LayersRoot]);
            }
        }

        foreach (var folder in further)
        {
            AddParents(arguments, folder);
            arguments.AddRange(["--ro-bind", folder, folder]);
        }
    }

    private static void AddMemoryFolder(List<string> arguments, string path, int megabytes) => arguments.AddRange(
        ["--size", Number(megabytes * ControlGroupLimits.Megabyte), "--perms", "1777", "--tmpfs", path]);

    // bubblewrap makes missing parents itself, but closed to others.
    private static void AddParents(List<string> arguments, string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            var parent = path[..slash];
            if (parent != "/tmp")
            {
                AddFolder(arguments, parent);
            }
        }
    }

    private static void AddFolder(List<string> arguments, string path) =>
        arguments.AddRange(["--perms", "0755", "--dir", path]);

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
