using Microsoft.AspNetCore.Http;

namespace Lambent.Cli.Tests.Harness;

internal static class FakePages
{
    /// <summary>The first page, and the second one for a request with a marker.</summary>
    public static Task WriteAsync(HttpContext http, string first, string second)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(http.Request.Query.ContainsKey("Marker") ? second : first);
    }
}
