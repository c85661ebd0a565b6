using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lambent.Sandbox.Isolation.Native;

/// <summary>
/// An open file descriptor. Every descriptor this program opens is closed on exec, so that no sandbox inherits one by
/// accident; what a child is to have is named when it is started.
/// </summary>
internal sealed unsafe class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor() : base(ownsHandle: true)
    {
    }

    public Descriptor(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number; valid only while the caller holds the object open.</summary>
    public int Number => (int)handle;

    /// <summary>
    /// Keeps the descriptor open, and its number its own, until the result is disposed, for callers that do not own it.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It is closed already.</exception>
    public Held Hold() => new(this);

    /// <summary>A pipe: what is written to the second comes out of the first.</summary>
    public static (Descriptor Reader, Descriptor Writer) Pipe()
    {
        var descriptors = stackalloc int[2];
        NativeException.Check(Libc.Pipe(descriptors, Libc.OpenCloseOnExec), "pipe2");
        return (new Descriptor(descriptors[0]), new Descriptor(descriptors[1]));
    }

    /// <param name="mode">The rights of a file that is made.</param>
    public static Descriptor Open(string path, int flags, int mode = 0) =>
        new(NativeException.Check(Libc.Open(path, flags | Libc.OpenCloseOnExec, mode), $"open {path}"));

    public void SetNonBlocking() => NativeException.Check(
        Libc.DescriptorFlags(Number, 4, Libc.OpenNonBlocking), "fcntl");

    /// <summary>Writes everything, waiting where the other side is slow.</summary>
    public void WriteAll(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var written = 0; written < bytes.Length;)
            {
                var count = Libc.Write(Number, start + written, bytes.Length - written);
                if (count < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted)
                {
                    continue;
                }

                written += (int)NativeException.Check(count, "write");
            }
        }
    }

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    public readonly ref struct Held
    {
        private readonly Descriptor descriptor;

        public Held(Descriptor descriptor)
        {
            var held = false;
            descriptor.DangerousAddRef(ref held);
            this.descriptor = descriptor;
        }

        public int Number => descriptor.Number;

        public void Dispose() => descriptor.DangerousRelease();
    }
}
