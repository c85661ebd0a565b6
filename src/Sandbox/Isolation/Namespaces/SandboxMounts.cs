using System.Runtime.InteropServices;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>
/// Mounts a folder of the host in a sandbox that is already running. The mount is made here, detached, and set into
/// place over there; nothing of it ever shows on the host, and it goes with the sandbox. On the visiting thread only.
/// </summary>
internal static unsafe class SandboxMounts
{
    /// <param name="process">The sandbox's first process.</param>
    /// <param name="source">A folder of the host.</param>
    /// <param name="target">A folder in the sandbox.</param>
    /// <exception cref="NativeException">One of them is not there, or the sandbox is gone.</exception>
    public static void Attach(Descriptor process, string source, string target)
    {
        using var held = process.Hold();
        using var mount = new Descriptor(NativeException.Check(Libc.CloneTree(source), $"open_tree {source}"));
        NativeException.Check(Libc.MakeReadOnly(mount.Number), "mount_setattr");
        using var home = Descriptor.Open("/proc/thread-self/ns/mnt", Libc.OpenReadOnly);
        Join(held.Number, "setns");
        var moved = Libc.MoveMount(mount.Number, target);
        var error = Marshal.GetLastPInvokeError();
        Join(home.Number, "setns back");
        if (moved < 0)
        {
            throw new NativeException($"move_mount {target}", error);
        }
    }

    private static void Join(int descriptor, string what)
    {
        // Another mount namespace is another root folder, and threads share theirs unless they ask not to. Each time:
        // a thread that this one was made to start since, as any may be by the thread pool, shares it again.
        NativeException.Check(Libc.Unshare(Libc.ShareFolders), "unshare");
        NativeException.Check(Libc.JoinNamespace(descriptor, Libc.NamespaceMounts), what);
    }
}
