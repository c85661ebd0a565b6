using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Processes;

/// <summary>
/// A process group. It holds what behaves: a process that makes a group of its own leaves it, which is one of the
/// reasons why this is not isolation.
/// </summary>
internal sealed class GroupBoundary(LaunchedProcess leader) : IProcessBoundary
{
    private bool collected;

    public void Kill()
    {
        // After the leader was collected its number, and the group's, may belong to somebody else.
        if (!collected)
        {
            _ = Libc.Kill(-leader.Id, Libc.SignalKill);
        }
    }

    public Task EmptiedAsync()
    {
        leader.CollectGroup();
        collected = true;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }
}
