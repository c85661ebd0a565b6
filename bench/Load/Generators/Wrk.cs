using System.Globalization;
using System.Text;
using Lambent.Load.Processes;

namespace Lambent.Load.Generators;

/// <summary>
/// Debian's wrk, one thread. It builds its request once and replays it, so a signed request can be measured too: a
/// signature is good for fifteen minutes, and the server verifies each one as if it were the first.
/// </summary>
internal sealed class Wrk(string folder)
{
    private const string ResultMark = "LAMBENT_RESULT";

    /// <summary>Installs wrk where that is allowed; otherwise says how.</summary>
    public static async Task EnsureInstalledAsync(CancellationToken cancellation)
    {
        if (ProgramPath.Find("wrk") is not null)
        {
            return;
        }

        const string Hint = "Install it: sudo apt-get install --yes wrk";
        if (!Environment.IsPrivilegedProcess || ProgramPath.Find("apt-get") is null)
        {
            throw new BenchFailureException("The load generator wrk is not installed.", Hint);
        }

        try
        {
            await ChildProcess.RunAsync("apt-get", ["install", "--yes", "--quiet", "wrk"], cancellation);
        }
        catch (BenchFailureException failure)
        {
            throw new BenchFailureException($"wrk was not installed: {failure.Message}", Hint, failure);
        }
    }

    /// <summary>Sends one request again and again.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="connections">Kept open, each with one request at a time.</param>
    /// <param name="duration">Whole seconds.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="BenchFailureException">An answer had an error's status, or a connection failed.</exception>
    public async Task<WrkResult> RunAsync(
        LoadRequest request, int connections, TimeSpan duration, CancellationToken cancellation)
    {
        var script = Path.Combine(folder, $"{Guid.CreateVersion7()}.lua");
        await File.WriteAllTextAsync(script, Script(request), cancellation);
        try
        {
            var output = await ChildProcess.RunAsync(
                "wrk",
                [
                    "--threads=1",
                    $"--connections={connections}",
                    $"--duration={(int)duration.TotalSeconds}s",
                    "--timeout=10s",
                    $"--script={script}",
                    request.Address.AbsoluteUri,
                ],
                cancellation);
            return Parse(output, request.Address);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Script(LoadRequest request)
    {
        var script = new StringBuilder($"wrk.method = {Quote(request.Method)}\n");
        foreach (var (name, value) in request.Headers)
        {
            script.Append(CultureInfo.InvariantCulture, $"wrk.headers[ {Quote(name)} ] = {Quote(value)}\n");
        }

        if (request.Body.Length > 0)
        {
            script.Append(CultureInfo.InvariantCulture, $"wrk.body = {Quote(request.Body)}\n");
        }

        // Only `done` is defined: a function for each request or answer would cost the generator its speed.
        script.Append(CultureInfo.InvariantCulture, $$"""
            done = function(summary, latency, requests)
              local e = summary.errors
              io.write(string.format("{{ResultMark}} %d %d %d %d %.1f %.1f\n", summary.requests, summary.duration,
                e.status, e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99)))
            end

            """);
        return script.ToString();
    }

    private static WrkResult Parse(string output, Uri address)
    {
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(ResultMark, StringComparison.Ordinal))
            ?? throw new BenchFailureException($"wrk did not report: {output}");
        var fields = line.Split(' ')
            .Skip(1)
            .Select(field => double.Parse(field, CultureInfo.InvariantCulture))
            .ToArray();
        var (requests, microseconds, badStatus, broken) = (fields[0], fields[1], fields[2], fields[3]);
        if (requests == 0 || badStatus > 0 || broken > 0)
        {
            throw new BenchFailureException(
                $"{address}: of {requests} answers {badStatus} had an error's status, and {broken} connections failed. "
                + "Errors are faster than answers, so the run does not count.");
        }

        return new WrkResult(
            (long)requests, requests / (microseconds / 1_000_000), fields[4] / 1000, fields[5] / 1000);
    }

    /// <summary>A Lua string in long brackets, which escape nothing.</summary>
    private static string Quote(string text) => $"[==[{text}]==]";
}
