using System.Text;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Urls;

/// <summary>Function URLs: payload format 2.0, by host name and by path.</summary>
[Collection(SharedServer.Name)]
public sealed class UrlTests(ServerFixture fixture)
{
    private LambdaClient Lambda => fixture.Lambda;

    [Fact]
    public async Task Event_has_the_payload_format_2()
    {
        await MakeAsync("url-event", "url");
        var byHost = $"url-event.localhost:{Lambda.Address.Port}";
        foreach (var (path, host) in new[] { ("/fn/url-event", (string?)null), ("", byHost) })
        {
            (string, string)[] headers =
            [
                ("X-One", "first"), ("X-One", "second"), ("Cookie", "a=1; b=2"), ("User-Agent", "tester"),
                .. host is null ? Array.Empty<(string, string)>() : [("Host", host)],
            ];
            var answer = await Lambda.SendUnsignedAsync(
                "GET", path + "/some/path?x=1&x=2&y=%20z&empty=", null, headers);
            answer.Status.ShouldBe(200, answer.ToString());
            var received = answer.Json;
            ((string?)received["version"]).ShouldBe("2.0");
            ((string?)received["routeKey"]).ShouldBe("$default");
            ((string?)received["rawPath"]).ShouldBe("/some/path");
            ((string?)received["rawQueryString"]).ShouldBe("x=1&x=2&y=%20z&empty=");
            ((string?)received["queryStringParameters"]!["x"]).ShouldBe("1,2");
            ((string?)received["queryStringParameters"]!["y"]).ShouldBe(" z");
            ((string?)received["headers"]!["x-one"])!.Replace(", ", ",").ShouldBe("first,second");
            received["cookies"]!.ToJsonString().ShouldBe("""["a=1","b=2"]""");
            var context = received["requestContext"]!;
            ((string?)context["http"]!["method"]).ShouldBe("GET");
            ((string?)context["http"]!["path"]).ShouldBe("/some/path");
            ((string?)context["http"]!["sourceIp"]).ShouldBe("127.0.0.1");
            ((string?)context["http"]!["userAgent"]).ShouldBe("tester");
            ((string?)context["stage"]).ShouldBe("$default");
            ((bool?)received["isBase64Encoded"]).ShouldBe(false);
        }
    }

    [Fact]
    public async Task Answer_sets_status_headers_and_cookies()
    {
        await MakeAsync("url-answer", "url");
        var answer = await Lambda.SendUnsignedAsync("GET", "/fn/url-answer/?status=418");
        answer.Status.ShouldBe(418);
        answer.Header("x-answer").ShouldBe("yes");
        answer.Header("content-type").ShouldBe("application/json");
        answer.Headers["Set-Cookie"].ShouldBe(["one=1; Path=/", "two=2"]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Every_method_reaches_the_function(string method)
    {
        await MakeAsync("url-methods", "url");
        var answer = await Lambda.SendUnsignedAsync(method, "/fn/url-methods/");
        answer.Status.ShouldBe(200, answer.ToString());
        answer.Header("x-answer").ShouldBe("yes");
        if (method != "HEAD")
        {
            ((string?)answer.Json["requestContext"]!["http"]!["method"]).ShouldBe(method);
        }
    }

    [Fact]
    public async Task Plain_result_is_the_body()
    {
        await MakeAsync("url-plain", "url");
        var answer = await Lambda.SendUnsignedAsync("GET", "/fn/url-plain/?plain=1");
        answer.Status.ShouldBe(200);
        answer.Text.ShouldBe("plain text");
        answer.Header("content-type").ShouldBe("application/json");
    }

    [Fact]
    public async Task Text_body_arrives_as_text_and_bytes_in_base64()
    {
        await MakeAsync("url-bodies", "url");
        var text = await Lambda.SendUnsignedAsync(
            "POST", "/fn/url-bodies/", Encoding.UTF8.GetBytes("{\"ä\":1}"), ("Content-Type", "application/json"));
        ((string?)text.Json["body"]).ShouldBe("{\"ä\":1}", text.ToString());
        ((bool?)text.Json["isBase64Encoded"]).ShouldBe(false);
        byte[] bytes = [0, 255, 254, 10];
        var binary = await Lambda.SendUnsignedAsync(
            "POST", "/fn/url-bodies/", bytes, ("Content-Type", "application/octet-stream"));
        ((bool?)binary.Json["isBase64Encoded"]).ShouldBe(true, binary.ToString());
        Convert.FromBase64String((string)binary.Json["body"]!).ShouldBe(bytes);
    }

    [Fact]
    public async Task Body_in_base64_is_answered_as_bytes()
    {
        await MakeAsync("url-binary", "urlBinary");
        byte[] bytes = [1, 0, 128, 200];
        var answer = await Lambda.SendUnsignedAsync(
            "POST", "/fn/url-binary/", bytes, ("Content-Type", "application/octet-stream"));
        answer.Body.ShouldBe(bytes);
        answer.Header("content-type").ShouldBe("application/octet-stream");
    }

    [Fact]
    public async Task Error_of_the_function_is_a_bad_gateway()
    {
        await MakeAsync("url-throws", "throws");
        var answer = await Lambda.SendUnsignedAsync("GET", "/fn/url-throws/");
        answer.Status.ShouldBe(502);
        answer.Text.ShouldBe("Internal Server Error");
    }

    [Fact]
    public async Task Streamed_answer_has_its_own_status_and_headers()
    {
        await MakeAsync(
            "url-stream", "urlStream", new JsonObject { ["AuthType"] = "NONE", ["InvokeMode"] = "RESPONSE_STREAM" });
        var answer = await Lambda.SendUnsignedAsync("GET", "/fn/url-stream/");
        answer.Status.ShouldBe(201, answer.ToString());
        answer.Header("x-streamed").ShouldBe("yes");
        answer.Header("Set-Cookie").ShouldBe("s=1");
        answer.Text.ShouldBe("part 0\npart 1\npart 2\n");
    }

    [Fact]
    public async Task Preflight_is_answered_for_an_allowed_origin_only()
    {
        var cors = new JsonObject
        {
            ["AllowOrigins"] = new JsonArray("https://good.example"), ["AllowMethods"] = new JsonArray("GET", "POST"),
            ["AllowHeaders"] = new JsonArray("x-token"), ["MaxAge"] = 60,
        };
        await MakeAsync("url-cors", "url", new JsonObject { ["AuthType"] = "NONE", ["Cors"] = cors });
        var good = await PreflightAsync("https://good.example");
        good.Header("Access-Control-Allow-Origin").ShouldBe("https://good.example", good.ToString());
        good.Header("Access-Control-Allow-Methods")!.ShouldContain("POST");
        good.Header("Access-Control-Max-Age").ShouldBe("60");
        (await PreflightAsync("https://bad.example")).Header("Access-Control-Allow-Origin").ShouldBeNull();
        var call = await Lambda.SendUnsignedAsync("GET", "/fn/url-cors/", null, ("Origin", "https://good.example"));
        call.Header("Access-Control-Allow-Origin").ShouldBe("https://good.example");

        Task<Answer> PreflightAsync(string origin) => Lambda.SendUnsignedAsync(
            "OPTIONS", "/fn/url-cors/", null,
            ("Origin", origin),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "x-token"));
    }

    [Fact]
    public async Task Url_without_authentication_needs_a_permission_too()
    {
        await Lambda.CreateFunctionAsync(Programs.NodeFunction("url-forbidden", "url"));
        await UrlAsync("url-forbidden", new JsonObject { ["AuthType"] = "NONE" });
        var forbidden = await Lambda.SendUnsignedAsync("GET", "/fn/url-forbidden/");
        forbidden.Status.ShouldBe(403);
        forbidden.Text.ShouldStartWith("""{"Message":"Forbidden""");
        await PermitAsync("url-forbidden");
        (await Lambda.SendUnsignedAsync("GET", "/fn/url-forbidden/")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Url_with_authentication_wants_a_signature()
    {
        await Lambda.CreateFunctionAsync(Programs.NodeFunction("url-signed", "url"));
        await UrlAsync("url-signed", new JsonObject { ["AuthType"] = "AWS_IAM" });
        (await Lambda.SendUnsignedAsync("GET", "/fn/url-signed/")).Status.ShouldBe(403);
        var signed = await Lambda.SendAsync("GET", "/fn/url-signed/path?b=2&a=1");
        signed.Status.ShouldBe(200, signed.ToString());
        var caller = signed.Json["requestContext"]!["authorizer"]!["iam"]!;
        ((string?)caller["accountId"]).ShouldBe("000000000000", signed.ToString());
        using var other = new LambdaClient(Lambda.Address, Lambda.Key with { Secret = "wrong" });
        (await other.SendAsync("GET", "/fn/url-signed/")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Url_of_no_function_is_forbidden_as_any_other()
    {
        (await Lambda.SendUnsignedAsync("GET", "/fn/no-such-function/")).Status.ShouldBeOneOf(403, 404);
        var byHost = await Lambda.SendUnsignedAsync(
            "GET", "/", null, ("Host", $"no-such-function.localhost:{Lambda.Address.Port}"));
        byHost.Status.ShouldBeOneOf(403, 404);
    }

    /// <summary>A function with a URL for everybody. Made once for a theory's rows.</summary>
    private async Task MakeAsync(string name, string handler, JsonObject? url = null)
    {
        if ((await Lambda.GetAsync($"/2021-10-31/functions/{name}/url")).Status == 200)
        {
            return;
        }

        await Lambda.CreateFunctionAsync(Programs.NodeFunction(name, handler));
        await UrlAsync(name, url ?? new JsonObject { ["AuthType"] = "NONE" });
        await PermitAsync(name);
    }

    private async Task UrlAsync(string name, JsonObject url) =>
        (await Lambda.SendAsync("POST", $"/2021-10-31/functions/{name}/url", url)).Status.ShouldBe(201);

    private async Task PermitAsync(string name)
    {
        var permission = new JsonObject
        {
            ["StatementId"] = "everybody", ["Action"] = "lambda:InvokeFunctionUrl", ["Principal"] = "*",
            ["FunctionUrlAuthType"] = "NONE",
        };
        (await Lambda.SendAsync("POST", $"/2015-03-31/functions/{name}/policy", permission)).Status.ShouldBe(201);
    }
}
