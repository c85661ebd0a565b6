using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Protocol.Signing;

namespace Lambent.Load.Deploying;

/// <summary>Calls the Step Functions API, signed.</summary>
internal sealed class StepFunctionsClient : IDisposable
{
    private const string Region = "us-east-1";
    private const string Role = "arn:aws:iam::000000000000:role/workflows";

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    private readonly Uri endpoint;
    private readonly RequestSigner signer;
    private readonly TimeProvider time;

    public StepFunctionsClient(Uri address, SigningCredentials credentials, TimeProvider time)
    {
        endpoint = new Uri(address, "/");
        signer = new RequestSigner(credentials, Region, "states");
        this.time = time;
    }

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

    public void Dispose() => http.Dispose();

    private async Task<JsonDocument> CallAsync(string operation, JsonObject body, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(bytes),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.0");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"AWSStepFunctions.{operation}");
        signer.Sign(request, bytes, time.GetUtcNow());
        using var answer = await http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsByteArrayAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text)
            : throw new BenchFailureException($"{operation}: {System.Text.Encoding.UTF8.GetString(text)}");
    }
}
