using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Lambent.Protocol.Otlp;

/// <summary>Writes the fields of one message of Protocol Buffers.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Varint(int field, ulong value)
    {
        Tag(field, 0);
        Raw(value);
    }

    /// <summary>sint32: small numbers of either sign are short.</summary>
    public void ZigZag(int field, int value) => Varint(field, (uint)((value << 1) ^ (value >> 31)));

    public void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A repeated field of numbers, packed.</summary>
    public void Varints(int field, IEnumerable<ulong> values)
    {
        var inner = new ProtobufWriter();
        foreach (var value in values)
        {
            inner.Raw(value);
        }

        Bytes(field, inner.Written);
    }

    public void Fixed64(int field, ulong value)
    {
        Tag(field, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(sizeof(ulong)), value);
        buffer.Advance(sizeof(ulong));
    }

    public void Fixed32(int field, uint value)
    {
        Tag(field, 5);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.GetSpan(sizeof(uint)), value);
        buffer.Advance(sizeof(uint));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        Raw((ulong)value.Length);
        buffer.Write(value);
    }

    /// <summary>Nothing for an empty text, which is what a missing field means.</summary>
    public void Text(int field, string value)
    {
        if (value.Length > 0)
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }
    }

    public void Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Bytes(field, inner.Written);
    }

    private void Tag(int field, int wireType) => Raw(((ulong)field << 3) | (uint)wireType);

    private void Raw(ulong value)
    {
        var span = buffer.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        buffer.Advance(length);
    }
}
