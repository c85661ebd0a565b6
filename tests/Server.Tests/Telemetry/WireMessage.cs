using System.Buffers.Binary;
using System.Text;
using Shouldly;

namespace Lambent.Server.Tests.Telemetry;

/// <summary>
/// A message of Protocol Buffers as its encoding alone tells it: numbered fields of four wire types. Knows nothing of
/// any schema, and shares no code with what wrote it.
/// </summary>
internal sealed class WireMessage
{
    private readonly List<(int Number, object Value)> fields = [];

    private WireMessage()
    {
    }

    public static WireMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var message = new WireMessage();
        while (!bytes.IsEmpty)
        {
            var tag = Varint(ref bytes);
            object value;
            switch (tag & 7)
            {
                case 0:
                    value = Varint(ref bytes);
                    break;
                case 1:
                    value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    value = bytes[..length].ToArray();
                    bytes = bytes[length..];
                    break;
                case 5:
                    value = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes);
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }

            message.fields.Add(((int)(tag >> 3), value));
        }

        return message;
    }

    /// <summary>The messages in a field, in their order.</summary>
    public List<WireMessage> All(int field) =>
        [.. fields.Where(one => one.Number == field).Select(one => Parse((byte[])one.Value))];

    /// <summary>The one message in a field.</summary>
    public WireMessage One(int field) => All(field).ShouldHaveSingleItem();

    public bool Has(int field) => fields.Exists(one => one.Number == field);

    /// <summary>0 when it is missing, as the encoding has it.</summary>
    public ulong Number(int field) => (ulong?)fields.LastOrDefault(one => one.Number == field).Value ?? 0;

    public double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    public int Signed(int field) => (int)((long)(Number(field) >> 1) ^ -(long)(Number(field) & 1));

    public byte[] Bytes(int field) => (byte[]?)fields.LastOrDefault(one => one.Number == field).Value ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public List<ulong> Packed(int field)
    {
        ReadOnlySpan<byte> rest = Bytes(field);
        var numbers = new List<ulong>();
        while (!rest.IsEmpty)
        {
            numbers.Add(Varint(ref rest));
        }

        return numbers;
    }

    /// <summary>OTLP's attributes: KeyValue has key (1) and value (2), AnyValue a text in 1.</summary>
    public Dictionary<string, string> Attributes(int field) =>
        All(field).ToDictionary(one => one.Text(1), one => one.One(2).Has(1) ? one.One(2).Text(1) : "(no text)");

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            shift += 7;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
