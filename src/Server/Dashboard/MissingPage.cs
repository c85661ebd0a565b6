namespace Lambent.Server.Dashboard;

/// <summary>What a browser sees where the program was built without its dashboard: what to do about it.</summary>
internal static class MissingPage
{
    public const string Html = """
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
        <p>It was built without its dashboard, which takes Node.js 18 or later, npm and the npm registry. Install them,
        remove the build's mark and start again:</p>
        <pre>sudo apt-get install nodejs npm
        touch web/package.json
        ./lambent up</pre>
        <p>Everything works from the command line:</p>
        <pre>lambent deploy hello.js --url
        lambent invoke hello --data '{"name":"you"}'
        lambent logs hello --follow
        lambent ls</pre>
        </html>
        """;
}
