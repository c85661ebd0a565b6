using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lambent.Server;

/// <summary>
/// Makes ids: UUIDv7 (RFC 9562), so that they sort by time. Random bytes are fetched for many ids at once, because
/// fetching them is a system call.
/// </summary>
public sealed class RequestIds(TimeProvider time)
{
    private const int IdBytes = 16;
    private const int RandomBytesAtOnce = 128 * IdBytes;

    [ThreadStatic]
    private static byte[]? randomBytes;

    [ThreadStatic]
    private static int randomBytesLeft;

    public string Next()
    {
        Span<byte> id = stackalloc byte[IdBytes];
        TakeRandom(id);
        Span<byte> milliseconds = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, time.GetUtcNow().ToUnixTimeMilliseconds());
        milliseconds[2..].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }

    private static void TakeRandom(Span<byte> destination)
    {
        var bytes = randomBytes ??= new byte[RandomBytesAtOnce];
        if (randomBytesLeft == 0)
        {
            RandomNumberGenerator.Fill(bytes);
            randomBytesLeft = bytes.Length;
        }

        bytes.AsSpan(randomBytesLeft - destination.Length, destination.Length).CopyTo(destination);
        randomBytesLeft -= destination.Length;
    }
}
