using System.Text.Json;
using Lambent.Server.Tests.Telemetry;

namespace Lambent.EndToEnd.Telemetry;

/// <summary>What a collector of OpenTelemetry has after it was away.</summary>
public sealed class OtlpTests
{
    private const int LinesPerCall = 20;

    /// <summary>A minute has to end before its figures are sent, and pauses grow to half of one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task Collector_that_was_away_over_a_restart_has_all_lines_spans_and_figures_once()
    {
        using var folder = new TemporaryFolder();
        var port = CollectorStub.FreePort();
        string[] arguments = ["--otlp-endpoint", $"http://127.0.0.1:{port}", "--otlp-header", "x-key=secret"];
        await using (var first = await LambentServer.StartAsync(folder["data"], arguments))
        {
            var package = ZipPackage.Of(("index.mjs", $$"""
                export const handler = async (call) => {
                  for (let line = 0; line < {{LinesPerCall}}; line++) console.log(`line ${call}.${line}`);
                };
                """));
            await first.Root.CreateFunctionAsync(
                new FunctionDefinition("talks", "nodejs20.x", "index.handler", package));
            await InvokeAsync(first, 0, 5);
            await first.StopAsync();
        }

        await using var second = await LambentServer.StartAsync(folder["data"], arguments);
        await InvokeAsync(second, 5, 10);
        (await DoctorAsync(second)).ShouldBe("warning");
        await using var collector = new CollectorStub(port);
        await Deadline.PollAsync(
            () => Lines(collector).Count >= 10 * LinesPerCall && Calls(collector).Count >= 10
                && Invocations(collector) >= 10,
            Limit);

        collector.Taken.ShouldAllBe(request => request.Key == "secret");
        Lines(collector).Order().ShouldBe(
            Enumerable.Range(0, 10).SelectMany(call => Enumerable.Range(0, LinesPerCall).Select(
                line => $"line {call}.{line}")).Order());
        Calls(collector).Distinct().Count().ShouldBe(10);
        Calls(collector).Count.ShouldBe(10);
        Invocations(collector).ShouldBe(10);
        TracesOfLines(collector).Order().ShouldBe(Calls(collector).Order());
        (await DoctorAsync(second)).ShouldBe("good");
    }

    private static async Task InvokeAsync(LambentServer server, int first, int end)
    {
        for (var call = first; call < end; call++)
        {
            await server.Root.InvokeAsync("talks", $"{call}");
        }
    }

    /// <summary>What the doctor says of the export of lines.</summary>
    private static async Task<string?> DoctorAsync(LambentServer server)
    {
        var run = await ToolRun.RunAsync(
            Repository.Program, ["doctor", "--json", "--data", server.DataFolder], new Dictionary<string, string>());
        return JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").EnumerateArray()
            .Single(finding => finding.GetProperty("name").GetString() == "export logs")
            .GetProperty("status").GetString();
    }

    private static IEnumerable<WireMessage> Items(CollectorStub collector, string path) =>
        collector.Messages(path).SelectMany(request => request.All(1)).SelectMany(resource => resource.All(2))
            .SelectMany(scope => scope.All(2));

    /// <summary>The runtime puts time, request and level before the text.</summary>
    private static List<string> Lines(CollectorStub collector) =>
    [
        .. Items(collector, "/v1/logs").Select(record => record.One(5).Text(1)).Where(body => body.Contains("line "))
            .Select(body => body[body.IndexOf("line ", StringComparison.Ordinal)..]),
    ];

    private static List<string> TracesOfLines(CollectorStub collector) =>
    [
        .. Items(collector, "/v1/logs").Where(record => record.One(5).Text(1).Contains("line "))
            .Select(record => Convert.ToHexStringLower(record.Bytes(9))).Distinct(),
    ];

    /// <summary>The traces of the calls' own spans, which are named after the function.</summary>
    private static List<string> Calls(CollectorStub collector) =>
    [
        .. Items(collector, "/v1/traces").Where(span => span.Text(5) == "talks")
            .Select(span => Convert.ToHexStringLower(span.Bytes(1))),
    ];

    private static long Invocations(CollectorStub collector) => Items(collector, "/v1/metrics")
        .Where(metric => metric.Text(1) == "faas.invocations")
        .Sum(metric => metric.One(7).All(1).Sum(point => (long)point.Number(6)));
}
