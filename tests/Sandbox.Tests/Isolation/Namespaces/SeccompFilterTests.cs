using System.Buffers.Binary;
using Lambent.Sandbox.Isolation.Namespaces;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation.Namespaces;

/// <summary>
/// Runs the filter's program in a small machine of our own, so that both architectures are judged on either.
/// </summary>
public sealed class SeccompFilterTests
{
    private const uint Allowed = 0x7FFF_0000;
    private const uint Killed = 0x8000_0000;
    private const uint NotPermitted = 0x5_0001;
    private const uint NotImplemented = 0x5_0026;
    private const uint FamilyNotSupported = 0x5_0061;

    public static TheoryData<string> Architectures => ["x64", "arm64"];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Refused_calls_are_not_permitted(string architecture)
    {
        var calls = Calls(architecture);
        calls.Refused.ShouldBeUnique();
        foreach (var call in calls.Refused)
        {
            Run(calls, call).ShouldBe(NotPermitted, $"{architecture} {call}");
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_other_known_call_is_allowed(string architecture)
    {
        var calls = Calls(architecture);
        int[] special =
        [
            calls.CloneProcess, calls.CloneProcess3, calls.Personality, calls.Socket, calls.SocketPair,
            calls.DeviceControl,
        ];
        foreach (var call in Enumerable.Range(0, calls.Last + 1).Except(calls.Refused).Except(special))
        {
            Run(calls, call).ShouldBe(Allowed, $"{architecture} {call}");
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Calls_that_are_not_known_do_not_exist(string architecture)
    {
        var calls = Calls(architecture);
        Run(calls, calls.Last + 1).ShouldBe(NotImplemented);
        Run(calls, 0x4000_0000 + 39).ShouldBe(NotImplemented);
        Run(calls, -1).ShouldBe(NotImplemented);
        Run(calls, calls.CloneProcess3).ShouldBe(NotImplemented);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Another_architecture_is_killed(string architecture)
    {
        var calls = Calls(architecture);
        var other = Calls(architecture == "x64" ? "arm64" : "x64").AuditArchitecture;
        Run(calls, 0, architecture: other).ShouldBe(Killed);
        // i386.
        Run(calls, 0, architecture: 0x4000_0003).ShouldBe(Killed);
    }

    [Theory]
    [InlineData(0x0002_0000UL, NotPermitted)]
    [InlineData(0x0200_0000UL, NotPermitted)]
    [InlineData(0x0400_0000UL, NotPermitted)]
    [InlineData(0x0800_0000UL, NotPermitted)]
    [InlineData(0x1000_0000UL, NotPermitted)]
    [InlineData(0x2000_0000UL, NotPermitted)]
    [InlineData(0x4000_0011UL, NotPermitted)]
    [InlineData(0x003D_0F00UL, Allowed)]
    [InlineData(0x0000_0011UL, Allowed)]
    public void Clone_makes_threads_and_processes_but_no_namespaces(ulong flags, uint verdict)
    {
        foreach (var calls in new[] { SystemCalls.X64, SystemCalls.Arm64 })
        {
            Run(calls, calls.CloneProcess, [flags]).ShouldBe(verdict);
        }
    }

    [Theory]
    [InlineData(1, 0, Allowed)]
    [InlineData(2, 6, Allowed)]
    [InlineData(10, 17, Allowed)]
    [InlineData(16, 0, Allowed)]
    [InlineData(16, 12, FamilyNotSupported)]
    [InlineData(17, 0, FamilyNotSupported)]
    [InlineData(38, 0, FamilyNotSupported)]
    [InlineData(40, 0, FamilyNotSupported)]
    public void Sockets_are_of_few_families(ulong family, ulong protocol, uint verdict)
    {
        foreach (var calls in new[] { SystemCalls.X64, SystemCalls.Arm64 })
        {
            Run(calls, calls.Socket, [family, 1, protocol]).ShouldBe(verdict);
            // The kernel looks at the lower half only.
            Run(calls, calls.Socket, [family | 0xFFFF_0000_0000_0000, 1, protocol]).ShouldBe(verdict);
        }
    }

    [Theory]
    [InlineData(0x5412, NotPermitted)]
    [InlineData(0x541C, NotPermitted)]
    [InlineData(0x5401, Allowed)]
    [InlineData(0x541B, Allowed)]
    public void Device_control_puts_nothing_into_terminals(ulong request, uint verdict)
    {
        foreach (var calls in new[] { SystemCalls.X64, SystemCalls.Arm64 })
        {
            Run(calls, calls.DeviceControl, [0, request]).ShouldBe(verdict);
        }
    }

    private static SystemCalls Calls(string architecture) =>
        architecture == "x64" ? SystemCalls.X64 : SystemCalls.Arm64;

    /// <summary>The kernel's machine, as far as the program uses it.</summary>
    private static uint Run(SystemCalls calls, int number, ulong[]? arguments = null, uint? architecture = null)
    {
        var data = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), architecture ?? calls.AuditArchitecture);
        for (var index = 0; index < (arguments?.Length ?? 0); index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + (8 * index)), arguments![index]);
        }

        var program = SeccompFilter.Build(calls);
        uint accumulator = 0;
        for (var position = 0; ; position++)
        {
            var instruction = program.AsSpan(position * 8, 8);
            var operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            var jump = 0;
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)operand));
                    break;
                case 0x05:
                    jump = (int)operand;
                    break;
                case 0x15:
                    jump = accumulator == operand ? instruction[2] : instruction[3];
                    break;
                case 0x25:
                    jump = accumulator > operand ? instruction[2] : instruction[3];
                    break;
                case 0x45:
                    jump = (accumulator & operand) != 0 ? instruction[2] : instruction[3];
                    break;
                case 0x06:
                    return operand;
                default:
                    throw new InvalidOperationException("An instruction that the kernel may know and the filter not.");
            }

            position += jump;
        }
    }
}
