using System.Buffers.Binary;
using System.Text;

namespace Lambent.Protocol.Otlp;

/// <summary>
/// Reads the fields of one message of Protocol Buffers. It never reads beyond its bytes; what is malformed is an
/// <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int position;
    private int wireType;

    /// <summary>Moves to the next field; false at the end.</summary>
    public bool TryRead(out int field)
    {
        field = 0;
        if (position == bytes.Length)
        {
            return false;
        }

        var tag = ReadRawVarint();
        (field, wireType) = ((int)(tag >> 3), (int)(tag & 7));
        return field > 0 && tag <= uint.MaxValue ? true : throw new InvalidDataException("A field has no number.");
    }

    public ulong ReadVarint()
    {
        Expect(Varint);
        return ReadRawVarint();
    }

    public ulong ReadFixed64()
    {
        Expect(Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(LengthDelimited);
        var length = ReadRawVarint();
        return length <= (ulong)(bytes.Length - position)
            ? Take((int)length)
            : throw new InvalidDataException("A field is longer than what holds it.");
    }

    /// <summary>What is no UTF-8 in it is replaced.</summary>
    public string ReadText() => Encoding.UTF8.GetString(ReadBytes());

    public ProtobufReader ReadMessage() => new(ReadBytes());

    public void Skip()
    {
        switch (wireType)
        {
            case Varint:
                ReadRawVarint();
                break;
            case Fixed64:
                Take(sizeof(ulong));
                break;
            case LengthDelimited:
                ReadBytes();
                break;
            case Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw new InvalidDataException($"A field has the wire type {wireType}.");
        }
    }

    private readonly void Expect(int type)
    {
        if (wireType != type)
        {
            throw new InvalidDataException($"A field has the wire type {wireType} and not {type}.");
        }
    }

    private ulong ReadRawVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number is longer than ten bytes.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - position)
        {
            throw new InvalidDataException("The message ends within a field.");
        }

        var taken = bytes.Slice(position, count);
        position += count;
        return taken;
    }
}
