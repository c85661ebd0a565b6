using Microsoft.AspNetCore.Http;

namespace Lambent.Server;

/// <summary>What a browser sees at /: that the server is there, and what to type next.</summary>
internal static class WelcomePage
{
    private const string Html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Lambent</title>
        <style>
          :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
          body { max-width: 44rem; margin: 12vh auto; padding: 0 1.5rem }
          pre { padding: 1rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 8px;
            overflow-x: auto }
        </style>
        <h1>Lambent is running</h1>
        <p>Deploy a function, call it, and see what it did:</p>
        <pre>lambent deploy hello.js --url
        lambent invoke hello --data '{"name":"you"}'
        lambent logs hello --follow
        lambent ls</pre>
        <p>AWS tools work too: <code>eval "$(lambent env)"</code>, then <code>aws lambda list-functions</code>.</p>
        <p><a href="/healthz">Health</a> · <a href="/metrics">Metrics</a></p>
        </html>
        """;

    public static Task ServeAsync(HttpContext http)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; "
            + "frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return http.Response.WriteAsync(Html, http.RequestAborted);
    }
}
