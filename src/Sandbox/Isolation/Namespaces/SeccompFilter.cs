using System.Buffers.Binary;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>
/// The filter that the kernel runs on every system call of a sandboxed process: a program for its packet filter
/// machine. It refuses what mounts, makes or joins namespaces, loads code into the kernel, looks into other processes,
/// or has a history of holes, and lets everything else through.
/// </summary>
internal static class SeccompFilter
{
    // Offsets in struct seccomp_data. Of 64-bit arguments the low half comes first.
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint FirstArgumentOffset = 16;
    private const uint SecondArgumentOffset = 24;
    private const uint ThirdArgumentOffset = 32;

    private const ushort LoadWord = 0x20;
    private const ushort Jump = 0x05;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfGreater = 0x25;
    private const ushort JumpIfAnyBit = 0x45;
    private const ushort Return = 0x06;

    private const uint Allow = 0x7FFF_0000;
    private const uint KillProcess = 0x8000_0000;
    private const uint Refuse = 0x0005_0000;
    private const uint NotPermitted = Refuse | 1;
    private const uint NotImplemented = Refuse | 38;
    private const uint FamilyNotSupported = Refuse | 97;

    /// <summary>CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.</summary>
    private const uint NewNamespaceFlags = 0x7E02_0000;

    private const uint FamilyUnix = 1;
    private const uint FamilyInternet = 2;
    private const uint FamilyInternet6 = 10;
    private const uint FamilyNetlink = 16;
    private const uint NetlinkRoute = 0;

    /// <summary>Putting characters into a terminal's input, and the console's ways to do the same.</summary>
    private static readonly uint[] RefusedDeviceControls = [0x5412, 0x541C];

    /// <summary>Linux, its short inode and uname variants, and asking without changing.</summary>
    private static readonly uint[] AllowedPersonalities = [0, 0x0008, 0x2_0000, 0x2_0008, 0xFFFF_FFFF];

    /// <summary>The program in the kernel's format: instructions of 8 bytes.</summary>
    public static byte[] Build(SystemCalls calls)
    {
        var program = new List<Instruction>
        {
            new(LoadWord, ArchitectureOffset),
            // Another architecture's calls have other numbers: this program would judge them wrongly.
            new(JumpIfEqual, calls.AuditArchitecture, IfTrue: 1),
            new(Return, KillProcess),
            new(LoadWord, NumberOffset),
            // Calls younger than the filter are unknown to it, and so is the x32 variant of all calls.
            new(JumpIfGreater, (uint)calls.Last, IfFalse: 1),
            new(Return, NotImplemented),
            // The C library then falls back to clone, whose flags can be seen.
            new(JumpIfEqual, (uint)calls.CloneProcess3, IfFalse: 1),
            new(Return, NotImplemented),
        };
        AddRefused(program, calls.Refused);
        AddCall(program, calls.CloneProcess,
        [
            new(LoadWord, FirstArgumentOffset),
            new(JumpIfAnyBit, NewNamespaceFlags, IfFalse: 1),
            new(Return, NotPermitted),
            new(Return, Allow),
        ]);
        AddCall(program, calls.Personality, Choice(FirstArgumentOffset, AllowedPersonalities, Allow, NotPermitted));
        AddCall(program, calls.DeviceControl, Choice(SecondArgumentOffset, RefusedDeviceControls, NotPermitted, Allow));
        AddCall(program, calls.SocketPair, Choice(FirstArgumentOffset, [FamilyUnix], Allow, FamilyNotSupported));
        AddCall(program, calls.Socket,
        [
            // Netlink only to ask for addresses and routes, as name resolution does.
            new(LoadWord, FirstArgumentOffset),
            new(JumpIfEqual, FamilyNetlink, IfFalse: 4),
            new(LoadWord, ThirdArgumentOffset),
            new(JumpIfEqual, NetlinkRoute, IfTrue: 1),
            new(Return, FamilyNotSupported),
            new(Return, Allow),
            .. Choice(FirstArgumentOffset, [FamilyUnix, FamilyInternet, FamilyInternet6], Allow, FamilyNotSupported),
        ]);
        program.Add(new(Return, Allow));
        return Encode(program);
    }

    private static void AddRefused(List<Instruction> program, IReadOnlyList<int> refused)
    {
        for (var index = 0; index < refused.Count; index++)
        {
            // All jump to the one refusal behind the last of them.
            program.Add(new(JumpIfEqual, (uint)refused[index], IfTrue: checked((byte)(refused.Count - index))));
        }

        program.Add(new(Jump, 1));
        program.Add(new(Return, NotPermitted));
    }

    /// <summary>
    /// Runs <paramref name="body"/>, which must end in returns, for one call and steps over it for others.
    /// </summary>
    private static void AddCall(List<Instruction> program, int call, IReadOnlyList<Instruction> body)
    {
        program.Add(new(JumpIfEqual, (uint)call, IfFalse: checked((byte)body.Count)));
        program.AddRange(body);
    }

    private static List<Instruction> Choice(uint offset, uint[] values, uint matched, uint otherwise)
    {
        var body = new List<Instruction> { new(LoadWord, offset) };
        for (var index = 0; index < values.Length; index++)
        {
            body.Add(new(JumpIfEqual, values[index], IfTrue: checked((byte)(values.Length - index))));
        }

        body.Add(new(Return, otherwise));
        body.Add(new(Return, matched));
        return body;
    }

    private static byte[] Encode(List<Instruction> program)
    {
        var bytes = new byte[program.Count * Instruction.Size];
        for (var index = 0; index < program.Count; index++)
        {
            var instruction = program[index];
            var target = bytes.AsSpan(index * Instruction.Size, Instruction.Size);
            BinaryPrimitives.WriteUInt16LittleEndian(target, instruction.Operation);
            target[2] = instruction.IfTrue;
            target[3] = instruction.IfFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(target[4..], instruction.Operand);
        }

        return bytes;
    }

    /// <summary>struct sock_filter.</summary>
    private readonly record struct Instruction(ushort Operation, uint Operand, byte IfTrue = 0, byte IfFalse = 0)
    {
        public const int Size = 8;
    }
}
