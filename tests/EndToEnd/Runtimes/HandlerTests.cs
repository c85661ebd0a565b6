namespace Lambent.EndToEnd.Runtimes;

[Collection(SharedServer.Name)]
public sealed class HandlerTests(ServerFixture fixture)
{
    private LambdaClient Lambda => fixture.Lambda;

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    [InlineData("dotnet")]
    public async Task Handler_answers_what_it_returns(string runtime)
    {
        var name = $"hello-{runtime}";
        await Lambda.CreateFunctionAsync(await RuntimeSubject.DefineAsync(runtime, name, "hello"));
        var answer = await Lambda.InvokeAsync(name, """{"name":"Zoë"}""");
        ((string?)answer.Ok()["hello"]).ShouldBe("Zoë");
        answer.Header("X-Amz-Executed-Version").ShouldBe("$LATEST");
    }

    [Theory]
    [InlineData("shell")]
    [InlineData("c")]
    public async Task Custom_runtime_answers_through_the_runtime_api(string runtime)
    {
        var name = $"hello-{runtime}";
        await Lambda.CreateFunctionAsync(await RuntimeSubject.DefineAsync(runtime, name, "hello"));
        for (var calls = 1; calls <= 3; calls++)
        {
            var answer = (await Lambda.InvokeAsync(name, """{"name":"Ada"}""")).Ok();
            ((string?)answer["event"]!["name"]).ShouldBe("Ada");
            ((int?)answer["calls"]).ShouldBe(calls, "the environment is kept");
        }
    }

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    [InlineData("dotnet")]
    public async Task Environment_is_kept_between_calls(string runtime)
    {
        var name = $"counter-{runtime}";
        await Lambda.CreateFunctionAsync(await RuntimeSubject.DefineAsync(runtime, name, "counter"));
        for (var calls = 1; calls <= 5; calls++)
        {
            ((int?)(await Lambda.InvokeAsync(name)).Ok()["calls"]).ShouldBe(calls);
        }
    }

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    [InlineData("dotnet")]
    public async Task Temporary_files_stay_in_a_warm_environment(string runtime)
    {
        var name = $"keeps-{runtime}";
        await Lambda.CreateFunctionAsync(await RuntimeSubject.DefineAsync(runtime, name, "keeps"));
        await Lambda.InvokeAsync(name, """{"write":"kept text","name":"kept text"}""");
        ((string?)(await Lambda.InvokeAsync(name)).Ok()["kept"]).ShouldBe("kept text");
    }

    [Theory]
    [InlineData("node", "nodejs20.x")]
    [InlineData("python", "python3.11")]
    [InlineData("dotnet", "dotnet10")]
    public async Task Environment_has_the_variables_of_aws(string runtime, string identifier)
    {
        var name = $"variables-{runtime}";
        var definition = await RuntimeSubject.DefineAsync(runtime, name, "variables");
        await Lambda.CreateFunctionAsync(definition with { Variables = new() { ["OWN"] = "own value" } });
        var variables = (await Lambda.InvokeAsync(name)).Ok().AsObject();
        var expected = new Dictionary<string, string>
        {
            ["OWN"] = "own value",
            ["_HANDLER"] = definition.Handler,
            ["AWS_EXECUTION_ENV"] = $"AWS_Lambda_{identifier}",
            ["AWS_LAMBDA_FUNCTION_NAME"] = name,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = definition.MemoryMegabytes.ToString(),
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{name}",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_DEFAULT_REGION"] = "us-east-1",
            ["LAMBDA_TASK_ROOT"] = "/var/task",
            ["TZ"] = ":UTC",
        };
        foreach (var (variable, value) in expected)
        {
            ((string?)variables[variable]).ShouldBe(value, variable);
        }

        string[] present =
        [
            "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_RUNTIME_DIR", "LANG", "PATH",
            "LD_LIBRARY_PATH", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "_X_AMZN_TRACE_ID",
        ];
        present.Where(variable => !variables.ContainsKey(variable)).ShouldBeEmpty();
        variables.Select(variable => variable.Key).ShouldNotContain("LAMBENT_HOME");
    }

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    public async Task Context_describes_the_call(string runtime)
    {
        var name = $"fields-{runtime}";
        await Lambda.CreateFunctionAsync(await RuntimeSubject.DefineAsync(runtime, name, "fields"));
        var client = Convert.ToBase64String("""{"custom":{"from":"the caller"}}"""u8);
        var answer = await Lambda.InvokeAsync(name, "{}", null, ("X-Amz-Client-Context", client));
        var fields = answer.Ok();
        ((string?)fields["name"]).ShouldBe(name);
        ((string?)fields["version"]).ShouldBe("$LATEST");
        ((string?)fields["arn"]).ShouldBe($"arn:aws:lambda:us-east-1:000000000000:function:{name}");
        ((string?)fields["memory"]).ShouldBe("128");
        ((string?)fields["requestId"]).ShouldBe(answer.Header("x-amzn-RequestId"));
        ((string?)fields["logGroup"]).ShouldBe($"/aws/lambda/{name}");
        ((string?)fields["logStream"]).ShouldNotBeNullOrEmpty();
        ((double?)fields["remaining"]!).Value.ShouldBeInRange(1, 10_000);
        fields["client"]!.ToJsonString().ShouldContain("the caller");
    }

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    public async Task Log_tail_has_the_lines_of_the_call(string runtime)
    {
        var name = $"speaks-{runtime}";
        await Lambda.CreateFunctionAsync(await RuntimeSubject.DefineAsync(runtime, name, "speaks"));
        var answer = await Lambda.InvokeAsync(name, "{}", null, ("X-Amz-Log-Type", "Tail"));
        answer.Status.ShouldBe(200, answer.ToString());
        var id = answer.Header("x-amzn-RequestId");
        var tail = answer.LogTail;
        tail.ShouldStartWith($"START RequestId: {id} Version: $LATEST\n");
        tail.ShouldContain("spoken on standard output");
        tail.ShouldContain("and on standard error");
        tail.ShouldContain($"\nEND RequestId: {id}\n");
        tail.ShouldMatch(
            $@"\nREPORT RequestId: {id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t"
            + @"Max Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t?\n");
        var warm = await Lambda.InvokeAsync(name, "{}", null, ("X-Amz-Log-Type", "Tail"));
        warm.LogTail.ShouldNotContain("Init Duration", Case.Sensitive, "the environment was warm");
    }

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    public async Task Calls_of_one_environment_keep_their_answers_and_lines_apart(string runtime)
    {
        const int count = 64;
        var name = $"shared-{runtime}";
        var definition = await RuntimeSubject.DefineAsync(runtime, name, "waits");
        await Lambda.CreateFunctionAsync(
            definition with { Tags = new() { ["lambent:environment-concurrency"] = "64" }, TimeoutSeconds = 20 });
        // The first call alone, so that the others find the environment there.
        (await Lambda.InvokeAsync(name, """{"id":-1}""")).Ok();
        var calls = Enumerable.Range(0, count).Select(id => Lambda.InvokeAsync(
            name, $$"""{"id":{{id}},"milliseconds":300}""", null, ("X-Amz-Log-Type", "Tail")));
        var answers = await Task.WhenAll(calls);
        var processes = new HashSet<int>();
        for (var id = 0; id < count; id++)
        {
            var payload = answers[id].Ok();
            ((int?)payload["id"]).ShouldBe(id);
            var requestId = answers[id].Header("x-amzn-RequestId");
            ((string?)payload["requestId"]).ShouldBe(requestId);
            processes.Add((int)payload["process"]!);
            var lines = answers[id].LogTail.Split('\n');
            lines.ShouldContain(line => line.EndsWith($"call {id} of {requestId}"), answers[id].LogTail);
            lines.Count(line => line.Contains("call ", StringComparison.Ordinal)).ShouldBe(1, answers[id].LogTail);
        }

        processes.Count.ShouldBe(1, "all calls fit into one environment");
    }
}
