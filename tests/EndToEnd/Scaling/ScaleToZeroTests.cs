namespace Lambent.EndToEnd.Scaling;

/// <summary>What nobody calls costs nothing.</summary>
public sealed class ScaleToZeroTests
{
    private const int CallCount = 10;

    [Fact]
    public async Task Environments_without_calls_end_and_leave_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"], "--idle", "1", "--warm-memory", "0");
        var before = HostProcesses.Below(server.ProcessId);
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("scales", "waits"));
        var calls = Enumerable.Range(0, CallCount)
            .Select(id => server.Root.InvokeAsync("scales", $$"""{"id":{{id}},"milliseconds":200}"""));
        foreach (var answer in await Task.WhenAll(calls))
        {
            answer.Ok();
        }

        await Deadline.PollAsync(
            () => server.Root.GetAsync("/v1/environments"),
            answer => answer.Json["environments"]!.AsArray().Count == 0,
            TimeSpan.FromSeconds(15));
        await Deadline.PollAsync(
            () => !HostProcesses.WithVariable("AWS_LAMBDA_FUNCTION_NAME", "scales").Any(), TimeSpan.FromSeconds(5));
        await Deadline.PollAsync(
            () => Task.FromResult(string.Join('\n', HostProcesses.Below(server.ProcessId).Except(before)
                .Select(HostProcesses.CommandLine))),
            left => left.Length == 0,
            TimeSpan.FromSeconds(5));
        (await server.Root.InvokeAsync("scales", """{"id":99}""")).Ok();
        (await server.StopAsync()).ShouldBe(0, server.Output);
    }
}
