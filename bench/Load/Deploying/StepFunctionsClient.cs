using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Protocol.Signing;

namespace Lambent.Load.Deploying;

/// <summary>Calls the Step Functions API.</summary>
internal sealed class StepFunctionsClient(Uri address, SigningCredentials credentials, TimeProvider time)
    : IDisposable
{
    private const string Region = "us-east-1";
    private const string Role = "arn:aws:iam::000000000000:role/workflows";

    private readonly SignedJsonClient client = new(
        address, credentials, Region, "states", "AWSStepFunctions", time);

    /// <returns>The machine's ARN.</returns>
    public async Task<string> CreateAsync(string name, string definition, CancellationToken cancellation)
    {
        using var created = await CallAsync(
            "CreateStateMachine",
            new JsonObject { ["name"] = name, ["definition"] = definition, ["roleArn"] = Role },
            cancellation);
        return created.RootElement.GetProperty("stateMachineArn").GetString()!;
    }

    /// <summary>Begins an execution; answered once it is durable.</summary>
    public async Task StartAsync(string machine, CancellationToken cancellation)
    {
        using var started = await CallAsync(
            "StartExecution", new JsonObject { ["stateMachineArn"] = machine, ["input"] = "{}" }, cancellation);
    }

    /// <summary>Whether an execution of the machine has the status.</summary>
    public async Task<bool> AnyAsync(string machine, string status, CancellationToken cancellation)
    {
        using var listed = await CallAsync(
            "ListExecutions",
            new JsonObject { ["stateMachineArn"] = machine, ["statusFilter"] = status, ["maxResults"] = 1 },
            cancellation);
        return listed.RootElement.GetProperty("executions").GetArrayLength() > 0;
    }

    public void Dispose() => client.Dispose();

    private async Task<JsonDocument> CallAsync(string operation, JsonObject body, CancellationToken cancellation) =>
        JsonDocument.Parse(await client.CallAsync(
            operation, JsonSerializer.SerializeToUtf8Bytes(body), cancellation));
}
