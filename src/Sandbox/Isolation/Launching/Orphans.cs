using System.Globalization;
using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Launching;

/// <summary>
/// Processes whose parent, a child of this program, died before them. The kernel gives them to this program (it asked
/// for that, to see the end of every sandbox), and those that belong to no sandbox nobody waits for.
/// </summary>
/// <remarks>
/// A dead child that is still there after ten seconds has nobody: sandboxes collect theirs at once, and so does .NET
/// with the ones it has started.
/// </remarks>
internal sealed class Orphans(TimeProvider time)
{
    private const int WaitForProcess = 1;
    private const int OptionNoHang = 1;
    private const int OptionExited = 4;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private HashSet<int> seen = [];
    private long lastLook = time.GetTimestamp();

    /// <summary>Collects those that were dead at the last look already. Looks at most every ten seconds.</summary>
    public void Collect()
    {
        lock (gate)
        {
            if (time.GetElapsedTime(lastLook) < Period)
            {
                return;
            }

            lastLook = time.GetTimestamp();
            var dead = ProcessTree.Children(Environment.ProcessId).Where(IsDead).ToHashSet();
            foreach (var process in dead.Where(seen.Contains).ToList())
            {
                CollectOne(process);
                dead.Remove(process);
            }

            seen = dead;
        }
    }

    private static unsafe void CollectOne(int process)
    {
        var information = stackalloc byte[128];
        _ = Libc.WaitId(WaitForProcess, (uint)process, information, OptionNoHang | OptionExited, 0);
    }

    private static bool IsDead(int process)
    {
        try
        {
            // number (name) state …; the name may hold anything, parentheses too.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return text.AsSpan(text.LastIndexOf(')') + 1).TrimStart().StartsWith("Z");
        }
        catch (IOException)
        {
            return false;
        }
    }
}
