using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task Env_runningServer_printsOneExport()
    {
        using var commandLine = new CommandLine();
        commandLine.Folder.Write("data/credentials", FakeServer.Credentials.Replace("c2VjcmV0", "a'b/c+d="));
        commandLine.Folder.Write("data/endpoint", "http://127.0.0.1:9551\n");
        var result = await commandLine.RunAsync("env", "--data", "data");
        result.Output.ShouldBe(
            "export AWS_ENDPOINT_URL=http://127.0.0.1:9551 AWS_ACCESS_KEY_ID=AKIAEXAMPLE "
            + "AWS_SECRET_ACCESS_KEY='a'\\''b/c+d=' AWS_REGION=eu-north-1 AWS_DEFAULT_REGION=eu-north-1\n");
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Env_stoppedServer_saysThatTheAddressIsTheDefault()
    {
        using var commandLine = new CommandLine();
        commandLine.Folder.Write(".lambent/credentials", FakeServer.Credentials);
        var result = await commandLine.RunAsync("env");
        result.Output.ShouldContain("AWS_ENDPOINT_URL=http://127.0.0.1:9550 ");
        result.Error.ShouldContain("no server says it runs");
    }

    [Fact]
    public async Task Env_belowTheDataFolder_findsIt()
    {
        using var commandLine = new CommandLine();
        commandLine.Folder.Write("project/.lambent/credentials", FakeServer.Credentials);
        commandLine.Folder.Write("project/src/deep/x", "");
        var found = Lambent.Cli.Connection.DataFolder.Find(null, commandLine.Folder.Combine("project", "src", "deep"));
        found.Path.ShouldBe(commandLine.Folder.Combine("project", ".lambent"));
        (await commandLine.RunAsync("env", "--data", "project/.lambent", "--json")).Json
            .GetProperty("schema").GetString().ShouldBe("lambent.env/1");
    }

    [Fact]
    public async Task Env_withoutFolder_takesTheVariables()
    {
        using var commandLine = new CommandLine()
            .With("AWS_ACCESS_KEY_ID", "AKIAVARIABLE").With("AWS_SECRET_ACCESS_KEY", "s").With("AWS_SESSION_TOKEN", "t")
            .With("AWS_ENDPOINT_URL", "http://127.0.0.1:1234").With("AWS_REGION", "eu-west-1");
        var result = await commandLine.RunAsync("env");
        result.Output.ShouldBe(
            "export AWS_ENDPOINT_URL=http://127.0.0.1:1234 AWS_ACCESS_KEY_ID=AKIAVARIABLE AWS_SECRET_ACCESS_KEY=s "
            + "AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1 AWS_SESSION_TOKEN=t\n");
    }

    [Fact]
    public async Task Env_endpointOption_isWhatCounts()
    {
        using var commandLine = new CommandLine();
        commandLine.Folder.Write(".lambent/credentials", FakeServer.Credentials);
        commandLine.Folder.Write(".lambent/endpoint", "http://127.0.0.1:1");
        var result = await commandLine.RunAsync("env", "--endpoint", "http://10.0.0.7:9550/");
        result.Output.ShouldContain("AWS_ENDPOINT_URL=http://10.0.0.7:9550 ");
    }

    [Fact]
    public async Task DataFolder_beforeTheVerbOrAfterIt_isTheSame()
    {
        using var commandLine = new CommandLine();
        commandLine.Folder.Write("d/credentials", FakeServer.Credentials);
        (await commandLine.RunAsync("--data", "d", "env")).ExitCode.ShouldBe(0);
        (await commandLine.RunAsync("env", "--data-folder", "d")).ExitCode.ShouldBe(0);
    }
}
