using Lambent.Cli.Tests.Harness;
using Lambent.Cli.Verbs;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Commands;

public sealed class UsageErrorsTests
{
    [Theory]
    [InlineData("There is no verb 'deplyo' in 'lambent'. Did you mean 'deploy'?", "deplyo")]
    [InlineData("There is no option '--jsn' for 'lambent ls'. Did you mean '--json'?", "ls", "--jsn")]
    [InlineData("There is no option '--nme' for 'lambent deploy'. Did you mean '--name'?", "deploy", "x", "--nme", "y")]
    [InlineData("'lambent account' needs a verb: create, ls, limit, rm, key.", "account")]
    [InlineData("There is no verb 'crate' in 'lambent account'. Did you mean 'create'?", "account", "crate")]
    [InlineData("There is no kind 'functoins'", "ls", "functoins")]
    [InlineData("This server has no topics: not available in this version.", "ls", "topics")]
    [InlineData("The list of layers does not take a name.", "ls", "layers", "x")]
    [InlineData("Whose versions?", "ls", "versions")]
    [InlineData("is not JSON", "invoke", "f", "--data", "{")]
    [InlineData("neither a length", "logs", "--since", "yesterdayish")]
    [InlineData("A limit is at least 1", "logs", "--limit", "0")]
    [InlineData("does not set a variable", "deploy", "x.js", "--env", "NAME")]
    [InlineData("is not the address of a server", "env", "--endpoint", "nonsense")]
    public async Task Run_wrongCommandLine_saysWhatIsWrongAndExitsWith2(string expected, params string[] arguments)
    {
        using var commandLine = new CommandLine().With("AWS_ACCESS_KEY_ID", "a").With("AWS_SECRET_ACCESS_KEY", "b");
        var result = await commandLine.RunAsync(arguments);
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(expected);
        result.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    public async Task Run_version_isAVerbAndAnOption(string word)
    {
        using var commandLine = new CommandLine();
        (await commandLine.RunAsync(word)).Output.ShouldStartWith($"lambent {VersionVerb.Current} (.NET ");
        (await commandLine.RunAsync(word, "--json")).Json.GetProperty("schema").GetString()
            .ShouldBe("lambent.version/1");
    }

    [Fact]
    public async Task Run_withJson_reportsTheFailureAsJsonOnStandardError()
    {
        using var commandLine = new CommandLine();
        var result = await commandLine.RunAsync("ls", "--json");
        result.ExitCode.ShouldBe(4);
        result.ErrorJson.GetProperty("code").GetString().ShouldBe("CredentialsMissing");
        result.ErrorJson.GetProperty("exitCode").GetInt32().ShouldBe(4);
        result.ErrorJson.GetProperty("hint").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Run_wrongOptionWithJson_reportsAsJsonToo()
    {
        using var commandLine = new CommandLine();
        var result = await commandLine.RunAsync("ls", "--json", "--nope");
        result.ErrorJson.GetProperty("code").GetString().ShouldBe("UsageInvalid");
    }

    [Fact]
    public async Task Run_withoutArguments_printsTheHelp()
    {
        using var commandLine = new CommandLine();
        var result = await commandLine.RunAsync();
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("deploy");
        result.Output.ShouldNotContain("complete ");
    }
}
