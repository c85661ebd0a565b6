namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>The AWS SDKs of JavaScript and Python against the platform, with nothing changed but the address.</summary>
[Collection(SharedServer.Name)]
public sealed class SdkTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("lifecycle")]
    [InlineData("invocationTypes")]
    [InlineData("paging")]
    [InlineData("versions")]
    [InlineData("permissions")]
    [InlineData("concurrency")]
    [InlineData("events")]
    [InlineData("urls")]
    [InlineData("tags")]
    [InlineData("layers")]
    [InlineData("streaming")]
    [InlineData("download")]
    [InlineData("identity")]
    [InlineData("credentials")]
    [InlineData("errors")]
    public async Task JavaScript_sdk_gets_what_aws_answers(string scenario)
    {
        var modules = await NodeModules.FolderAsync();
        await RunAsync("/usr/bin/node", "node/client.mjs", "js", scenario, modules);
    }

    [Theory]
    [InlineData("lifecycle")]
    [InlineData("invocation_types")]
    [InlineData("paging")]
    [InlineData("versions")]
    [InlineData("layers")]
    [InlineData("permissions")]
    [InlineData("concurrency")]
    [InlineData("download")]
    [InlineData("identity")]
    [InlineData("credentials")]
    [InlineData("errors")]
    public Task Python_sdk_gets_what_aws_answers(string scenario)
    {
        ToolRun.Require("/usr/bin/python3", "python3");
        ToolRun.RequireFolder("/usr/lib/python3/dist-packages/boto3", "python3-boto3");
        return RunAsync("/usr/bin/python3", "python/client.py", "py", scenario, "");
    }

    private async Task RunAsync(string interpreter, string script, string prefix, string scenario, string modules)
    {
        using var folder = new TemporaryFolder();
        ClientPackages.Write(folder.Path);
        var variables = fixture.Lambda.Key.Variables(fixture.Lambda.Address);
        variables["CLIENT_MODULES"] = modules;
        variables["PYTHONDONTWRITEBYTECODE"] = "1";
        var run = await ToolRun.RunAsync(
            interpreter,
            [Repository.Client(script), scenario, prefix, folder.Path, Repository.Client("errors.json")],
            variables);
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldEndWith($"passed {scenario}\n");
    }
}
