using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Runtimes;

/// <summary>
/// What the platform needs for a function is gone after it was deployed: the caller hears which step failed, at once.
/// </summary>
public sealed class StartFailureTests
{
    private const string Functions = "/2015-03-31/functions";
    private static readonly string[] NothingStartedAhead = ["--warm-memory", "0"];

    [Fact]
    public async Task Interpreter_that_was_removed_is_named_and_works_again_when_it_is_back()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["bin"]);
        var interpreter = Path.Combine(folder["bin"], "node");
        File.Copy("/usr/bin/node", interpreter);
        var variables = new Dictionary<string, string> { ["LAMBENT_NODE"] = interpreter };
        await using var server = await LambentServer.StartAsync(folder["data"], variables, NothingStartedAhead);
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("greets", "hello"));
        var url = await PublicUrlAsync(server, "greets");
        File.Move(interpreter, interpreter + ".gone");

        var answer = await server.Root.InvokeAsync("greets").WaitAsync(TimeSpan.FromSeconds(20));
        answer.Status.ShouldBe(502, answer.ToString());
        answer.ErrorType.ShouldBe("InvalidRuntimeException");
        answer.Message!.ShouldContain("phase start");
        answer.Message!.ShouldContain(interpreter);
        var page = await server.Root.SendUnsignedAsync("GET", url);
        page.Status.ShouldBe(502, page.ToString());
        page.Message!.ShouldContain("phase start");

        File.Move(interpreter + ".gone", interpreter);
        (await server.Root.InvokeAsync("greets")).Ok();
    }

    [Fact]
    public async Task Stored_package_that_was_damaged_is_named()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"], NothingStartedAhead);
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("greets", "hello"));
        var url = await PublicUrlAsync(server, "greets");
        Directory.Delete(Path.Combine(folder["data"], "code"), recursive: true);
        foreach (var package in Directory.EnumerateFiles(
            Path.Combine(folder["data"], "packages"), "*.zip", SearchOption.AllDirectories))
        {
            File.SetUnixFileMode(package, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await File.WriteAllTextAsync(package, "not what it was");
        }

        var answer = await server.Root.InvokeAsync("greets").WaitAsync(TimeSpan.FromSeconds(20));
        answer.Status.ShouldBe(502, answer.ToString());
        answer.ErrorType.ShouldBe("InvalidZipFileException");
        answer.Message!.ShouldContain("phase fetch");
        var page = await server.Root.SendUnsignedAsync("GET", url);
        page.Status.ShouldBe(502, page.ToString());
        page.Message!.ShouldContain("phase fetch");
    }

    [Fact]
    public async Task Interpreter_that_ends_at_once_fails_the_call_and_the_event_is_tried_again()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["bin"]);
        var interpreter = Path.Combine(folder["bin"], "node");
        WriteProgram(interpreter, $"#!/bin/sh\n[ \"$1\" = -p ] && echo 20.11.0 {interpreter} && exit 0\nexit 3\n");
        var variables = new Dictionary<string, string> { ["LAMBENT_NODE"] = interpreter };
        await using var server = await LambentServer.StartAsync(folder["data"], variables, NothingStartedAhead);
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("greets", "hello"));

        var answer = await server.Root.InvokeAsync("greets").WaitAsync(TimeSpan.FromSeconds(20));
        answer.Status.ShouldBe(500, answer.ToString());
        answer.ErrorType.ShouldBe("ServiceException");
        answer.Message!.ShouldContain("phase start");
        answer.Message!.ShouldContain("exit status 3");
        var accepted = await server.Root.InvokeAsync("greets", "{}", null, ("X-Amz-Invocation-Type", "Event"));
        accepted.Status.ShouldBe(202, accepted.ToString());

        WriteProgram(interpreter, "#!/bin/sh\nexec /usr/bin/node \"$@\"\n");
        await Deadline.PollAsync(
            () => server.Root.SendUnsignedAsync("GET", "/metrics"),
            metrics => metrics.Text.Contains(
                "lambent_invocations_total{outcome=\"Success\"} 1", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20));
    }

    /// <summary>Put into place whole: a program that is being written cannot be run.</summary>
    private static void WriteProgram(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.SetUnixFileMode(path + ".new", (UnixFileMode)0x1ED);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static async Task<string> PublicUrlAsync(LambentServer server, string name)
    {
        await server.Root.SendAsync(
            "POST", $"/2021-10-31/functions/{name}/url", new JsonObject { ["AuthType"] = "NONE" });
        var permission = new JsonObject
        {
            ["StatementId"] = "public",
            ["Action"] = "lambda:InvokeFunctionUrl",
            ["Principal"] = "*",
            ["FunctionUrlAuthType"] = "NONE",
        };
        var permitted = await server.Root.SendAsync("POST", $"{Functions}/{name}/policy", permission);
        permitted.Status.ShouldBe(201, permitted.ToString());
        return $"/fn/{name}/";
    }
}
