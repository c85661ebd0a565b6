using System.Text;
using Lambent.Server.Ingress.WebSockets;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Ingress;

public sealed class WebSocketReplyTests
{
    [Theory]
    [InlineData("\"text\"", 200, "text", false)]
    [InlineData("null", 200, null, false)]
    [InlineData("12", 200, null, false)]
    [InlineData("[1]", 200, null, false)]
    [InlineData("{}", 200, null, false)]
    [InlineData("""{"statusCode":403,"body":"no"}""", 403, "no", false)]
    [InlineData("""{"statusCode":"401"}""", 401, null, false)]
    [InlineData("""{"statusCode":null,"body":"x"}""", 200, "x", false)]
    [InlineData("""{"body":"dGV4dA==","isBase64Encoded":true}""", 200, "text", true)]
    [InlineData("""{"body":{"a":1}}""", 200, null, false)]
    public void Reply_is_read(string json, int status, string? body, bool binary)
    {
        var reply = WebSocketReply.TryRead(Encoding.UTF8.GetBytes(json)).ShouldNotBeNull();
        reply.Status.ShouldBe(status);
        (reply.Body is null ? null : Encoding.UTF8.GetString(reply.Body)).ShouldBe(body);
        reply.IsBinary.ShouldBe(binary);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"statusCode":"many"}""")]
    [InlineData("""{"statusCode":99999}""")]
    [InlineData("""{"statusCode":99999999999}""")]
    [InlineData("""{"statusCode":"99999999999"}""")]
    [InlineData("""{"statusCode":{}}""")]
    [InlineData("""{"body":"%%%","isBase64Encoded":true}""")]
    public void Reply_that_makes_no_sense_is_none(string json) =>
        WebSocketReply.TryRead(Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    [Fact]
    public void Subprotocol_is_found_whatever_the_case_of_its_header() =>
        WebSocketReply.TryRead("""{"headers":{"sec-websocket-PROTOCOL":"chat"}}"""u8.ToArray())!
            .Subprotocol.ShouldBe("chat");
}
