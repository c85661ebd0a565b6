using System.Buffers.Binary;

namespace Lambent.Storage.Packages;

/// <summary>The CRC-32 of zip files (polynomial 0xEDB88320), eight bytes at a time.</summary>
internal static class Crc32
{
    private static readonly uint[][] Tables = CreateTables();

    /// <param name="checksum">What an earlier call returned for the bytes before, or 0.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var state = ~checksum;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = Tables[7][low & 0xff] ^ Tables[6][(low >> 8) & 0xff] ^
                Tables[5][(low >> 16) & 0xff] ^ Tables[4][low >> 24] ^
                Tables[3][high & 0xff] ^ Tables[2][(high >> 8) & 0xff] ^
                Tables[1][(high >> 16) & 0xff] ^ Tables[0][high >> 24];
            bytes = bytes[8..];
        }

        foreach (var next in bytes)
        {
            state = Tables[0][(state ^ next) & 0xff] ^ (state >> 8);
        }

        return ~state;
    }

    /// <summary>Table n answers for a byte that n more bytes follow.</summary>
    private static uint[][] CreateTables()
    {
        var tables = new uint[8][];
        for (var table = 0; table < 8; table++)
        {
            tables[table] = new uint[256];
            for (var index = 0u; index < 256; index++)
            {
                var state = table == 0 ? index : tables[table - 1][index];
                for (var bit = 0; bit < (table == 0 ? 8 : 0); bit++)
                {
                    state = (state & 1) != 0 ? (state >> 1) ^ 0xEDB8_8320 : state >> 1;
                }

                tables[table][index] = table == 0 ? state : tables[0][state & 0xff] ^ (state >> 8);
            }
        }

        return tables;
    }
}
