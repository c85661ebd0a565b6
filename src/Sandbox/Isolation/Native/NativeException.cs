using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Lambent.Sandbox.Isolation.Native;

/// <summary>A system call failed.</summary>
internal sealed class NativeException(string call, int errorNumber)
    : IOException($"{call}: {new Win32Exception(errorNumber).Message}")
{
    public int ErrorNumber { get; } = errorNumber;

    public static int Check(int result, string call) =>
        result >= 0 ? result : throw new NativeException(call, Marshal.GetLastPInvokeError());

    public static nint Check(nint result, string call) =>
        result >= 0 ? result : throw new NativeException(call, Marshal.GetLastPInvokeError());
}
