using System.Runtime.InteropServices;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>The numbers of the system calls that the filter names, which differ by architecture.</summary>
/// <param name="AuditArchitecture">The kernel's constant for the architecture.</param>
/// <param name="Last">The highest number that was known when the filter was written.</param>
/// <param name="Refused">Calls that a function has no business to make.</param>
internal sealed record SystemCalls(
    uint AuditArchitecture, int Last, int CloneProcess, int CloneProcess3, int Personality, int Socket, int SocketPair,
    int DeviceControl, IReadOnlyList<int> Refused)
{
    /// <summary>removexattrat. The next, open_tree_attr, mounts.</summary>
    private const int LastKnown = 466;

    public static SystemCalls X64 { get; } = new(
        0xC000003E, LastKnown, CloneProcess: 56, CloneProcess3: 435, Personality: 135, Socket: 41, SocketPair: 53,
        DeviceControl: 16,
        [
            .. Everywhere,
            165, 166, 155, 161, // mount umount2 pivot_root chroot
            167, 168, 163, 179, // swapon swapoff acct quotactl
            169, 246, 320, // reboot kexec_load kexec_file_load
            175, 313, 176, 174, 178, 177, 180, // init_module finit_module delete_module and their forebears, nfsservctl
            164, 227, 305, 159, // settimeofday clock_settime clock_adjtime adjtimex
            170, 171, 172, 173, 154, // sethostname setdomainname iopl ioperm modify_ldt
            103, 153, 212, 134, 136, 139, 156, // syslog vhangup lookup_dcookie uselib ustat sysfs _sysctl
            321, 298, 101, 310, 311, 312, // bpf perf_event_open ptrace process_vm_readv process_vm_writev kcmp
            250, 248, 249, 323, // keyctl add_key request_key userfaultfd
            // unshare setns open_by_handle_at name_to_handle_at fanotify_init fanotify_mark
            272, 308, 304, 303, 300, 301,
            256, 279, // migrate_pages move_pages
        ]);

    public static SystemCalls Arm64 { get; } = new(
        0xC00000B7, LastKnown, CloneProcess: 220, CloneProcess3: 435, Personality: 92, Socket: 198, SocketPair: 199,
        DeviceControl: 29,
        [
            .. Everywhere,
            40, 39, 41, 51, // mount umount2 pivot_root chroot
            224, 225, 89, 60, // swapon swapoff acct quotactl
            142, 104, 294, // reboot kexec_load kexec_file_load
            105, 273, 106, 42, // init_module finit_module delete_module nfsservctl
            170, 112, 266, 171, // settimeofday clock_settime clock_adjtime adjtimex
            161, 162, // sethostname setdomainname
            116, 58, 18, // syslog vhangup lookup_dcookie
            280, 241, 117, 270, 271, 272, // bpf perf_event_open ptrace process_vm_readv process_vm_writev kcmp
            219, 217, 218, 282, // keyctl add_key request_key userfaultfd
            // unshare setns open_by_handle_at name_to_handle_at fanotify_init fanotify_mark
            97, 268, 265, 264, 262, 263,
            238, 239, // migrate_pages move_pages
        ]);

    /// <summary>Null on architectures for which no filter exists.</summary>
    public static SystemCalls? Current => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        _ => null,
    };

    /// <summary>Calls young enough to have one number on every architecture.</summary>
    private static IReadOnlyList<int> Everywhere =>
    [
        428, 429, 430, 431, 432, 433, 442, // open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
        425, 426, 427, // io_uring_setup io_uring_enter io_uring_register
        438, 440, 443, // pidfd_getfd process_madvise quotactl_fd
    ];
}
