using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.CommandLine;

/// <summary>The command line as its users type it.</summary>
public sealed class CommandTests(CommandLineServer fixture) : IClassFixture<CommandLineServer>
{
    [Fact]
    public async Task Lone_python_file_is_deployed_called_logged_and_removed()
    {
        fixture.Write(
            "greet.py", "def handler(event, context):\n    print('greeting')\n    return 'Hello, ' + event['name']\n");
        (await fixture.OkAsync("deploy", "greet.py")).Output.ShouldContain("greet");
        (await fixture.OkAsync("invoke", "greet", "--data", """{"name":"Ada"}""")).Output.ShouldBe("\"Hello, Ada\"");
        (await fixture.OkAsync("ls")).Output.ShouldContain("greet");
        await Deadline.PollAsync(
            async () => (await fixture.OkAsync("logs", "greet")).Output,
            output => output.Contains("greeting", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20));
        await fixture.OkAsync("rm", "greet", "--yes");
        (await fixture.RunAsync("invoke", "greet")).ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task Reader_that_goes_away_is_no_error()
    {
        var run = await ToolRun.RunAsync(
            "/bin/bash", ["-c", "\"$0\" --help | true; exit ${PIPESTATUS[0]}", Repository.Program]);
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lone_node_file_is_deployed_with_a_url()
    {
        fixture.Write("page.mjs", "export const handler = async (event) => `at ${event.rawPath}`;\n");
        var deployed = await fixture.OkAsync("deploy", "page.mjs", "--url", "--json");
        var address = (string?)JsonNode.Parse(deployed.Output)!["url"];
        address.ShouldNotBeNull(deployed.Everything);
        var answer = await fixture.Lambda.SendUnsignedAsync("GET", new Uri(address).AbsolutePath + "some/path");
        answer.Text.ShouldBe("at /some/path", answer.ToString());
    }

    [Fact]
    public async Task Folder_with_an_npm_dependency_is_deployed()
    {
        ToolRun.Require("/usr/bin/npm", "npm");
        fixture.Write(
            "needs/package.json",
            """{"name":"needs","version":"1.0.0","main":"index.mjs","dependencies":{"ms":"2.1.3"}}""");
        fixture.Write("needs/index.mjs", "import ms from 'ms';\nexport const handler = async () => ms('2 days');\n");
        await fixture.OkAsync("deploy", "needs");
        (await fixture.OkAsync("invoke", "needs")).Output.ShouldBe("172800000");
    }

    [Fact]
    public async Task Dotnet_project_is_built_and_deployed()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Function("dotnet")))
        {
            fixture.Write($"project/{Path.GetFileName(file)}", await File.ReadAllTextAsync(file));
        }

        await fixture.OkAsync(
            "deploy", "project", "--name", "project", "--handler", "Functions::Functions.Handlers::Hello", "--memory",
            "256");
        (await fixture.OkAsync("invoke", "project", "--data", """{"name":"Ada"}""")).Output
            .ShouldBe("{\"hello\":\"Ada\"}");
    }

    [Fact]
    public async Task Compiled_program_is_deployed()
    {
        ToolRun.Require("/usr/bin/gcc", "gcc libc6-dev");
        Directory.CreateDirectory(Path.Combine(fixture.Folder, "native"));
        var program = Path.Combine(fixture.Folder, "native/bootstrap");
        var compiled = await ToolRun.RunAsync(
            "/usr/bin/gcc", ["-O1", "-o", program, Repository.Function("c/bootstrap.c")]);
        compiled.ExitCode.ShouldBe(0, compiled.Everything);
        await fixture.OkAsync("deploy", "native/bootstrap", "--name", "native");
        (await fixture.OkAsync("invoke", "native", "--data", "[1]")).Output.ShouldBe("{\"calls\":1,\"event\":[1]}");
    }

    [Fact]
    public async Task Exit_codes_tell_what_went_wrong()
    {
        fixture.Write("fails.py", "def handler(event, context):\n    raise ValueError('bad')\n");
        await fixture.OkAsync("deploy", "fails.py");
        var failed = await fixture.RunAsync("invoke", "fails");
        failed.ExitCode.ShouldBe(8, failed.Everything);
        failed.Output.ShouldContain("ValueError");
        (await fixture.RunAsync("invoke", "no-such-function")).ExitCode.ShouldBe(3);
        (await fixture.RunAsync("rm", "no-such-function", "--yes")).ExitCode.ShouldBe(3);
        (await fixture.RunAsync("invoke")).ExitCode.ShouldBe(2);
        (await fixture.RunAsync("no-such-verb")).ExitCode.ShouldBe(2);
        (await fixture.RunAsync("deploy", "no-such-file.py")).ExitCode.ShouldBeOneOf(2, 3);
        (await fixture.RunAsync("up", "--no-samples", "--port", "0")).ExitCode.ShouldBe(5);
        var misspelt = await fixture.RunAsync("invoke", "fail");
        misspelt.ExitCode.ShouldBe(3);
        misspelt.Errors.ShouldContain("fails", Case.Sensitive, "the nearest name is offered");
    }

    [Fact]
    public async Task Variables_of_env_are_what_aws_tools_need()
    {
        var printed = await fixture.OkAsync("env");
        var shell = await fixture.ShellAsync(
            "eval \"$(lambent env)\" && echo $AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID $AWS_REGION", fixture.Folder);
        shell.Output.Trim().ShouldBe(
            $"{fixture.Lambda.Address.GetLeftPart(UriPartial.Authority)} {fixture.Lambda.Key.Id} us-east-1",
            printed.Everything);
    }

    [Fact]
    public async Task Doctor_finds_this_machine_able()
    {
        var run = await fixture.RunAsync("doctor", "--json");
        JsonNode.Parse(run.Output).ShouldNotBeNull(run.Everything);
        run.ExitCode.ShouldBe(0, run.Everything);
    }

    [Theory]
    [InlineData("ls")]
    [InlineData("ls", "environments")]
    [InlineData("version")]
    [InlineData("account", "ls")]
    public async Task Json_output_is_json(params string[] arguments)
    {
        var run = await fixture.OkAsync([.. arguments, "--json"]);
        ((string?)JsonNode.Parse(run.Output)!["schema"]).ShouldStartWith("lambent.");
    }

    [Fact]
    public async Task Second_account_calls_only_what_it_is_permitted()
    {
        fixture.Write("mine.py", "def handler(event, context):\n    return 'mine'\n");
        await fixture.OkAsync("deploy", "mine.py");
        var created = await fixture.OkAsync("account", "create", "partner", "--save", "--json");
        var account = (string)JsonNode.Parse(created.Output)!["id"]!;
        (await fixture.OkAsync("ls", "--profile", "partner")).Output.ShouldNotContain("mine");
        const string arn = "arn:aws:lambda:us-east-1:000000000000:function:mine";
        (await fixture.RunAsync("invoke", "mine", "--profile", "partner")).ExitCode.ShouldBe(3, "its own names only");

        var key = AccessKey.Read(Path.Combine(fixture.Folder, ".lambent/credentials"), "partner");
        using var partner = new LambdaClient(fixture.Lambda.Address, key);
        var denied = await partner.InvokeAsync(arn);
        denied.Status.ShouldBe(403, denied.ToString());
        denied.ErrorType.ShouldBe("AccessDeniedException");
        var permission = new JsonObject
        {
            ["StatementId"] = "partner", ["Action"] = "lambda:InvokeFunction", ["Principal"] = account,
        };
        (await fixture.Lambda.SendAsync("POST", "/2015-03-31/functions/mine/policy", permission)).Status.ShouldBe(201);
        (await partner.InvokeAsync(arn)).Text.ShouldBe("\"mine\"");
        var read = await partner.GetAsync($"/2015-03-31/functions/{Uri.EscapeDataString(arn)}");
        read.Status.ShouldBe(403, "calling is all that was permitted");
        var accounts = await fixture.RunAsync("account", "ls", "--profile", "partner");
        accounts.ExitCode.ShouldBe(4, accounts.Everything);
    }
}
