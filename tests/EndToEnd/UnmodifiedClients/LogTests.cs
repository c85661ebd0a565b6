namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>CloudWatch's logs by clients with nothing changed but the address.</summary>
[Collection(SharedServer.Name)]
public sealed class LogTests(ServerFixture fixture)
{
    [Fact]
    public async Task JavaScript_sdk_writes_and_searches_groups()
    {
        var run = await RunAsync("groups", "js-logs");
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldEndWith("passed groups\n");
    }

    [Fact]
    public async Task JavaScript_sdk_follows_a_function_that_is_called_meanwhile()
    {
        var package = ZipPackage.Of(
            ("index.mjs", "export const handler = async () => { console.log('tail this'); return 1; };"));
        await fixture.Lambda.CreateFunctionAsync(
            new FunctionDefinition("js-tail", "nodejs20.x", "index.handler", package));
        await fixture.Lambda.InvokeAsync("js-tail", "{}");
        var tail = RunAsync("tail", "js-logs", "js-tail");
        await Deadline.PollAsync(
            async () =>
            {
                await fixture.Lambda.InvokeAsync("js-tail", "{}");
                return tail.IsCompleted;
            },
            done => done,
            TimeSpan.FromSeconds(60));
        var run = await tail;
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldBe("started\npassed tail\n");
    }

    private async Task<ToolResult> RunAsync(params string[] arguments)
    {
        var variables = fixture.Lambda.Key.Variables(fixture.Lambda.Address);
        variables["CLIENT_MODULES"] = await NodeModules.FolderAsync();
        return await ToolRun.RunAsync(
            "/usr/bin/node", [Repository.Client("node/logs.mjs"), .. arguments], variables);
    }
}
