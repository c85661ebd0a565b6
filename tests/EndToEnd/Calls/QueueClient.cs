using System.Text;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Calls;

/// <summary>Calls the SQS API by its JSON protocol, without an SDK between.</summary>
internal sealed class QueueClient(Uri address, AccessKey key) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 });

    public string Url(string queue) => $"{address.GetLeftPart(UriPartial.Authority)}/000000000000/{queue}";

    public async Task<JsonNode> CallAsync(string operation, JsonNode input)
    {
        var body = Encoding.UTF8.GetBytes(input.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.0");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"AmazonSQS.{operation}");
        RequestSignature.Sign(request, body, key, TimeProvider.System.GetUtcNow(), "sqs");
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, text);
        return JsonNode.Parse(text)!;
    }

    public void Dispose() => http.Dispose();
}
