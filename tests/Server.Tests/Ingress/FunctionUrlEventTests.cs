using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Ingress;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Ingress;

public sealed class FunctionUrlEventTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 12, 19, 3, 58, 390, TimeSpan.Zero);

    [Fact]
    public void Get_is_written_as_payload_2_0()
    {
        var http = Request("GET", "/my/path", "a=1&a=2&b=%20x&flag");
        http.Request.Headers.UserAgent = "agent/1";
        http.Request.Headers.Append("X-Multi", "one");
        http.Request.Headers.Append("X-Multi", "two");
        http.Request.Headers.Cookie = new(["c1=v1; c2=v2", "c3=v3;"]);

        Write(http, "/my/path", "a=1&a=2&b=%20x&flag").ShouldBe(
            """
            {
              "version": "2.0",
              "routeKey": "$default",
              "rawPath": "/my/path",
              "rawQueryString": "a=1&a=2&b=%20x&flag",
              "cookies": ["c1=v1", "c2=v2", "c3=v3"],
              "headers": {"host": "hello.localhost:9550", "user-agent": "agent/1", "x-multi": "one,two"},
              "queryStringParameters": {"a": "1,2", "b": " x", "flag": ""},
              "requestContext": {
                "accountId": "anonymous",
                "apiId": "hello",
                "domainName": "hello.localhost:9550",
                "domainPrefix": "hello",
                "http": {
                  "method": "GET",
                  "path": "/my/path",
                  "protocol": "HTTP/1.1",
                  "sourceIp": "192.0.2.7",
                  "userAgent": "agent/1"
                },
                "requestId": "request-1",
                "routeKey": "$default",
                "stage": "$default",
                "time": "12/Mar/2026:19:03:58 +0000",
                "timeEpoch": 1773342238390
              },
              "isBase64Encoded": false
            }
            """);
    }

    [Fact]
    public void Post_has_its_body_before_the_end()
    {
        var http = Request("POST", "/", "");
        http.Request.ContentType = "application/json; charset=utf-8";

        Write(http, "/", "", """{"a":"ü"}""").ShouldBe(
            """
            {
              "version": "2.0",
              "routeKey": "$default",
              "rawPath": "/",
              "rawQueryString": "",
              "headers": {"host": "hello.localhost:9550", "content-type": "application/json; charset=utf-8"},
              "requestContext": {
                "accountId": "anonymous",
                "apiId": "hello",
                "domainName": "hello.localhost:9550",
                "domainPrefix": "hello",
                "http": {"method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7"},
                "requestId": "request-1",
                "routeKey": "$default",
                "stage": "$default",
                "time": "12/Mar/2026:19:03:58 +0000",
                "timeEpoch": 1773342238390
              },
              "body": "{\"a\":\"ü\"}",
              "isBase64Encoded": false
            }
            """);
    }

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("TEXT/HTML; charset=utf-8", true)]
    [InlineData("application/json", true)]
    [InlineData("application/problem+json", true)]
    [InlineData("application/xml", true)]
    [InlineData("image/svg+xml", true)]
    [InlineData("application/javascript", true)]
    [InlineData(null, true)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("multipart/form-data; boundary=text/plain", false)]
    [InlineData("application/octet-stream", false)]
    [InlineData("image/png", false)]
    public void Body_is_text_or_base64_by_its_media_type(string? contentType, bool isText)
    {
        var http = Request("POST", "/", "");
        http.Request.ContentType = contentType;

        var written = Parse(http, body: "a=1&b=ü"u8.ToArray());

        written["isBase64Encoded"]!.GetValue<bool>().ShouldBe(!isText);
        written["body"]!.ToString().ShouldBe(isText ? "a=1&b=ü" : Convert.ToBase64String("a=1&b=ü"u8));
    }

    [Fact]
    public void Text_that_is_no_utf8_is_base64()
    {
        var http = Request("POST", "/", "");
        http.Request.ContentType = "text/plain";
        byte[] body = [0x61, 0xFF, 0xFE];

        var written = Parse(http, body: body);

        written["isBase64Encoded"]!.GetValue<bool>().ShouldBeTrue();
        written["body"]!.ToString().ShouldBe(Convert.ToBase64String(body));
    }

    [Fact]
    public void Empty_body_is_left_out()
    {
        var http = Request("POST", "/", "");
        http.Request.ContentType = "application/octet-stream";

        var written = Parse(http);

        written.ContainsKey("body").ShouldBeFalse();
        written["isBase64Encoded"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public void Signed_caller_is_told_with_its_account()
    {
        var caller = new Principal(
            AccountId.Parse("111122223333"), "AKIAEXAMPLE", new FunctionId(AccountId.Parse("111122223333"), "other"));

        var context = Parse(Request("GET", "/", ""), caller: caller)["requestContext"]!;

        context["accountId"]!.ToString().ShouldBe("111122223333");
        JsonNode.DeepEquals(context["authorizer"], JsonNode.Parse(
            """
            {"iam": {
              "accessKey": "AKIAEXAMPLE",
              "accountId": "111122223333",
              "callerId": "AKIAEXAMPLE",
              "cognitoIdentity": null,
              "principalOrgId": null,
              "userArn": "arn:aws:sts::111122223333:assumed-role/lambda/other",
              "userId": "AKIAEXAMPLE"
            }}
            """)).ShouldBeTrue(context["authorizer"]!.ToJsonString());
    }

    [Fact]
    public void Path_and_query_stay_as_they_were_sent()
    {
        var written = Parse(Request("GET", "/ä b", "q=%C3%BC+%22"), path: "/%C3%A4%20b//c%2Fd", query: "q=%C3%BC+%22");

        written["rawPath"]!.ToString().ShouldBe("/%C3%A4%20b//c%2Fd");
        written["requestContext"]!["http"]!["path"]!.ToString().ShouldBe("/%C3%A4%20b//c%2Fd");
        written["rawQueryString"]!.ToString().ShouldBe("q=%C3%BC+%22");
        written["queryStringParameters"]!["q"]!.ToString().ShouldBe("ü \"");
    }

    [Fact]
    public void Values_of_hostile_characters_stay_json()
    {
        var http = Request("GET", "/", "");
        http.Request.Headers["X-Quote"] = "\"}\\ \u0001 😀 \u2028";
        http.Request.Headers[new string('X', 300)] = "long";

        var headers = Parse(http)["headers"]!;

        headers["x-quote"]!.ToString().ShouldBe("\"}\\ \u0001 😀 \u2028");
        headers[new string('x', 300)]!.ToString().ShouldBe("long");
    }

    [Theory]
    [InlineData("::ffff:10.0.0.9", "10.0.0.9")]
    [InlineData("::1", "::1")]
    public void Source_address_is_as_short_as_it_can_be(string address, string expected)
    {
        var http = Request("GET", "/", "");
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);

        Parse(http)["requestContext"]!["http"]!["sourceIp"]!.ToString().ShouldBe(expected);
    }

    [Fact]
    public void Events_written_one_after_the_other_do_not_mix()
    {
        var http = Request("POST", "/", "");

        Parse(http, body: Encoding.UTF8.GetBytes(new string('x', 50_000)))["body"]!.ToString().Length.ShouldBe(50_000);
        Parse(http, body: "y"u8.ToArray())["body"]!.ToString().ShouldBe("y");
    }

    private static DefaultHttpContext Request(string method, string path, string query)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Request.Path = path;
        http.Request.QueryString = query.Length == 0 ? default : new QueryString("?" + query);
        http.Request.Protocol = "HTTP/1.1";
        http.Request.Headers.Host = "hello.localhost:9550";
        http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        return http;
    }

    private static JsonEvent Write(HttpContext http, string path, string query, string body = "") =>
        new(WriteText(http, path, query, Encoding.UTF8.GetBytes(body), null));

    private static JsonObject Parse(
        HttpContext http, string path = "/", string query = "", byte[]? body = null, Principal? caller = null) =>
        JsonNode.Parse(WriteText(http, path, query, body ?? [], caller))!.AsObject();

    private static string WriteText(HttpContext http, string path, string query, byte[] body, Principal? caller)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var target = new UrlTarget(path, query, "hello");
        FunctionUrlEvent.Write(buffer, http.Request, target, body, new UrlCaller(caller, "request-1"), Now);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Compared without the spaces of the golden text, in the order of its members.</summary>
    private sealed record JsonEvent(string Text)
    {
        public void ShouldBe(string golden) =>
            JsonNode.Parse(Text)!.ToJsonString().ShouldBe(JsonNode.Parse(golden)!.ToJsonString());
    }
}
