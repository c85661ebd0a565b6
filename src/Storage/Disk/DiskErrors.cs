using Lambent.Kernel;

namespace Lambent.Storage.Disk;

internal static class DiskErrors
{
    private const int NoSpaceErrno = 28;
    private const int QuotaErrnoLinux = 122;
    private const int QuotaErrnoMac = 69;
    private const int DiskFullWindows = unchecked((int)0x8007_0070);

    /// <summary>DiskFull where it is that, otherwise StoreUnavailable.</summary>
    public static Error Describe(Exception failure, string what) => IsDiskFull(failure)
        ? new Error(ErrorCode.DiskFull, $"{what}: the disk is full. Free some space and try again.")
        : new Error(ErrorCode.StoreUnavailable, $"{what}: {failure.Message}");

    private static bool IsDiskFull(Exception failure) => OperatingSystem.IsWindows()
        ? failure.HResult == DiskFullWindows
        : failure.HResult == NoSpaceErrno ||
        failure.HResult == (OperatingSystem.IsMacOS() ? QuotaErrnoMac : QuotaErrnoLinux);
}
