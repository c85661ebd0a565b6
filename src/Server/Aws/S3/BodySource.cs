using System.Buffers;
using System.Text;

namespace Lambent.Server.Aws.S3;

/// <summary>A request's body through one buffer, by pieces or by lines.</summary>
internal sealed class BodySource(Stream body, CancellationToken cancellation) : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int start;
    private int end;

    /// <summary>What was read and not taken yet.</summary>
    public ReadOnlySpan<byte> Ready => buffer.AsSpan(start, end - start);

    public void Take(int count) => start += count;

    /// <summary>Reads on; false at the body's end, or when the buffer is full.</summary>
    public async ValueTask<bool> FillAsync()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            return false;
        }

        var read = await body.ReadAsync(buffer.AsMemory(end), cancellation);

        // That may have been completed by the thread that serves sockets. What follows writes to the disk.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        end += read;
        return read > 0;
    }

    /// <summary>The next line without its end; null when there is none, or it is longer than any should be.</summary>
    public async ValueTask<string?> ReadLineAsync()
    {
        while (true)
        {
            var length = Ready.IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.Latin1.GetString(Ready[..length]).TrimEnd('\r');
                Take(length + 1);
                return line;
            }

            if (!await FillAsync())
            {
                return null;
            }
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
