using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Hostility;

/// <summary>
/// Functions that are broken or mean harm. Each time the caller gets the right error, another function answers as if
/// nothing had happened, and the server lives.
/// </summary>
[Collection(HostileServer.Name)]
public sealed class HostileHandlerTests(ServerFixture fixture)
{
    private static readonly TimeSpan NeighbourLimit = TimeSpan.FromSeconds(10);

    private LambdaClient Lambda => fixture.Lambda;

    [Fact]
    public async Task Flood_of_output_is_taken()
    {
        var answer = await CallBesideANeighbourAsync(
            Programs.NodeFunction("floods", "floods") with { TimeoutSeconds = 60, MemoryMegabytes = 512 });
        answer.Ok().ToJsonString().ShouldBe("\"flooded\"");
    }

    [Fact]
    public async Task Fork_bomb_ends_at_the_time_limit()
    {
        var answer = await CallBesideANeighbourAsync(
            Programs.PythonFunction("fork-bomb", "fork_bomb") with { TimeoutSeconds = 3 });
        answer.FunctionError.ShouldBe("Unhandled", answer.ToString());
        ((string?)answer.Json["errorType"]).ShouldBeOneOf("Sandbox.Timedout", "Runtime.OutOfMemory");
        await NothingIsLeftAsync("fork-bomb");
    }

    [Fact]
    public async Task Number_of_processes_is_limited()
    {
        var answer = await CallBesideANeighbourAsync(
            Programs.NodeFunction("forks", "forks") with { TimeoutSeconds = 40, MemoryMegabytes = 1024 });
        ((int)answer.Ok()["started"]!).ShouldBeLessThan(5000);
        ((string?)answer.Json["code"]).ShouldBe("EAGAIN");
    }

    [Fact]
    public async Task Temporary_folder_is_limited()
    {
        var answer = await CallBesideANeighbourAsync(
            Programs.NodeFunction("fills-disk", "fillsDisk") with { TimeoutSeconds = 40, MemoryMegabytes = 1024 });
        ((string?)answer.Ok()["code"]).ShouldBe("ENOSPC");
    }

    [Theory]
    [InlineData("node", "fillsMemory")]
    [InlineData("python", "fills_memory")]
    public async Task Memory_above_the_limit_is_an_out_of_memory_error(string runtime, string handler)
    {
        var name = $"fills-memory-{runtime}";
        var definition = Define(runtime, name, handler);
        var answer = await CallBesideANeighbourAsync(definition with { MemoryMegabytes = 128, TimeoutSeconds = 20 });
        answer.Status.ShouldBe(200, answer.ToString());
        answer.FunctionError.ShouldBe("Unhandled");
        ((string?)answer.Json["errorType"]).ShouldBe("Runtime.OutOfMemory", answer.ToString());
        var id = answer.Header("x-amzn-RequestId");
        ((string?)answer.Json["errorMessage"])!.ShouldStartWith($"RequestId: {id} Error: ");
    }

    [Theory]
    [InlineData("node", "closesEverything")]
    [InlineData("python", "closes_everything")]
    public async Task Closed_descriptors_end_the_call_with_an_error(string runtime, string handler)
    {
        var name = $"closes-{runtime}";
        var definition = Define(runtime, name, handler);
        var answer = await CallBesideANeighbourAsync(definition with { TimeoutSeconds = 5 });
        answer.Status.ShouldBe(200, answer.ToString());
        answer.FunctionError.ShouldBe("Unhandled");
        ((string?)answer.Json["errorType"]).ShouldBeOneOf("Runtime.ExitError", "Sandbox.Timedout");
    }

    [Fact]
    public async Task Response_above_the_limit_is_refused()
    {
        var answer = await CallBesideANeighbourAsync(
            Programs.NodeFunction("too-much", "returnsTooMuch") with { MemoryMegabytes = 256 });
        answer.FunctionError.ShouldBe("Unhandled", answer.ToString());
        ((string?)answer.Json["errorType"]).ShouldBe("Function.ResponseSizeTooLarge");
        ((string?)answer.Json["errorMessage"]).ShouldBe(
            "Response payload size exceeded maximum allowed payload size (6291556 bytes).");
        (await Lambda.InvokeAsync("too-much")).FunctionError.ShouldBe("Unhandled", "the environment still answers");
    }

    [Fact]
    public async Task Signals_to_everybody_reach_nobody_else()
    {
        var answer = await CallBesideANeighbourAsync(Programs.NodeFunction("kills", "kills"));
        answer.Status.ShouldBe(200, answer.ToString());
        if (answer.FunctionError is not null)
        {
            // It may end itself; that is all it may.
            ((string?)answer.Json["errorType"]).ShouldBe("Runtime.ExitError", answer.ToString());
        }
    }

    [Fact]
    public async Task Files_of_the_machine_cannot_be_read_or_written()
    {
        var answer = await CallBesideANeighbourAsync(Programs.NodeFunction("pries", "pries"));
        var found = answer.Ok();
        ((string?)found["task"])!.ShouldStartWith("refused E", Case.Sensitive, "/var/task");
        ((string?)found["system"])!.ShouldStartWith("refused E", Case.Sensitive, "/usr/bin");
        ((string?)found["shadow"])!.ShouldStartWith("refused E", Case.Sensitive, "/etc/shadow");
        ((string?)found["mount"])!.ShouldStartWith("refused", Case.Sensitive, "mount");
        ((string?)found["first"])!.ShouldNotContain("LAMBENT", Case.Insensitive, "the server's own environment");
        ((int)found["processes"]!).ShouldBeLessThan(20, "only the environment's own processes are seen");
    }

    [Fact]
    public async Task Ports_of_the_machine_cannot_be_reached()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        await Lambda.CreateFunctionAsync(Programs.NodeFunction("connects", "connects"));
        var targets = new JsonArray(new JsonArray("127.0.0.1", port), new JsonArray("127.0.0.1", Lambda.Address.Port));
        var request = new JsonObject { ["targets"] = targets }.ToJsonString();
        var found = (await Lambda.InvokeAsync("connects", request)).Ok();
        ((string?)found[$"127.0.0.1:{port}"]).ShouldNotBe("connected");
        listener.Pending().ShouldBeFalse("a connection came out of the sandbox");
    }

    private static FunctionDefinition Define(string runtime, string name, string handler) => runtime == "node"
        ? Programs.NodeFunction(name, handler)
        : Programs.PythonFunction(name, handler);

    /// <summary>Calls one function while another is called all the time, which must always answer.</summary>
    private async Task<Answer> CallBesideANeighbourAsync(FunctionDefinition hostile)
    {
        var neighbour = $"beside-{hostile.Name}";
        await Lambda.CreateFunctionAsync(Programs.NodeFunction(neighbour, "echo"));
        await Lambda.CreateFunctionAsync(hostile);
        (await Lambda.InvokeAsync(neighbour, "0")).Ok();
        var call = Lambda.InvokeAsync(hostile.Name);
        var number = 0;
        do
        {
            var answer = await Lambda.InvokeAsync(neighbour, $"{++number}").WaitAsync(NeighbourLimit);
            answer.Text.ShouldBe($"{number}", answer.ToString());
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(50)));
        }
        while (!call.IsCompleted);

        (await Lambda.InvokeAsync(neighbour, "-1")).Text.ShouldBe("-1");
        (await Lambda.HealthAsync()).Status.ShouldBe(200);
        return await call;
    }

    /// <summary>A function's processes are gone; they are found by the variable they all have.</summary>
    private static Task NothingIsLeftAsync(string name) => Deadline.PollAsync(
        () => !HostProcesses.WithVariable("AWS_LAMBDA_FUNCTION_NAME", name).Any(), TimeSpan.FromSeconds(10));
}
