using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Durability;

/// <summary>
/// The server is killed while executions are begun and run. Each that was acknowledged ends once. The witness is a
/// queue: the last step of each sends a message, in the write that records it as sent. On the way there each calls a
/// function, runs another execution, sends that an event which it waits for, and lets branches race.
/// </summary>
public sealed class WorkflowCrashTests
{
    private const int Kills = 12;
    private const int StartersAtOnce = 3;
    private const string Role = "arn:aws:iam::000000000000:role/workflows";
    private const string Machine = "arn:aws:states:us-east-1:000000000000:stateMachine:steps";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Execution_acknowledged_before_a_kill_ends_once_and_sends_its_message_once()
    {
        using var folder = new TemporaryFolder();
        var accepted = new ConcurrentDictionary<string, bool>();
        await PrepareAsync(folder["data"]);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await StartAsync(folder["data"]);
            var before = accepted.Count;
            var load = Task.WhenAll(Enumerable.Range(0, StartersAtOnce).Select(starter =>
                BeginUntilItDiesAsync(server, $"{kill}-{starter}", accepted)));
            var wanted = before + 1 + ((kill * 7) % 40);
            await Deadline.PollAsync(() => accepted.Count >= wanted || load.IsCompleted, Limit);
            await server.KillAsync();
            await load;
        }

        await using var last = await StartAsync(folder["data"]);
        var sent = await DrainAsync(last, accepted.Keys);
        sent.Where(message => message.Value > 1).Select(message => message.Key).ShouldBeEmpty("sent twice");
        accepted.Keys.Where(name => !sent.ContainsKey(name)).ShouldBeEmpty("acknowledged and lost");
        (await FailedAsync(last)).ShouldBe(0);
        (await last.StopAsync()).ShouldBe(0, last.Output);
    }

    private static Task<LambentServer> StartAsync(string folder) =>
        LambentServer.StartAsync(folder, "--warm-memory", "0");

    private static async Task PrepareAsync(string folder)
    {
        await using var server = await StartAsync(folder);
        using var client = new AwsJsonClient(server.Address, server.Key);
        await client.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = "ends" });
        var package = ZipPackage.Of(("index.mjs", "export const handler = async (event) => event;"));
        await server.Root.CreateFunctionAsync(
            new FunctionDefinition("step", "nodejs20.x", "index.handler", package) { TimeoutSeconds = 10 });
        await client.CallWorkflowsAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = "inner",
            ["roleArn"] = Role,
            ["definition"] = """
                {"StartAt": "Go", "States": {"Go": {"Type": "Task", "End": true,
                  "Resource": "arn:aws:states:::lambent:waitForEvent", "Parameters": {"Name": "go"}}}}
                """,
        });
        await client.CallWorkflowsAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = "steps",
            ["roleArn"] = Role,
            ["definition"] = """
                {"StartAt": "First", "States": {
                  "First": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:step",
                    "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 20,
                      "BackoffRate": 1}], "Next": "Both"},
                  "Both": {"Type": "Parallel", "Next": "Race", "Branches": [
                    {"StartAt": "Inner", "States": {"Inner": {"Type": "Task", "End": true,
                      "Resource": "arn:aws:states:::states:startExecution.sync:2",
                      "Parameters": {"Name.$": "$$.Execution.Name", "Input": {},
                        "StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:inner"}}}},
                    {"StartAt": "Until", "States": {
                      "Until": {"Type": "Wait", "Seconds": 1, "Next": "Say"},
                      "Say": {"Type": "Task", "Resource": "arn:aws:states:::lambent:sendEvent", "End": true,
                        "Parameters": {"Name": "go", "Data": {"n": 1}, "ExecutionArn.$":
                          "States.Format('arn:aws:states:us-east-1:000000000000:execution:inner:{}', $$.Execution.Name)"
                        }, "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 20}]}}}]},
                  "Race": {"Type": "Parallel", "Completion": "FIRST", "Next": "Mark", "Branches": [
                    {"StartAt": "Never", "States": {"Never": {"Type": "Task", "End": true,
                      "Resource": "arn:aws:states:::lambent:waitForEvent", "Parameters": {"Name": "never"}}}},
                    {"StartAt": "Soon", "States": {"Soon": {"Type": "Wait", "Seconds": 1, "End": true}}}]},
                  "Mark": {"Type": "Task", "Resource": "arn:aws:states:::lambent:setAttributes", "Next": "Tell",
                    "Parameters": {"Attributes": {"stage": "told"}}},
                  "Tell": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
                    "Parameters": {"QueueUrl": "http://localhost/000000000000/ends",
                      "MessageBody.$": "$$.Execution.Name"}}}}
                """,
        });
        await server.StopAsync();
    }

    private static async Task BeginUntilItDiesAsync(
        LambentServer server, string starter, ConcurrentDictionary<string, bool> accepted)
    {
        using var client = new AwsJsonClient(server.Address, server.Key);
        try
        {
            for (var number = 0; ; number++)
            {
                var name = $"{starter}-{number}";
                await client.CallWorkflowsAsync("StartExecution", new JsonObject
                {
                    ["stateMachineArn"] = Machine, ["name"] = name, ["input"] = "{}",
                });
                accepted[name] = true;
            }
        }
        catch (Exception died) when (died is HttpRequestException or IOException or TaskCanceledException)
        {
            // The answer never came: the execution may be there or not.
        }
    }

    private static async Task<int> FailedAsync(LambentServer server)
    {
        using var client = new AwsJsonClient(server.Address, server.Key);
        var listed = await client.CallWorkflowsAsync("ListExecutions", new JsonObject
        {
            ["stateMachineArn"] = Machine, ["statusFilter"] = "FAILED",
        });
        return ((JsonArray)listed["executions"]!).Count;
    }

    /// <summary>How often each execution sent its message, by its name, once all of the wanted have.</summary>
    private static async Task<Dictionary<string, int>> DrainAsync(LambentServer server, ICollection<string> wanted)
    {
        using var client = new AwsJsonClient(server.Address, server.Key);
        var sent = new Dictionary<string, int>(StringComparer.Ordinal);
        await Deadline.PollAsync(
            async () =>
            {
                await ReceiveAsync(client, sent);
                return wanted.Count(name => !sent.ContainsKey(name));
            },
            missing => missing == 0,
            Limit);
        while (await ReceiveAsync(client, sent) > 0)
        {
        }

        return sent;
    }

    private static async Task<int> ReceiveAsync(AwsJsonClient client, Dictionary<string, int> sent)
    {
        var url = client.Url("ends");
        var received = await client.CallAsync(
            "ReceiveMessage",
            new JsonObject { ["QueueUrl"] = url, ["MaxNumberOfMessages"] = 10, ["WaitTimeSeconds"] = 1 });
        var messages = received["Messages"] as JsonArray ?? [];
        foreach (var message in messages)
        {
            var name = (string)message!["Body"]!;
            sent[name] = sent.GetValueOrDefault(name) + 1;
            await client.CallAsync("DeleteMessage", new JsonObject
            {
                ["QueueUrl"] = url, ["ReceiptHandle"] = (string)message["ReceiptHandle"]!,
            });
        }

        return messages.Count;
    }
}
