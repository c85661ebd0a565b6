using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Http;

/// <summary>
/// What functions and objects answer by a path is of the same origin as the dashboard. A browser is told to give such
/// a page an origin of its own, so that it can read neither the dashboard's storage nor its cookie.
/// </summary>
internal static class PathSandbox
{
    /// <summary>Everything a page may do but being of this origin.</summary>
    public const string Policy =
        "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads";

    private const string PolicyHeader = "Content-Security-Policy";
    private const string CookieHeader = "Set-Cookie";
    private const string CookiePrefix = "lambent-session";

    /// <summary>For answers of which the function writes the headers, before it does.</summary>
    public static void Apply(HttpResponse response) => response.Headers.ContentSecurityPolicy = Policy;

    /// <summary>For stored content, once its type is set.</summary>
    public static void ApplyToContent(HttpResponse response)
    {
        // Browsers do not show a PDF in a sandbox at all, and its scripts do not reach the page's origin.
        if (response.ContentType is not { } type
            || !type.StartsWith("application/pdf", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.ContentSecurityPolicy = Policy;
        }
    }

    /// <summary>
    /// Sets a header that a function sent. A policy of its own comes besides ours, and browsers obey both; the
    /// dashboard's cookie is not a function's to set.
    /// </summary>
    public static void SetHeader(HttpResponse response, string name, string value)
    {
        if (name.Length == PolicyHeader.Length && IsApplied(response)
            && name.Equals(PolicyHeader, StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.Append(PolicyHeader, value);
        }
        else if (name.Length != CookieHeader.Length || IsAllowedCookie(value)
            || !name.Equals(CookieHeader, StringComparison.OrdinalIgnoreCase))
        {
            response.Headers[name] = value;
        }
    }

    /// <summary>Whether a function may set this cookie.</summary>
    public static bool IsAllowedCookie(string cookie)
    {
        // A cookie without a name comes back as its value alone, which may look like a name and a value.
        var name = cookie.AsSpan().TrimStart(" \t=");
        return !name.StartsWith(CookiePrefix, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsApplied(HttpResponse response) =>
        response.Headers.ContentSecurityPolicy is [var first, ..] && ReferenceEquals(first, Policy);
}
