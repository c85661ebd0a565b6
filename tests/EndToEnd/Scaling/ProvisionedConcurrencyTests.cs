using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Scaling;

/// <summary>Provisioned concurrency as users have it: AWS's unmodified command, calls without a cold start.</summary>
public sealed class ProvisionedConcurrencyTests : IAsyncLifetime
{
    private const string Aws = "/usr/bin/aws";
    private const int Count = 5;

    private readonly TemporaryFolder folder = new();
    private LambentServer server = null!;

    public async ValueTask InitializeAsync() =>
        server = await LambentServer.StartAsync(folder["data"], "--no-samples");

    public async ValueTask DisposeAsync()
    {
        (await server.StopAsync()).ShouldBe(0, server.Output);
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Five_provisioned_calls_are_warm_at_once_and_the_sixth_spills_over()
    {
        ToolRun.Require(Aws, "awscli");
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("ready", "waits"));
        await AwsAsync("publish-version", "--function-name", "ready");
        await AwsAsync("create-alias", "--function-name", "ready", "--name", "live", "--function-version", "1");

        var put = await AwsAsync(
            "put-provisioned-concurrency-config", "--function-name", "ready", "--qualifier", "live",
            "--provisioned-concurrent-executions", $"{Count}");
        ((string?)put!["Status"]).ShouldBe("IN_PROGRESS");
        await WhenReadyAsync("ready", "live");

        var calls = Enumerable.Range(0, Count + 1).Select(id => server.Root.InvokeAsync(
            "ready:live", $$"""{"id":{{id}},"milliseconds":3000}""", headers: ("X-Amz-Log-Type", "Tail")));
        var answers = await Task.WhenAll(calls);

        foreach (var answer in answers)
        {
            answer.Ok();
        }

        answers.Count(answer => answer.LogTail.Contains("Init Duration", StringComparison.Ordinal))
            .ShouldBe(1, string.Join('\n', answers.Select(answer => answer.LogTail)));
        var metrics = await server.Root.SendUnsignedAsync("GET", "/metrics");
        metrics.Text.ShouldContain($"lambent_provisioned_invocations_total {Count}\n");
        metrics.Text.ShouldContain("lambent_provisioned_spillover_invocations_total 1\n");
        metrics.Text.ShouldContain($"lambent_provisioned_environments_allocated {Count}\n");
        metrics.Text.ShouldContain($"lambent_provisioned_environments_available {Count}\n");
        var listed = await AwsAsync("list-provisioned-concurrency-configs", "--function-name", "ready");
        ((string?)listed!["ProvisionedConcurrencyConfigs"]![0]!["FunctionArn"])!.ShouldEndWith(":ready:live");
    }

    [Fact]
    public async Task Function_knows_its_kind_of_start_and_a_restarted_server_provisions_again()
    {
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("knows", "variables"));
        (await PublishAsync("knows")).ShouldBe("1");
        await KindAsync("on-demand");
        await PutAsync("knows", "1", 1);
        await WhenReadyAsync("knows", "1");
        await KindAsync("provisioned-concurrency");

        (await server.StopAsync()).ShouldBe(0, server.Output);
        await server.DisposeAsync();
        server = await LambentServer.StartAsync(folder["data"], "--no-samples");
        await WhenReadyAsync("knows", "1");
        var answer = await server.Root.InvokeAsync("knows:1", "{}", headers: ("X-Amz-Log-Type", "Tail"));
        answer.LogTail.ShouldNotContain("Init Duration");

        async Task KindAsync(string kind) => ((string?)(await server.Root.InvokeAsync("knows:1", "{}"))
            .Ok()["AWS_LAMBDA_INITIALIZATION_TYPE"]).ShouldBe(kind);
    }

    [Fact]
    public async Task Function_that_does_not_start_fails_with_its_own_error()
    {
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("broken", "no-such-export"));
        await PublishAsync("broken");
        await PutAsync("broken", "1", 1);

        var failed = await Deadline.PollAsync(
            () => GetAsync("broken", "1"),
            answer => (string?)answer.Json["Status"] == "FAILED",
            TimeSpan.FromSeconds(20));

        ((string?)failed.Json["StatusReason"])!.ShouldStartWith("FUNCTION_ERROR_INIT_FAILURE: init: ");
    }

    [Fact]
    public async Task Third_call_of_two_reserved_is_throttled_and_an_event_runs_later()
    {
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("two", "waits"));
        (await server.Root.SendAsync("PUT", "/2017-10-31/functions/two/concurrency", new JsonObject
        {
            ["ReservedConcurrentExecutions"] = 2,
        })).Status.ShouldBe(200);
        var running = Enumerable.Range(0, 2)
            .Select(id => server.Root.InvokeAsync("two", $$"""{"id":{{id}},"milliseconds":3000}"""))
            .ToList();
        await Deadline.PollAsync(
            () => server.Root.SendUnsignedAsync("GET", "/metrics"),
            answer => answer.Text.Contains("lambent_invocations_in_flight 2\n", StringComparison.Ordinal),
            TimeSpan.FromSeconds(10));

        var third = await server.Root.InvokeAsync("two", """{"id":3}""");
        third.Status.ShouldBe(429);
        third.ErrorType.ShouldBe("TooManyRequestsException");
        third.Header("Retry-After").ShouldBe("1");
        ((string?)third.Json["Reason"]).ShouldBe("ReservedFunctionConcurrentInvocationLimitExceeded");
        var accepted = await server.Root.InvokeAsync(
            "two", """{"id":4}""", headers: ("X-Amz-Invocation-Type", "Event"));
        accepted.Status.ShouldBe(202);

        foreach (var answer in await Task.WhenAll(running))
        {
            answer.Ok();
        }

        await Deadline.PollAsync(
            () => server.Root.GetAsync("/v1/logs?function=two"),
            answer => answer.Text.Contains("end 4", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Account_limit_throttles_the_sum_of_its_functions()
    {
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("one", "waits"));
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("other", "waits"));
        (await server.Root.SendAsync("PUT", "/v1/accounts/000000000000/concurrency", new JsonObject
        {
            ["concurrency"] = 10,
        })).Status.ShouldBe(200);

        var calls = Enumerable.Range(0, 14).Select(id => server.Root.InvokeAsync(
            id % 2 == 0 ? "one" : "other", $$"""{"id":{{id}},"milliseconds":4000}"""));
        var answers = await Task.WhenAll(calls);

        answers.Count(answer => answer.Status == 200).ShouldBe(10);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer =>
            answer.Status == 429 && (string?)answer.Json["Reason"] == "ConcurrentInvocationLimitExceeded");
    }

    private Task<Answer> GetAsync(string function, string qualifier) => server.Root.GetAsync(
        $"/2019-09-30/functions/{function}/provisioned-concurrency?Qualifier={qualifier}");

    private async Task PutAsync(string function, string qualifier, int count) => (await server.Root.SendAsync(
        "PUT",
        $"/2019-09-30/functions/{function}/provisioned-concurrency?Qualifier={qualifier}",
        new JsonObject { ["ProvisionedConcurrentExecutions"] = count })).Status.ShouldBe(202);

    private Task<Answer> WhenReadyAsync(string function, string qualifier) => Deadline.PollAsync(
        () => GetAsync(function, qualifier),
        answer => (string?)answer.Json["Status"] == "READY",
        TimeSpan.FromSeconds(30));

    private async Task<string?> PublishAsync(string function) => (string?)(await server.Root.SendAsync(
        "POST", $"/2015-03-31/functions/{function}/versions", new JsonObject())).Ok()["Version"];

    private async Task<JsonNode?> AwsAsync(params string[] arguments)
    {
        string[] all =
        [
            "--endpoint-url", server.Root.Address.GetLeftPart(UriPartial.Authority), "--output", "json", "lambda",
            .. arguments,
        ];
        var run = await ToolRun.RunAsync(Aws, all, server.Root.Key.Variables(server.Root.Address), folder.Path);
        run.ExitCode.ShouldBe(0, run.Everything);
        return run.Output.Trim().Length == 0 ? null : JsonNode.Parse(run.Output);
    }
}
