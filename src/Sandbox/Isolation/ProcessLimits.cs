using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation;

/// <summary>The bounds that the kernel keeps for each process and its children (setrlimit).</summary>
internal static unsafe class ProcessLimits
{
    /// <summary>AWS Lambda's bound.</summary>
    public const ulong OpenFilesMax = 1024;

    private const int Core = 4;
    private const int Processes = 6;
    private const int OpenFiles = 7;

    /// <param name="processesAreBounded">
    /// Whether a control group counts processes already. The kernel's count for each user is the poorer one: without
    /// root it counts all that runs in the sandbox, but the host's too where there is no user namespace.
    /// </param>
    public static void Apply(int process, bool processesAreBounded)
    {
        Set(process, OpenFiles, OpenFilesMax);
        Set(process, Core, 0);
        if (!processesAreBounded)
        {
            Set(process, Processes, ControlGroupLimits.ProcessesMax);
        }
    }

    private static void Set(int process, int resource, ulong value)
    {
        var limit = stackalloc ulong[2];
        limit[0] = value;
        limit[1] = value;
        // A lower limit that is already in force may not be raised, and serves as well.
        _ = Libc.ProcessLimit(process, resource, limit, null);
    }
}
