using System.Text;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Http;

public sealed class PathSandboxTests
{
    private const string Policy = "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads";

    private readonly DefaultHttpContext http = new();

    [Fact]
    public void Function_by_path_is_in_a_sandbox_whatever_it_sends()
    {
        PathSandbox.Apply(http.Response);
        Write("""
            {"statusCode":200,"headers":{"content-security-policy":"sandbox allow-same-origin allow-scripts",
            "Content-Type":"text/html"},"body":"<script></script>"}
            """);
        http.Response.Headers.ContentSecurityPolicy.ToArray().ShouldBe(
            [Policy, "sandbox allow-same-origin allow-scripts"]);
        http.Response.ContentType.ShouldBe("text/html");
    }

    [Fact]
    public void Several_spellings_of_the_header_take_the_sandbox_away_neither()
    {
        PathSandbox.Apply(http.Response);
        Write("""
            {"statusCode":200,"headers":{"Content-Security-Policy":"a","content-security-policy":"b",
            "CONTENT-SECURITY-POLICY":""}}
            """);
        http.Response.Headers.ContentSecurityPolicy[0].ShouldBe(Policy);
    }

    [Fact]
    public void Streamed_answer_is_in_the_sandbox()
    {
        PathSandbox.Apply(http.Response);
        FunctionUrlResponse.TryApplyPrelude(
            http.Response, """{"statusCode":200,"headers":{"content-security-policy":"x"}}"""u8.ToArray())
            .ShouldBeTrue();
        http.Response.Headers.ContentSecurityPolicy[0].ShouldBe(Policy);
    }

    [Fact]
    public void Function_by_host_has_its_own_policy_alone()
    {
        Write("""{"statusCode":200,"headers":{"content-security-policy":"default-src 'self'"}}""");
        http.Response.Headers.ContentSecurityPolicy.ToArray().ShouldBe(["default-src 'self'"]);
    }

    [Theory]
    [InlineData("lambent-session-9550=x")]
    [InlineData(" Lambent-Session-9550=x; Path=/v1/sessions")]
    [InlineData("=lambent-session-9550=x")]
    [InlineData("\\t= lambent-session-9550")]
    public void Cookie_of_the_dashboard_is_not_a_functions_to_set(string cookie)
    {
        Write($$"""
            {"statusCode":200,"headers":{"set-cookie":"{{cookie}}","x":"1"},"cookies":["{{cookie}}","seen=1"]}
            """);
        http.Response.Headers.SetCookie.ToArray().ShouldBe(["seen=1"]);
        http.Response.Headers["x"].ToString().ShouldBe("1");
    }

    [Theory]
    [InlineData("text/html", true)]
    [InlineData("image/svg+xml", true)]
    [InlineData(null, true)]
    [InlineData("application/pdf", false)]
    public void Stored_content_is_in_a_sandbox_but_for_what_has_none(string? type, bool isSandboxed)
    {
        http.Response.ContentType = type;
        PathSandbox.ApplyToContent(http.Response);
        http.Response.Headers.ContentSecurityPolicy.Count.ShouldBe(isSandboxed ? 1 : 0);
    }

    private void Write(string payload)
    {
        http.Response.Body = new MemoryStream();
        FunctionUrlResponse.TryWrite(http.Response, Encoding.UTF8.GetBytes(payload)).ShouldBeTrue();
    }
}
