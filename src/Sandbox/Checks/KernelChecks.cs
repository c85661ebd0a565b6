using System.Globalization;

namespace Lambent.Sandbox.Checks;

/// <summary>What the kernel's settings allow, read from /proc.</summary>
/// <param name="read">The text of a file, or null when it is not there.</param>
internal sealed class KernelChecks(Func<string, string?> read)
{
    /// <summary>Since when a process's namespace can be joined through a descriptor of the process (setns).</summary>
    private static readonly Version KernelMin = new(5, 8);

    /// <summary>
    /// A server with many environments holds several descriptors for each, and one for each connection.
    /// </summary>
    private const long OpenFilesWanted = 16_384;

    public SandboxCheck Kernel()
    {
        var release = read("/proc/sys/kernel/osrelease")?.Trim() ?? "";
        var digits = string.Concat(release.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.'))
            .TrimEnd('.');
        return Version.TryParse(digits, out var version) && version >= KernelMin
            ? new SandboxCheck("kernel", CheckStatus.Ok, $"Linux {release}")
            : new SandboxCheck("kernel", CheckStatus.Failed, $"Linux {release}; sandboxes need {KernelMin} or newer");
    }

    /// <summary>Only without root do sandboxes need user namespaces.</summary>
    public SandboxCheck UserNamespaces(bool isRoot)
    {
        const string name = "user namespaces";
        if (isRoot)
        {
            return new SandboxCheck(
                name, CheckStatus.Ok, "not needed: as root, environments become users of their own");
        }

        foreach (var (path, wanted, setting) in new (string, Func<string, bool>, string)[]
        {
            ("/proc/sys/kernel/unprivileged_userns_clone", text => text != "0", "kernel.unprivileged_userns_clone=1"),
            (
                "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
                text => text == "0",
                "kernel.apparmor_restrict_unprivileged_userns=0"
            ),
            ("/proc/sys/user/max_user_namespaces", text => text != "0", "user.max_user_namespaces=10000"),
        })
        {
            if (read(path)?.Trim() is { } text && !wanted(text))
            {
                return new SandboxCheck(
                    name, CheckStatus.Failed, $"{path} is {text}: users may not make any", $"sudo sysctl -w {setting}");
            }
        }

        return new SandboxCheck(name, CheckStatus.Ok, "allowed to every user");
    }

    public SandboxCheck Seccomp()
    {
        var actions = read("/proc/sys/kernel/seccomp/actions_avail") ?? "";
        return actions.Contains("errno", StringComparison.Ordinal)
            && actions.Contains("kill_process", StringComparison.Ordinal)
            ? new SandboxCheck("system call filter", CheckStatus.Ok, "the kernel filters system calls (seccomp)")
            : new SandboxCheck(
                "system call filter", CheckStatus.Failed, "the kernel was built without seccomp filters");
    }

    public SandboxCheck OpenFiles()
    {
        const string start = "Max open files";
        var line = read("/proc/self/limits")?.Split('\n').FirstOrDefault(
            text => text.StartsWith(start, StringComparison.Ordinal));
        var soft = line?[start.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (soft == "unlimited"
            || (long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) && limit >= OpenFilesWanted))
        {
            return new SandboxCheck("open files", CheckStatus.Ok, $"{soft} at a time");
        }

        return new SandboxCheck(
            "open files",
            CheckStatus.Warning,
            $"{soft ?? "unknown"} at a time; many environments need {OpenFilesWanted}",
            $"ulimit -n {OpenFilesWanted}");
    }
}
