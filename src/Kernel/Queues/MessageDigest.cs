using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.Kernel.Queues;

/// <summary>The MD5 sums by which clients of SQS notice a message that changed on its way. Not a protection.</summary>
public static class MessageDigest
{
    private const byte TextMarker = 1;
    private const byte BytesMarker = 2;

    public static string OfBody(string body) => Hex(Encoding.UTF8.GetBytes(body));

    /// <summary>
    /// Of each attribute, in order of the names: name, type, one byte for the kind of value, value; each with its
    /// length as four bytes, the highest first. Null for none.
    /// </summary>
    public static string? OfAttributes(IReadOnlyCollection<KeyValuePair<string, MessageAttribute>> attributes)
    {
        if (attributes.Count == 0)
        {
            return null;
        }

        var bytes = new List<byte>();
        foreach (var (name, attribute) in attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            Append(bytes, Encoding.UTF8.GetBytes(name));
            Append(bytes, Encoding.UTF8.GetBytes(attribute.DataType));
            bytes.Add(attribute.IsBinary ? BytesMarker : TextMarker);
            Append(bytes, attribute.IsBinary ? attribute.Bytes! : Encoding.UTF8.GetBytes(attribute.Text!));
        }

        return Hex([.. bytes]);
    }

    private static void Append(List<byte> bytes, byte[] part)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        bytes.AddRange(length);
        bytes.AddRange(part);
    }

#pragma warning disable CA5351 // The API's checksum is MD5; nothing relies on it being hard to forge.
    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
}
