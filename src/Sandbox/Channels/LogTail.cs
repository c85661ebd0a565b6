using Lambent.Kernel;

namespace Lambent.Sandbox.Channels;

/// <summary>The last 4 KiB of what a call wrote, for LogType=Tail.</summary>
internal sealed class LogTail
{
    private readonly byte[] ring = new byte[Limits.LogTailBytes];
    private readonly Lock gate = new();
    private long written;

    public void Append(ReadOnlySpan<byte> text)
    {
        lock (gate)
        {
            if (text.Length > ring.Length)
            {
                written += text.Length - ring.Length;
                text = text[^ring.Length..];
            }

            var position = (int)(written % ring.Length);
            var first = Math.Min(text.Length, ring.Length - position);
            text[..first].CopyTo(ring.AsSpan(position));
            text[first..].CopyTo(ring);
            written += text.Length;
        }
    }

    public byte[] ToArray()
    {
        lock (gate)
        {
            if (written <= ring.Length)
            {
                return ring[..(int)written];
            }

            var position = (int)(written % ring.Length);
            return [.. ring.AsSpan(position), .. ring.AsSpan(0, position)];
        }
    }
}
