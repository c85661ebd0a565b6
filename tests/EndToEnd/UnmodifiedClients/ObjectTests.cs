namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>Buckets and objects by clients with nothing changed but the address.</summary>
[Collection(SharedServer.Name)]
public sealed class ObjectTests(ServerFixture fixture)
{
    private Uri Address => new(fixture.Lambda.Address.GetLeftPart(UriPartial.Authority));

    [Theory]
    [InlineData("objects")]
    [InlineData("uploads")]
    [InlineData("presigned")]
    public async Task JavaScript_sdk_uses_objects(string scenario)
    {
        var variables = fixture.Lambda.Key.Variables(Address);
        variables["CLIENT_MODULES"] = await NodeModules.FolderAsync();
        var run = await ToolRun.RunAsync(
            "/usr/bin/node", [Repository.Client("node/objects.mjs"), scenario, $"js-{scenario}"], variables);
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldEndWith($"passed {scenario}\n");
    }

    [Theory]
    [InlineData("transfer")]
    [InlineData("presigned")]
    public async Task Python_sdk_uses_objects(string scenario)
    {
        ToolRun.Require("/usr/bin/python3", "python3");
        ToolRun.RequireFolder("/usr/lib/python3/dist-packages/boto3", "python3-boto3");
        using var folder = new TemporaryFolder();
        var run = await ToolRun.RunAsync(
            "/usr/bin/python3",
            [Repository.Client("python/objects.py"), scenario, $"py-{scenario}", folder.Path],
            fixture.Lambda.Key.Variables(Address));
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldEndWith($"passed {scenario}\n");
    }

    [Fact]
    public async Task Aws_command_copies_lists_synchronizes_and_removes()
    {
        ToolRun.Require("/usr/bin/aws", "awscli");
        using var folder = new TemporaryFolder();
        var bytes = new byte[9 * 1024 * 1024];
        Random.Shared.NextBytes(bytes);
        Directory.CreateDirectory(folder["in/dir"]);
        await File.WriteAllBytesAsync(folder["in/big"], bytes);
        await File.WriteAllTextAsync(folder["in/dir/a b.txt"], "hello");

        await AwsAsync("mb", "s3://cli-things");
        await AwsAsync("cp", folder["in/big"], "s3://cli-things/first/big");
        await AwsAsync("sync", folder["in"], "s3://cli-things/tree");
        (await AwsAsync("ls", "s3://cli-things/")).ShouldContain("PRE tree/");
        var listed = await AwsAsync("ls", "s3://cli-things", "--recursive");
        listed.ShouldContain("first/big");
        listed.ShouldContain("tree/dir/a b.txt");
        await AwsAsync("cp", "s3://cli-things/tree/big", "s3://cli-things/copied");
        await AwsAsync("sync", "s3://cli-things/tree", folder["out"]);
        (await File.ReadAllBytesAsync(folder["out/big"])).ShouldBe(bytes);
        (await File.ReadAllTextAsync(folder["out/dir/a b.txt"])).ShouldBe("hello");
        (await AwsAsync("sync", folder["in"], "s3://cli-things/tree")).Trim().ShouldBe("");
        await AwsAsync("rm", "s3://cli-things", "--recursive");
        await AwsAsync("rb", "s3://cli-things");
    }

    private async Task<string> AwsAsync(params string[] arguments)
    {
        var run = await ToolRun.RunAsync(
            "/usr/bin/aws",
            ["--endpoint-url", Address.ToString(), "s3", .. arguments],
            fixture.Lambda.Key.Variables(Address));
        run.ExitCode.ShouldBe(0, run.Everything);
        return run.Output;
    }
}
