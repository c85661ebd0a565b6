using System.Globalization;
using Lambent.Kernel.Functions;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Ingress;

/// <summary>CORS of function URLs: answers preflight requests and adds the headers to answers.</summary>
internal static class CrossOrigin
{
    /// <summary>True when the request was a preflight, which is answered here and never reaches the function.</summary>
    public static bool Apply(HttpContext http, CrossOriginPolicy policy)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return false;
        }

        var preflight = HttpMethods.IsOptions(http.Request.Method)
            && http.Request.Headers.AccessControlRequestMethod.Count > 0;
        var headers = http.Response.Headers;
        if (Allows(policy.AllowOrigins, origin))
        {
            var any = policy.AllowOrigins.Contains("*") && policy.AllowCredentials != true;
            headers.AccessControlAllowOrigin = any ? "*" : origin;
            headers.Vary = "Origin";
            if (policy.AllowCredentials == true)
            {
                headers.AccessControlAllowCredentials = "true";
            }

            if (!policy.ExposeHeaders.IsEmpty)
            {
                headers.AccessControlExposeHeaders = string.Join(',', policy.ExposeHeaders);
            }

            if (preflight)
            {
                AnswerPreflight(headers, policy);
            }
        }

        if (preflight)
        {
            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Response.ContentLength = 0;
        }

        return preflight;
    }

    /// <summary>
    /// Whether a page of this origin may open a WebSocket, which browsers allow any page: one of the URL's own origin,
    /// or one that the policy names.
    /// </summary>
    public static bool AllowsUpgrade(HttpRequest request, CrossOriginPolicy policy)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase))
            || Allows(policy.AllowOrigins, origin);
    }

    private static void AnswerPreflight(IHeaderDictionary headers, CrossOriginPolicy policy)
    {
        if (!policy.AllowMethods.IsEmpty)
        {
            headers.AccessControlAllowMethods = string.Join(',', policy.AllowMethods);
        }

        if (!policy.AllowHeaders.IsEmpty)
        {
            headers.AccessControlAllowHeaders = string.Join(',', policy.AllowHeaders);
        }

        if (policy.MaxAgeSeconds is { } seconds)
        {
            headers.AccessControlMaxAge = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static bool Allows(IReadOnlyList<string> allowed, string origin) =>
        allowed.Any(pattern => pattern == "*"
            || string.Equals(pattern, origin, StringComparison.OrdinalIgnoreCase)
            || (pattern.Contains("://*.", StringComparison.Ordinal) && MatchesSubdomain(pattern, origin)));

    private static bool MatchesSubdomain(string pattern, string origin)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return origin.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase)
            && origin.EndsWith(pattern[(star + 1)..], StringComparison.OrdinalIgnoreCase)
            && origin.Length > pattern.Length - 1;
    }
}
