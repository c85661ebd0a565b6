using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>
/// A pid namespace. Its first process is held by a descriptor: with it the kernel kills all others, and it is gone only
/// after all others are.
/// </summary>
internal sealed class NamespaceBoundary : IProcessBoundary
{
    private readonly Reactor reactor;
    private readonly LaunchedProcess outside;
    private readonly Descriptor first;
    private readonly TaskCompletionSource emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NamespaceBoundary(Reactor reactor, LaunchedProcess outside, Descriptor first)
    {
        this.reactor = reactor;
        this.outside = outside;
        this.first = first;
    }

    /// <summary>A copy for whoever needs to look into the namespaces.</summary>
    public Descriptor First => first;

    /// <param name="outside">bubblewrap on the host, the parent of the first process inside.</param>
    /// <param name="firstId">The first process inside, by its number on the host.</param>
    public static async Task<NamespaceBoundary> FollowAsync(Reactor reactor, LaunchedProcess outside, int firstId)
    {
        var first = new Descriptor(NativeException.Check(Libc.OpenProcess(firstId), "pidfd_open"));
        var boundary = new NamespaceBoundary(reactor, outside, first);
        await reactor.RunAsync(() =>
        {
            ulong token = 0;
            token = reactor.Add(first, () =>
            {
                reactor.Remove(token, first);
                boundary.emptied.TrySetResult();
            });
            return true;
        });
        return boundary;
    }

    public void Kill()
    {
        LaunchedProcess.Signal(first);
        outside.Kill();
    }

    public async Task EmptiedAsync()
    {
        await outside.Exited;
        await emptied.Task;
        // bubblewrap may have ended without collecting it; then it has become a child of this program.
        LaunchedProcess.Collect(first);
    }

    public void Dispose()
    {
        if (emptied.Task.IsCompleted)
        {
            first.Dispose();
        }
    }
}
