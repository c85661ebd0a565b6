using Lambent.Kernel.Functions;
using Lambent.Server.Ingress;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Ingress;

public sealed class CrossOriginTests
{
    private const string Origin = "https://app.example.com";

    private static readonly CrossOriginPolicy Full = new()
    {
        AllowOrigins = [Origin],
        AllowMethods = ["GET", "PUT"],
        AllowHeaders = ["x-one", "x-two"],
        ExposeHeaders = ["x-three"],
        MaxAgeSeconds = 600,
    };

    [Theory]
    [InlineData("", true)]
    [InlineData(Origin, true)]
    [InlineData("http://chat.localhost:9550", true)]
    [InlineData("http://chat.localhost", false)]
    [InlineData("https://bad.example.com", false)]
    [InlineData("null", false)]
    public void Upgrade_is_for_the_own_origin_and_those_allowed(string origin, bool allowed)
    {
        var http = new DefaultHttpContext();
        http.Request.Host = new HostString("chat.localhost:9550");
        http.Request.Headers.Origin = origin;
        CrossOrigin.AllowsUpgrade(http.Request, Full).ShouldBe(allowed);
    }

    [Fact]
    public void Preflight_of_an_allowed_origin_is_answered_in_full()
    {
        var (answered, http) = Apply(Full, "OPTIONS", Origin, preflight: true);

        answered.ShouldBeTrue();
        http.Response.StatusCode.ShouldBe(200);
        http.Response.ContentLength.ShouldBe(0);
        Text(http.Response).ShouldBe(
        [
            "Access-Control-Allow-Headers: x-one,x-two",
            "Access-Control-Allow-Methods: GET,PUT",
            $"Access-Control-Allow-Origin: {Origin}",
            "Access-Control-Expose-Headers: x-three",
            "Access-Control-Max-Age: 600",
            "Content-Length: 0",
            "Vary: Origin",
        ]);
    }

    [Fact]
    public void Preflight_of_another_origin_is_answered_without_permission()
    {
        var (answered, http) = Apply(Full, "OPTIONS", "https://evil.example.com", preflight: true);

        answered.ShouldBeTrue();
        Text(http.Response).ShouldBe(["Content-Length: 0"]);
    }

    [Fact]
    public void Request_of_an_allowed_origin_reaches_the_function_with_permission()
    {
        var (answered, http) = Apply(Full, "GET", Origin);

        answered.ShouldBeFalse();
        Text(http.Response).ShouldBe(
        [
            $"Access-Control-Allow-Origin: {Origin}", "Access-Control-Expose-Headers: x-three", "Vary: Origin",
        ]);
    }

    [Theory]
    [InlineData("GET", "https://evil.example.com", false)]
    [InlineData("GET", null, false)]
    [InlineData("OPTIONS", null, true)]
    [InlineData("OPTIONS", "https://evil.example.com", false)] // Says no method: no preflight.
    public void Request_without_permission_reaches_the_function_as_it_is(string method, string? origin, bool preflight)
    {
        var (answered, http) = Apply(Full, method, origin, preflight);

        answered.ShouldBeFalse();
        http.Response.Headers.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("*", "https://a.test", true)]
    [InlineData("https://app.example.com", "https://APP.example.com", true)]
    [InlineData("https://app.example.com", "http://app.example.com", false)]
    [InlineData("https://app.example.com", "https://app.example.com:8443", false)]
    [InlineData("https://app.example.com", "https://app.example.com.evil.test", false)]
    [InlineData("https://*.example.com", "https://app.example.com", true)]
    [InlineData("https://*.example.com", "https://a.b.example.com", true)]
    [InlineData("https://*.example.com", "https://example.com", false)]
    [InlineData("https://*.example.com", "https://.example.com", false)]
    [InlineData("https://*.example.com", "http://app.example.com", false)]
    [InlineData("https://*.example.com", "https://evilexample.com", false)]
    [InlineData("https://*.example.com", "https://app.example.com.evil.test", false)]
    [InlineData("https://*.example.com", "null", false)]
    public void Origin_matches_a_pattern(string pattern, string origin, bool allowed) =>
        Apply(Full with { AllowOrigins = [pattern] }, "GET", origin).Http.Response.Headers.AccessControlAllowOrigin
            .Count.ShouldBe(allowed ? 1 : 0);

    [Fact]
    public void Wildcard_is_told_as_a_wildcard() =>
        Apply(Full with { AllowOrigins = ["*"] }, "GET", Origin).Http.Response.Headers.AccessControlAllowOrigin
            .ToString().ShouldBe("*");

    [Fact]
    public void Wildcard_with_credentials_names_the_origin()
    {
        var policy = Full with { AllowOrigins = ["*"], AllowCredentials = true };

        var headers = Apply(policy, "GET", Origin).Http.Response.Headers;

        headers.AccessControlAllowOrigin.ToString().ShouldBe(Origin);
        headers.AccessControlAllowCredentials.ToString().ShouldBe("true");
        headers.Vary.ToString().ShouldBe("Origin");
    }

    [Fact]
    public void Policy_without_origins_allows_none() =>
        Apply(new CrossOriginPolicy(), "GET", Origin).Http.Response.Headers.ShouldBeEmpty();

    private static (bool Answered, HttpContext Http) Apply(
        CrossOriginPolicy policy, string method, string? origin, bool preflight = false)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        if (origin is not null)
        {
            http.Request.Headers.Origin = origin;
        }

        if (preflight)
        {
            http.Request.Headers.AccessControlRequestMethod = "PUT";
        }

        return (CrossOrigin.Apply(http, policy), http);
    }

    private static List<string> Text(HttpResponse response) =>
        [.. response.Headers.Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal)];
}
