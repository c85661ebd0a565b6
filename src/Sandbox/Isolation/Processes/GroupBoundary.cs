using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Processes;

/// <summary>
/// A process group. It holds what behaves: a process that makes a group of its own leaves it, which is one of the
/// reasons why this is not isolation.
/// </summary>
internal sealed class GroupBoundary(LaunchedProcess leader, TimeProvider time) : IProcessBoundary
{
    private const int AttemptsMax = 10;

    private volatile bool collected;

    public void Kill()
    {
        // After the leader was collected its number, and the group's, may belong to somebody else.
        if (!collected)
        {
            _ = Libc.Kill(-leader.Id, Libc.SignalKill);
        }
    }

    public async Task EmptiedAsync()
    {
        // Each of the others becomes a child of this program when its parent dies, and can be collected then. Only one
        // that the kernel cannot interrupt takes longer than this, a second together.
        for (var attempt = 0; attempt < AttemptsMax && Libc.Kill(-leader.Id, 0) == 0; attempt++)
        {
            leader.CollectGroup();
            await Task.Delay(TimeSpan.FromMilliseconds(1 << attempt), time);
        }

        collected = true;
    }

    public void Dispose()
    {
    }
}
