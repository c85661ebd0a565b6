using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Lambent.Server.Dashboard;

/// <summary>
/// The dashboard: static files, and one page for every address that a browser may ask for. It knows nothing of the
/// API; the page uses the public one, signed with what its session gave it.
/// </summary>
internal sealed class DashboardEndpoint(DashboardFiles? files)
{
    private const string AssetsFolder = "assets/";
    private const string NoncePlace = "{{nonce}}";

    /// <summary>The first segments that are the API's and never a page's.</summary>
    private static readonly string[] ApiSegments = ["v1", "fn", "healthz", "metrics"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", http => ServePageAsync(http));
        routes.MapGet("/{**path}", ServeAsync);
    }

    private Task ServeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimStart('/');
        if (path != DashboardFiles.PageName && files is not null && TypeOf(path) is { } type)
        {
            return ServeFileAsync(http, path, type);
        }

        return IsPage(http, path) ? ServePageAsync(http) : NotFound(http);
    }

    /// <summary>A client of the API that mistyped a path must not be told 200 and a page.</summary>
    private static bool IsPage(HttpContext http, string path)
    {
        var first = path.Split('/', 2)[0];
        return !ApiSegments.Contains(first, StringComparer.Ordinal)
            && !char.IsAsciiDigit(first.FirstOrDefault())
            && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
    }

    private Task ServeFileAsync(HttpContext http, string path, string type)
    {
        var accepted = http.Request.Headers.AcceptEncoding.ToString();
        var encoding = Accepts(accepted, "br") ? "br" : Accepts(accepted, "gzip") ? "gzip" : "";
        var bytes = files!.Find(path, encoding);
        if (bytes is null && encoding.Length > 0)
        {
            // What is compressed already has no other form.
            encoding = "";
            bytes = files.Find(path, encoding);
        }

        if (bytes is null)
        {
            return NotFound(http);
        }

        var headers = http.Response.Headers;
        headers.ContentType = type;
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = HeaderNames.AcceptEncoding;

        // The name of an asset has its content's hash in it.
        headers.CacheControl = path.StartsWith(AssetsFolder, StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable"
            : "public, max-age=3600";
        if (encoding.Length > 0)
        {
            headers.ContentEncoding = encoding;
        }

        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    private Task ServePageAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentType = "text/html; charset=utf-8";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        if (files?.Find(DashboardFiles.PageName, "") is not { } page)
        {
            headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
            return http.Response.WriteAsync(MissingPage.Html, http.RequestAborted);
        }

        // Only the code editor writes a style element, and it has the nonce from the page.
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; "
            + $"style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            + "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return http.Response.WriteAsync(
            Encoding.UTF8.GetString(page).Replace(NoncePlace, nonce, StringComparison.Ordinal), http.RequestAborted);
    }

    private static Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static bool Accepts(string header, string encoding) => header.Split(',').Any(part =>
        part.Split(';') is [var name, .. var weight]
        && name.Trim().Equals(encoding, StringComparison.OrdinalIgnoreCase)
        && !(weight is [var quality] && quality.Trim() is "q=0" or "q=0.0"));

    private static string? TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".webmanifest" => "application/manifest+json",
        _ => null,
    };
}
