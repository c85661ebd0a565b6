using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Lambent.Server.Aws.Protocols;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Protocols;

public sealed class EventStreamTests
{
    /// <summary>The check value that every description of CRC-32 gives.</summary>
    [Fact]
    public void Checksum_is_the_crc_32_of_iso_3309()
    {
        EventStream.Checksum("123456789"u8).ShouldBe(0xCBF43926u);
        EventStream.Checksum([]).ShouldBe(0u);
    }

    [Theory]
    [InlineData("PayloadChunk", "application/octet-stream", "hello")]
    [InlineData("InvokeComplete", "application/json", "{}")]
    [InlineData("PayloadChunk", "application/octet-stream", "")]
    public void Event_is_read_back_as_it_was_written(string eventType, string contentType, string payload)
    {
        var output = new ArrayBufferWriter<byte>();

        EventStream.WriteEvent(output, eventType, contentType, Encoding.UTF8.GetBytes(payload));

        var (headers, body, rest) = Decode(output.WrittenSpan);
        headers.ShouldBe(
        [
            (":event-type", eventType), (":content-type", contentType), (":message-type", "event"),
        ]);
        Encoding.UTF8.GetString(body).ShouldBe(payload);
        rest.ShouldBe(0);
    }

    [Fact]
    public void Events_follow_each_other_without_a_gap()
    {
        var output = new ArrayBufferWriter<byte>();
        EventStream.WriteEvent(output, "PayloadChunk", "application/octet-stream", new byte[100_000]);
        EventStream.WriteEvent(output, "PayloadChunk", "application/octet-stream", "second"u8);

        var (_, first, rest) = Decode(output.WrittenSpan);
        var (_, second, none) = Decode(output.WrittenSpan[^rest..]);

        first.Length.ShouldBe(100_000);
        second.ShouldBe("second"u8.ToArray());
        none.ShouldBe(0);
    }

    /// <summary>Takes one message apart, and checks its lengths and checksums.</summary>
    private static (List<(string, string)> Headers, byte[] Payload, int Left) Decode(ReadOnlySpan<byte> bytes)
    {
        var total = BinaryPrimitives.ReadInt32BigEndian(bytes);
        var headerBytes = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]).ShouldBe(EventStream.Checksum(bytes[..8]));
        BinaryPrimitives.ReadUInt32BigEndian(bytes[(total - 4)..]).ShouldBe(EventStream.Checksum(bytes[..(total - 4)]));
        var headers = new List<(string, string)>();
        var remaining = bytes.Slice(12, headerBytes);
        while (!remaining.IsEmpty)
        {
            var name = Encoding.ASCII.GetString(remaining.Slice(1, remaining[0]));
            remaining = remaining[(1 + remaining[0])..];
            remaining[0].ShouldBe((byte)7);
            var length = BinaryPrimitives.ReadUInt16BigEndian(remaining[1..]);
            headers.Add((name, Encoding.ASCII.GetString(remaining.Slice(3, length))));
            remaining = remaining[(3 + length)..];
        }

        return (headers, bytes[(12 + headerBytes)..(total - 4)].ToArray(), bytes.Length - total);
    }
}
