using Lambent.Kernel;
using Lambent.Server.Http;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Http;

public sealed class CollectedResponseTests
{
    [Fact]
    public void Response_of_a_handler_that_does_not_stream_is_empty()
    {
        using var collected = new CollectedResponse();

        collected.Bytes.IsEmpty.ShouldBeTrue();
        collected.IsTooLarge.ShouldBeFalse();
    }

    [Fact]
    public async Task Prelude_is_ended_by_eight_zero_bytes_and_followed_by_the_chunks()
    {
        using var collected = new CollectedResponse();

        await collected.StartAsync("{}"u8.ToArray());
        await collected.WriteAsync("one"u8.ToArray());
        await collected.WriteAsync("two"u8.ToArray());

        collected.Bytes.ToArray().ShouldBe("{}\0\0\0\0\0\0\0\0onetwo"u8.ToArray());
    }

    [Fact]
    public async Task Stream_without_a_prelude_has_the_chunks_alone()
    {
        using var collected = new CollectedResponse();

        await collected.StartAsync(default);
        await collected.WriteAsync("one"u8.ToArray());

        collected.Bytes.ToArray().ShouldBe("one"u8.ToArray());
    }

    [Fact]
    public async Task Chunks_above_the_limit_of_a_response_are_dropped()
    {
        using var collected = new CollectedResponse();
        var chunk = new byte[Limits.ResponsePayloadBytesMax];

        await collected.WriteAsync(chunk);
        collected.IsTooLarge.ShouldBeFalse();
        await collected.WriteAsync(chunk.AsMemory(0, 1));
        await collected.WriteAsync(chunk);

        collected.IsTooLarge.ShouldBeTrue();
        collected.Bytes.Length.ShouldBe(Limits.ResponsePayloadBytesMax);
    }
}
