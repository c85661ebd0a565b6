using System.Diagnostics;

namespace Lambent.EndToEnd.Runtimes;

/// <summary>How a call fails: the shapes are AWS's.</summary>
[Collection(SharedServer.Name)]
public sealed class FailureTests(ServerFixture fixture)
{
    private LambdaClient Lambda => fixture.Lambda;

    [Theory]
    [InlineData("node", "RangeError", "out of range", "trace")]
    [InlineData("python", "ValueError", "not a good value", "stackTrace")]
    [InlineData("dotnet", "ArgumentException", "not a good argument", "stackTrace")]
    public async Task Handler_that_throws_answers_its_error(string runtime, string type, string message, string trace)
    {
        var name = $"throws-{runtime}";
        await Lambda.CreateFunctionAsync(await RuntimeSubject.DefineAsync(runtime, name, "throws"));
        var answer = await Lambda.InvokeAsync(name);
        answer.Status.ShouldBe(200);
        answer.FunctionError.ShouldBe("Unhandled");
        ((string?)answer.Json["errorType"]).ShouldBe(type);
        ((string?)answer.Json["errorMessage"]).ShouldBe(message);
        answer.Json[trace]!.AsArray().Count.ShouldBeGreaterThan(0, answer.ToString());
    }

    [Theory]
    [InlineData("nodejs20.x", "broken.handler", "TypeError", "thrown while the module loads")]
    [InlineData("nodejs20.x", "missing.handler", "Runtime.ImportModuleError", "missing")]
    [InlineData("nodejs20.x", "index.absent", "Runtime.HandlerNotFound", "absent")]
    [InlineData("python3.11", "broken.handler", "RuntimeError", "raised while the module loads")]
    [InlineData("python3.11", "missing.handler", "Runtime.ImportModuleError", "missing")]
    [InlineData("python3.11", "functions.absent", "Runtime.HandlerNotFound", "absent")]
    public async Task Initialization_that_fails_answers_its_error(
        string runtime, string handler, string type, string message)
    {
        var name = $"init-{runtime.Split('.')[0]}-{handler.Replace('.', '-')}";
        var package = runtime.StartsWith("node", StringComparison.Ordinal) ? Programs.Node : Programs.Python;
        await Lambda.CreateFunctionAsync(new FunctionDefinition(name, runtime, handler, package));
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var answer = await Lambda.InvokeAsync(name);
            answer.Status.ShouldBe(200, answer.ToString());
            answer.FunctionError.ShouldBe("Unhandled");
            ((string?)answer.Json["errorType"]).ShouldBe(type, answer.ToString());
            ((string?)answer.Json["errorMessage"])!.ShouldContain(message);
        }
    }

    [Fact]
    public async Task Initialization_error_of_a_custom_runtime_is_answered()
    {
        await Lambda.CreateFunctionAsync(Programs.ShellFunction("init-shell", "broken"));
        var answer = await Lambda.InvokeAsync("init-shell");
        answer.FunctionError.ShouldBe("Unhandled", answer.ToString());
        ((string?)answer.Json["errorType"]).ShouldBe("Shell.Broken");
        ((string?)answer.Json["errorMessage"]).ShouldBe("the shell is broken");
    }

    [Fact]
    public async Task Constructor_that_throws_in_dotnet_is_answered()
    {
        await Lambda.CreateFunctionAsync(await Programs.DotnetFunctionAsync("init-dotnet", "Broken", "Hello"));
        var answer = await Lambda.InvokeAsync("init-dotnet");
        answer.FunctionError.ShouldBe("Unhandled", answer.ToString());
        answer.Text.ShouldContain("thrown by the constructor");
    }

    [Fact]
    public async Task Error_of_a_custom_runtime_is_answered()
    {
        await Lambda.CreateFunctionAsync(Programs.ShellFunction("fails-shell", "fails"));
        var answer = await Lambda.InvokeAsync("fails-shell");
        answer.FunctionError.ShouldBe("Unhandled", answer.ToString());
        ((string?)answer.Json["errorType"]).ShouldBe("Shell.Failed");
    }

    [Theory]
    [InlineData("node", "exits", "exit status 3")]
    [InlineData("python", "exits", "exit status 7")]
    [InlineData("dotnet", "exits", "exit status 5")]
    [InlineData("shell", "exits", "exit status 9")]
    [InlineData("c", "crashes", "signal: segmentation fault")]
    public async Task Process_that_ends_is_an_exit_error(string runtime, string handler, string how)
    {
        var name = $"exits-{runtime}";
        await Lambda.CreateFunctionAsync(await RuntimeSubject.DefineAsync(runtime, name, handler));
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var answer = await Lambda.InvokeAsync(name);
            answer.Status.ShouldBe(200, answer.ToString());
            answer.FunctionError.ShouldBe("Unhandled");
            ((string?)answer.Json["errorType"]).ShouldBe("Runtime.ExitError", answer.ToString());
            ((string?)answer.Json["errorMessage"])!.ShouldStartWith(
                $"RequestId: {answer.Header("x-amzn-RequestId")} Error: Runtime exited with error: {how}");
        }
    }

    [Theory]
    [InlineData("node", "hangs")]
    [InlineData("node", "spins")]
    [InlineData("python", "spins")]
    [InlineData("dotnet", "hangs")]
    [InlineData("c", "hangs")]
    public async Task Time_limit_ends_the_call_within_a_second_of_it(string runtime, string handler)
    {
        var name = $"limit-{runtime}-{handler}";
        var definition = await RuntimeSubject.DefineAsync(runtime, name, handler);
        await Lambda.CreateFunctionAsync(definition with { TimeoutSeconds = 1 });
        var start = Stopwatch.GetTimestamp();
        var answer = await Lambda.InvokeAsync(name);
        var duration = Stopwatch.GetElapsedTime(start);
        answer.Status.ShouldBe(200, answer.ToString());
        answer.FunctionError.ShouldBe("Unhandled");
        ((string?)answer.Json["errorType"]).ShouldBe("Sandbox.Timedout", answer.ToString());
        ((string?)answer.Json["errorMessage"]).ShouldBe(
            $"RequestId: {answer.Header("x-amzn-RequestId")} Error: Task timed out after 1.00 seconds");
        // The start of the environment is before the limit's time begins.
        duration.ShouldBeInRange(TimeSpan.FromSeconds(0.99), TimeSpan.FromSeconds(runtime == "dotnet" ? 3 : 2));
    }

    [Fact]
    public async Task Call_after_a_time_out_gets_a_fresh_environment()
    {
        await Lambda.CreateFunctionAsync(Programs.NodeFunction("fresh", "hangsIfAsked") with { TimeoutSeconds = 1 });
        ((int?)(await Lambda.InvokeAsync("fresh")).Ok()["calls"]).ShouldBe(1);
        ((int?)(await Lambda.InvokeAsync("fresh")).Ok()["calls"]).ShouldBe(2);
        (await Lambda.InvokeAsync("fresh", """{"hang":true}""")).FunctionError.ShouldBe("Unhandled");
        ((int?)(await Lambda.InvokeAsync("fresh")).Ok()["calls"]).ShouldBe(1, "a module is loaded anew");
    }
}
