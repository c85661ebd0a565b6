using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Lambent.Server.Aws.S3;

/// <summary>A checksum that clients send along with an object's bytes, computed while they come.</summary>
internal abstract class Checksum : IDisposable
{
    public const string HeaderPrefix = "x-amz-checksum-";

    public static readonly IReadOnlyList<string> Algorithms = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"];

    public static Checksum Of(string algorithm) => algorithm switch
    {
        "crc32" => new TableChecksum(TableChecksum.Crc32, sizeof(uint)),
        "crc64nvme" => new TableChecksum(TableChecksum.Crc64, sizeof(ulong)),
        "crc32c" => new Crc32C(),
        "sha1" => new HashChecksum(HashAlgorithmName.SHA1),
        "sha256" => new HashChecksum(HashAlgorithmName.SHA256),
        _ => throw new ArgumentException($"'{algorithm}' is no checksum."),
    };

    public abstract void Add(ReadOnlySpan<byte> bytes);

    /// <summary>Base64 of its bytes, the highest first.</summary>
    public string Finish() => Convert.ToBase64String(Bytes());

    public virtual void Dispose()
    {
    }

    protected abstract byte[] Bytes();

    private sealed class HashChecksum(HashAlgorithmName name) : Checksum
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(name);

        public override void Add(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

        public override void Dispose()
        {
            hash.Dispose();
            base.Dispose();
        }

        protected override byte[] Bytes() => hash.GetHashAndReset();
    }

    private sealed class Crc32C : Checksum
    {
        private uint value = uint.MaxValue;

        public override void Add(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length >= sizeof(ulong))
            {
                value = BitOperations.Crc32C(value, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                bytes = bytes[sizeof(ulong)..];
            }

            foreach (var single in bytes)
            {
                value = BitOperations.Crc32C(value, single);
            }
        }

        protected override byte[] Bytes()
        {
            var bytes = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, ~value);
            return bytes;
        }
    }

    /// <summary>A reflected CRC of up to 64 bits, eight bytes at a time by eight tables.</summary>
    private sealed class TableChecksum(ulong[] tables, int width) : Checksum
    {
        public static readonly ulong[] Crc32 = Tables(0xEDB88320);
        public static readonly ulong[] Crc64 = Tables(0x9A6C9329AC4BC9B5);

        private ulong value = width == sizeof(uint) ? uint.MaxValue : ulong.MaxValue;

        public override void Add(ReadOnlySpan<byte> bytes)
        {
            var crc = value;
            while (bytes.Length >= sizeof(ulong))
            {
                var word = crc ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                crc = 0;
                for (var index = 0; index < sizeof(ulong); index++)
                {
                    crc ^= tables[((7 - index) << 8) | (int)((word >> (index * 8)) & 0xFF)];
                }

                bytes = bytes[sizeof(ulong)..];
            }

            foreach (var single in bytes)
            {
                crc = tables[(byte)crc ^ single] ^ (crc >> 8);
            }

            value = crc;
        }

        protected override byte[] Bytes()
        {
            var bytes = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, ~value);
            return bytes[(sizeof(ulong) - width)..];
        }

        private static ulong[] Tables(ulong polynomial)
        {
            var tables = new ulong[8 * 256];
            for (var single = 0; single < 256; single++)
            {
                var crc = (ulong)single;
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ ((crc & 1) * polynomial);
                }

                tables[single] = crc;
            }

            for (var index = 256; index < tables.Length; index++)
            {
                var before = tables[index - 256];
                tables[index] = tables[(byte)before] ^ (before >> 8);
            }

            return tables;
        }
    }
}
