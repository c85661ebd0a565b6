using Lambent.Kernel;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Native;

/// <summary>
/// Where a browser's request comes from and which cookie it carries. What another program in front of the server
/// claims in X-Forwarded headers is not believed, because anybody can send them: the operator says the public address.
/// </summary>
internal sealed class BrowserOrigin(Uri? publicUrl)
{
    /// <summary>The cookie goes nowhere else.</summary>
    public const string CookiePath = "/v1/sessions";

    public const string CookiePrefix = "lambent-session";

    /// <summary>The origin at which a browser sees the server: scheme, host and port.</summary>
    public string Of(HttpContext http) => publicUrl is { } url
        && string.Equals(http.Request.Host.Value, url.Authority, StringComparison.OrdinalIgnoreCase)
            ? url.GetLeftPart(UriPartial.Authority)
            : $"{http.Request.Scheme}://{http.Request.Host.Value}";

    /// <summary>The same without a request: where people are sent.</summary>
    public string At(Uri address) => (publicUrl ?? address).GetLeftPart(UriPartial.Authority);

    /// <summary>
    /// Fails with OriginRefused for a request that a browser sends on behalf of another site's page, and with
    /// UnsupportedMediaType for a body that is not JSON: a form of another site cannot send that.
    /// </summary>
    public Error? Check(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.Origin is [{ } origin]
                ? !string.Equals(origin, Of(http), StringComparison.OrdinalIgnoreCase)
                : headers.Origin.Count > 0)
        {
            return new Error(
                ErrorCode.OriginRefused,
                $"A page of another origin may not use sessions. This server is at {Of(http)} for the one who asked.");
        }

        if (headers.TryGetValue("Sec-Fetch-Site", out var site) && site is not ["same-origin"])
        {
            return new Error(ErrorCode.OriginRefused, "A page of another site may not use sessions.");
        }

        var isJson = http.Request.ContentType?.Split(';')[0].Trim() is { } type
            && type.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        return HttpMethods.IsPost(http.Request.Method) && !isJson
            ? new Error(ErrorCode.UnsupportedMediaType, "The body must be JSON: Content-Type: application/json.")
            : null;
    }

    public static string? Cookie(HttpContext http) => http.Request.Cookies[CookieName(http)];

    public void SetCookie(HttpContext http, string value, TimeSpan lifetime) =>
        http.Response.Cookies.Append(CookieName(http), value, Options(http, lifetime));

    public void ClearCookie(HttpContext http) => http.Response.Cookies.Delete(
        CookieName(http), Options(http, lifetime: null));

    private CookieOptions Options(HttpContext http, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = Of(http).StartsWith("https:", StringComparison.OrdinalIgnoreCase),
        Path = CookiePath,
        MaxAge = lifetime,
    };

    /// <summary>Cookies of a host are shared by all its ports, so that each server needs a name of its own.</summary>
    private static string CookieName(HttpContext http) =>
        $"{CookiePrefix}-{http.Request.Host.Port ?? http.Connection.LocalPort}";
}
