using System.Diagnostics;
using Lambent.Cli.Completion;
using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class CompletionTests : IAsyncLifetime
{
    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.OnJson(
            "GET /2015-03-31/functions/", "{\"Functions\":[{\"FunctionName\":\"hello\"},{\"FunctionName\":\"bye\"}]}");
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("deploy", "dep")]
    [InlineData(
        "account,alert,bench,bill,completion,dashboard,deploy,doctor,env,error,events,execution,invocation,invoke,"
        + "logs,ls,metrics,provision,queue,rates,regressions,replay,rm,schedule,top,trace,up,version,webhook,why", "")]
    [InlineData("hello,bye", "invoke", "")]
    [InlineData("hello", "invoke", "he")]
    [InlineData("hello", "rm", "h")]
    [InlineData("hello,bye", "logs", "")]
    [InlineData("--qualifier", "invoke", "hello", "--quali")]
    [InlineData("create,key,limit,ls,rm", "account", "")]
    [InlineData("environments", "ls", "env")]
    [InlineData("bash,fish,powershell,zsh", "completion", "")]
    [InlineData("", "invoke", "zzz")]
    public async Task Complete_words_offersWhatFits(string expected, params string[] words)
    {
        var result = await commandLine.RunAsync(["complete", "--", .. words]);
        result.ExitCode.ShouldBe(0);
        string.Join(',', result.Lines).ShouldBe(expected);
    }

    [Fact]
    public async Task Complete_withoutServer_staysQuiet()
    {
        await server.DisposeAsync();
        var result = await commandLine.RunAsync("complete", "--", "invoke", "");
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("powershell")]
    public async Task Completion_shell_printsItsScript(string shell)
    {
        var result = await commandLine.RunAsync("completion", shell);
        result.Output.ShouldContain("complete --");
    }

    [Fact]
    public async Task Completion_bash_completesInARealShell()
    {
        // The shell asks a lambent that answers with its own arguments.
        commandLine.Folder.Write("bin/lambent", "#!/bin/sh\nshift 2\nprintf '%s|' \"$@\"\n", executable: true);
        var script = CompletionScripts.ByShell["bash"]
            + "\nCOMP_WORDS=(lambent invoke he)\nCOMP_CWORD=2\n_lambent\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = commandLine.Folder.Combine("bin") + ":"
                + Environment.GetEnvironmentVariable("PATH") },
        })!;
        (await bash.StandardOutput.ReadToEndAsync()).Trim().ShouldBe("invoke|he|");
        await bash.WaitForExitAsync();
    }
}
