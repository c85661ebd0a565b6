using System.Runtime.InteropServices;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Launching;

/// <summary>
/// posix_spawn(3). System.Diagnostics.Process can neither hand descriptors to a child, nor start one from a chosen
/// thread, nor leave the host's ignored signals behind; sandboxes need all three.
/// </summary>
internal static unsafe partial class SpawnCall
{
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int DuplicateAboveCommand = 1030;

    // Larger than the structures of glibc and musl on every architecture (336, 80 and 128 bytes).
    private const int StructureSize = 1024;

    private delegate int AddCloseFrom(byte* actions, int first);

    // Since glibc 2.34. Without it, closing on exec alone keeps the host's descriptors out of the child.
    private static readonly AddCloseFrom? CloseFrom =
        NativeLibrary.TryGetExport(
            NativeLibrary.GetMainProgramHandle(), "posix_spawn_file_actions_addclosefrom_np", out var address)
            ? Marshal.GetDelegateForFunctionPointer<AddCloseFrom>(address)
            : null;

    /// <summary>Starts the program from the calling thread and returns its process number.</summary>
    /// <exception cref="NativeException">It could not be started.</exception>
    public static int Start(LaunchRequest request)
    {
        var attributes = stackalloc byte[StructureSize];
        var actions = stackalloc byte[StructureSize];
        var arguments = new NativeStrings([request.Program, .. request.Arguments]);
        var variables = new NativeStrings(request.Variables);
        var moved = new List<Descriptor>();
        Check(InitializeAttributes(attributes), "posix_spawnattr_init");
        Check(InitializeActions(actions), "posix_spawn_file_actions_init");
        try
        {
            SetAttributes(attributes, request.NewSession);
            SetDescriptors(actions, request.Descriptors, moved);
            int process;
            Check(Spawn(&process, request.Program, actions, attributes, arguments.Pointer, variables.Pointer),
                $"start {request.Program}");
            return process;
        }
        finally
        {
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
            arguments.Free();
            variables.Free();
            moved.ForEach(descriptor => descriptor.Dispose());
        }
    }

    private static void SetAttributes(byte* attributes, bool newSession)
    {
        var flags = (short)(SetSignalDefaults | SetSignalMask | (newSession ? SetSession : 0));
        Check(SetFlags(attributes, flags), "posix_spawnattr_setflags");
        var signals = stackalloc byte[StructureSize];
        _ = FillSignals(signals);
        Check(SetDefaults(attributes, signals), "posix_spawnattr_setsigdefault");
        _ = EmptySignals(signals);
        Check(SetMask(attributes, signals), "posix_spawnattr_setsigmask");
    }

    private static void SetDescriptors(
        byte* actions, IReadOnlyDictionary<int, Descriptor> descriptors, List<Descriptor> moved)
    {
        var last = descriptors.Keys.Max();
        foreach (var (target, source) in descriptors)
        {
            // A source whose number is also a target would be overwritten before its turn.
            var number = source.Number;
            if (number <= last)
            {
                number = NativeException.Check(
                    Libc.DescriptorFlags(number, DuplicateAboveCommand, last + 1), "fcntl(F_DUPFD_CLOEXEC)");
                moved.Add(new Descriptor(number));
            }

            Check(AddDuplicate(actions, number, target), "posix_spawn_file_actions_adddup2");
        }

        if (CloseFrom is { } closeFrom)
        {
            Check(closeFrom(actions, last + 1), "posix_spawn_file_actions_addclosefrom_np");
        }
    }

    private static void Check(int error, string call)
    {
        if (error != 0)
        {
            throw new NativeException(call, error);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(
        int* process, string path, byte* actions, byte* attributes, byte** arguments, byte** variables);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitializeAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(byte* signals);

    /// <summary>A NULL-terminated array of C strings.</summary>
    private readonly struct NativeStrings
    {
        private readonly int count;

        public NativeStrings(IReadOnlyList<string> values)
        {
            count = values.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(count + 1), (nuint)sizeof(byte*));
            for (var index = 0; index < count; index++)
            {
                Pointer[index] = (byte*)Marshal.StringToCoTaskMemUTF8(values[index]);
            }
        }

        public byte** Pointer { get; }

        public void Free()
        {
            for (var index = 0; index < count; index++)
            {
                Marshal.FreeCoTaskMem((nint)Pointer[index]);
            }

            NativeMemory.Free(Pointer);
        }
    }
}
