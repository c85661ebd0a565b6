namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>
/// How a function's memory setting becomes limits of the kernel.
/// </summary>
/// <remarks>
/// The kernel charges the files of /tmp to the same account as the process's own memory, but the two must fail
/// differently: a full /tmp says "no space left", memory beyond the setting ends the environment. So the kernel's hard
/// limit covers both together, and <see cref="MemoryWatch"/> holds the process's own (anonymous) memory to the setting.
/// </remarks>
internal sealed record ControlGroupLimits(int MemoryMegabytes, int EphemeralStorageMegabytes)
{
    public const long Megabyte = 1024 * 1024;

    /// <summary>
    /// Anonymous memory above the setting that is tolerated: the sandbox's own two processes, and that the kernel
    /// counts in batches.
    /// </summary>
    public const int OverheadMegabytes = 16;

    /// <summary>Page tables, sockets and file cache that the kernel charges beside both.</summary>
    public const int KernelMegabytes = 32;

    /// <summary>The size of /dev/shm; AWS Lambda has none, but multiprocessing libraries want one.</summary>
    public const int SharedMemoryMegabytes = 64;

    /// <summary>AWS Lambda's bound on processes and threads.</summary>
    public const int ProcessesMax = 1024;

    /// <summary>AWS Lambda gives one core for this much memory, and fractions and multiples accordingly.</summary>
    public const double MegabytesPerCore = 1769;

    public long AnonymousBytesMax => (MemoryMegabytes + OverheadMegabytes) * Megabyte;

    public long HardBytesMax =>
        (MemoryMegabytes + (long)EphemeralStorageMegabytes + SharedMemoryMegabytes + OverheadMegabytes
            + KernelMegabytes)
        * Megabyte;

    public double Cores => MemoryMegabytes / MegabytesPerCore;

    /// <summary>
    /// The weight until the code is loaded. By its memory alone, a small function's interpreter would start many times
    /// slower on a busy machine than a large one's, although both do the same work.
    /// </summary>
    public double CoresWhileStarting => Math.Max(1, Cores);
}
