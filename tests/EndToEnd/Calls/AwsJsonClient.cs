using System.Text;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Calls;

/// <summary>
/// Calls the APIs that speak JSON with a target in a header, SQS's and Step Functions', without an SDK between.
/// </summary>
internal sealed class AwsJsonClient(Uri address, AccessKey key) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 });

    public string Url(string queue) => $"{address.GetLeftPart(UriPartial.Authority)}/000000000000/{queue}";

    public Task<JsonNode> CallAsync(string operation, JsonNode input) =>
        CallAsync("AmazonSQS", operation, "sqs", input);

    public Task<JsonNode> CallWorkflowsAsync(string operation, JsonNode input) =>
        CallAsync("AWSStepFunctions", operation, "states", input);

    public void Dispose() => http.Dispose();

    private async Task<JsonNode> CallAsync(string target, string operation, string service, JsonNode input)
    {
        var body = Encoding.UTF8.GetBytes(input.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.0");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"{target}.{operation}");
        RequestSignature.Sign(request, body, key, TimeProvider.System.GetUtcNow(), service);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, text);
        return JsonNode.Parse(text)!;
    }
}
