namespace Lambent.Kernel.Traces;

/// <summary>Ids as 16 digits of ASCII, without a string between.</summary>
internal static class HexWriter
{
    public static void Write(Span<byte> destination, ulong value)
    {
        var digits = "0123456789abcdef"u8;
        for (var index = 15; index >= 0; index--)
        {
            destination[index] = digits[(int)(value & 0xF)];
            value >>= 4;
        }
    }
}
