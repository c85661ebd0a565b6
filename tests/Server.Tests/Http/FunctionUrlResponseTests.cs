using System.Text;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Http;

public sealed class FunctionUrlResponseTests
{
    private const string Json = "application/json";

    [Theory]
    [InlineData("\"hello\"", "hello")]
    [InlineData("\"tab\\t \\u00fc \\ud83d\\ude00\"", "tab\t ü 😀")]
    [InlineData("\"\"", "")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("{\"inner\":{\"statusCode\":404}}", "{\"inner\":{\"statusCode\":404}}")]
    [InlineData("{}", "{}")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("42", "42")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("{\"statusCode\":null}", "{\"statusCode\":null}")]
    public async Task Result_without_a_status_is_the_body_of_a_200(string payload, string body)
    {
        var answer = await WriteAsync(payload);

        answer.Written.ShouldBeTrue();
        answer.Status.ShouldBe(200);
        answer.Headers.ContentType.ToString().ShouldBe(Json);
        answer.Headers.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(body));
        answer.Body.ShouldBe(body);
    }

    [Theory]
    [InlineData("200", 200)]
    [InlineData("\"404\"", 404)]
    [InlineData("599", 599)]
    public async Task Status_is_a_number_or_its_text(string status, int expected) =>
        (await WriteAsync($$"""{"statusCode":{{status}},"body":"x"}""")).Status.ShouldBe(expected);

    [Theory]
    [InlineData("0")]
    [InlineData("99")]
    [InlineData("100")] // Interim answers: the caller would wait for another one.
    [InlineData("101")]
    [InlineData("199")]
    [InlineData("600")]
    [InlineData("-1")]
    [InlineData("200.5")]
    [InlineData("99999999999")]
    [InlineData("\"200 OK\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task Status_that_is_none_is_no_response(string status)
    {
        var answer = await WriteAsync($$"""{"headers":{"x-a":"1"},"cookies":["a=b"],"statusCode":{{status}}}""");

        answer.Written.ShouldBeFalse();
        answer.Body.ShouldBeEmpty();
        answer.Headers.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{\"a\":")]
    [InlineData("[1,")]
    [InlineData("{\"statusCode\":200,\"body\":\"x\"")]
    [InlineData("{\"statusCode\":200,\"headers\":{\"x-a\":\"1\"")]
    [InlineData("{\"statusCode\":200,\"body\":\"\\ud800\"}")]
    [InlineData("{\"statusCode\":200,\"headers\":{\"x-a\":\"\\ud800\"}}")]
    [InlineData("{\"statusCode\":200,\"headers\":{\"x-a\":\"1\"},\"isBase64Encoded\":true,\"body\":\"no base64!\"}")]
    public async Task Malformed_result_is_refused_and_writes_no_body(string payload)
    {
        var answer = await WriteAsync(payload);

        answer.Written.ShouldBeFalse();
        answer.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Headers_are_applied_and_may_replace_the_content_type()
    {
        var answer = await WriteAsync(
            """{"statusCode":201,"headers":{"content-type":"text/html","X-Number":7,"X-True":true},"body":"<p>"}""");

        answer.Headers.ContentType.ToString().ShouldBe("text/html");
        answer.Headers["x-number"].ToString().ShouldBe("7");
        answer.Headers["x-true"].ToString().ShouldBe("true");
        answer.Body.ShouldBe("<p>");
    }

    [Theory]
    [InlineData("Content-Length", "999")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("Connection", "close")]
    public async Task Framing_is_the_servers(string name, string value)
    {
        var answer = await WriteAsync($$"""{"statusCode":200,"headers":{"{{name}}":"{{value}}"},"body":"abc"}""");

        answer.Written.ShouldBeTrue();
        answer.Headers.ContentLength.ShouldBe(3);
        answer.Headers.TransferEncoding.ShouldBeEmpty();
        answer.Headers.Connection.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("X-Bad\\r\\nX-Second", "1")]
    [InlineData("X-Bad", "1\\r\\nX-Second: 2")]
    [InlineData("X-Bad", "1\\nX-Second: 2")]
    [InlineData("X-Bad", "1\\u0000")]
    [InlineData("X-Bad", "\\u007f")]
    [InlineData("X-Bad", "\\u010d\\u010a")] // Cut to a byte these would be a line end.
    [InlineData("X Bad", "1")]
    [InlineData("X-Bad:", "1")]
    [InlineData("", "1")]
    public async Task Header_that_would_break_the_message_is_dropped(string name, string value)
    {
        var answer = await WriteAsync(
            $$"""{"statusCode":200,"headers":{"{{name}}":"{{value}}","X-Good":"1"},"body":"abc"}""");

        answer.Written.ShouldBeTrue();
        answer.Headers.Keys.Order().ShouldBe(["Content-Length", "Content-Type", "X-Good"]);
    }

    [Fact]
    public async Task Headers_that_are_no_text_are_skipped()
    {
        var answer = await WriteAsync(
            """{"headers":{"a":{"b":[1]},"c":null,"d":["x"],"e":"kept"},"cookies":7,"statusCode":200,"body":"abc"}""");

        answer.Headers.Keys.Order().ShouldBe(["Content-Length", "Content-Type", "e"]);
        answer.Body.ShouldBe("abc");
    }

    [Theory]
    [InlineData("[\"x\"]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    public async Task Headers_that_are_no_object_are_skipped(string headers) =>
        (await WriteAsync($$"""{"statusCode":200,"headers":{{headers}},"body":"abc"}""")).Body.ShouldBe("abc");

    [Fact]
    public async Task Cookies_are_headers_of_their_own()
    {
        var answer = await WriteAsync(
            """{"statusCode":200,"cookies":["a=1; Secure","b=2\r\nX-Evil: 1",{"c":[]},["d"],"e=3"]}""");

        answer.Headers.SetCookie.ToArray().ShouldBe(["a=1; Secure", "e=3"]);
    }

    [Theory]
    [InlineData("{\"a\": [1, 2]}")]
    [InlineData("17")]
    [InlineData("false")]
    public async Task Body_that_is_no_text_is_shown_as_json(string body) =>
        (await WriteAsync($$"""{"statusCode":200,"body":{{body}},"more":1}""")).Body.ShouldBe(body);

    [Fact]
    public async Task Body_of_null_is_none()
    {
        var answer = await WriteAsync("""{"statusCode":200,"body":null}""");

        answer.Written.ShouldBeTrue();
        answer.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{\"statusCode\":200,\"body\":\"aGkA\",\"isBase64Encoded\":true}", "hi\0")]
    [InlineData("{\"isBase64Encoded\":true,\"body\":\"aGkA\",\"statusCode\":200}", "hi\0")]
    [InlineData("{\"statusCode\":200,\"body\":\"aGkA\",\"isBase64Encoded\":false}", "aGkA")]
    public async Task Body_in_base64_is_decoded_when_it_says_so(string payload, string body) =>
        (await WriteAsync(payload)).Body.ShouldBe(body);

    [Fact]
    public async Task Head_gets_the_length_without_the_body()
    {
        var answer = await WriteAsync("""{"statusCode":200,"body":"abc"}""", "HEAD");

        answer.Headers.ContentLength.ShouldBe(3);
        answer.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(304)]
    public async Task Status_without_a_body_gets_none(int status)
    {
        var answer = await WriteAsync($$"""{"statusCode":{{status}},"body":"abc"}""");

        answer.Written.ShouldBeTrue();
        answer.Status.ShouldBe(status);
        answer.Headers.ContentLength.ShouldBeNull();
        answer.Body.ShouldBeEmpty();
    }

    [Fact]
    public void Prelude_of_a_stream_sets_status_headers_and_cookies()
    {
        var response = new DefaultHttpContext().Response;

        FunctionUrlResponse.TryApplyPrelude(
            response,
            """
            {"statusCode":418,"headers":{"Content-Type":"text/plain","Connection":"x"},"cookies":["a=1"]}
            """u8.ToArray())
            .ShouldBeTrue();

        response.StatusCode.ShouldBe(418);
        response.ContentType.ShouldBe("text/plain");
        response.Headers.Connection.ShouldBeEmpty();
        response.Headers.SetCookie.ToString().ShouldBe("a=1");
    }

    [Fact]
    public void Prelude_that_is_empty_means_200_of_bytes()
    {
        var response = new DefaultHttpContext().Response;

        FunctionUrlResponse.TryApplyPrelude(response, default).ShouldBeTrue();

        response.StatusCode.ShouldBe(200);
        response.ContentType.ShouldBe("application/octet-stream");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"statusCode\":99}")]
    [InlineData("{\"statusCode\":\"x\"}")]
    [InlineData("no json")]
    public void Prelude_that_is_malformed_is_refused(string prelude) => FunctionUrlResponse.TryApplyPrelude(
        new DefaultHttpContext().Response, Encoding.UTF8.GetBytes(prelude)).ShouldBeFalse();

    private static async Task<Answer> WriteAsync(string payload, string method = "GET")
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        using var body = new MemoryStream();
        http.Response.Body = body;
        var written = FunctionUrlResponse.TryWrite(http.Response, Encoding.UTF8.GetBytes(payload));
        await http.Response.BodyWriter.FlushAsync();
        return new Answer(
            written, http.Response.StatusCode, http.Response.Headers, Encoding.UTF8.GetString(body.ToArray()));
    }

    private sealed record Answer(bool Written, int Status, IHeaderDictionary Headers, string Body);
}
