using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Calls;

/// <summary>Calls the platform with one key, without an SDK between: what is sent is what the test says.</summary>
internal sealed class LambdaClient(Uri address, AccessKey key) : IDisposable
{
    private const string Functions = "/2015-03-31/functions";

    /// <summary>As the SDKs write it: the plus signs of base64 stay as they are.</summary>
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly TimeSpan ActiveLimit = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 256,
    })
    {
        Timeout = TimeSpan.FromSeconds(100),
    };

    public AccessKey Key => key;

    public Uri Address => address;

    /// <summary>Signs and sends; the path is encoded by the caller.</summary>
    public Task<Answer> SendAsync(
        string method, string path, byte[]? body = null, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(Request(method, path, body ?? [], headers), body ?? [], signed: true);

    public Task<Answer> SendAsync(string method, string path, JsonNode body) =>
        SendAsync(method, path, Encoding.UTF8.GetBytes(body.ToJsonString(Plain)), ("Content-Type", "application/json"));

    public Task<Answer> SendUnsignedAsync(
        string method, string path, byte[]? body = null, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(Request(method, path, body ?? [], headers), body ?? [], signed: false);

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    /// <summary>Creates a function and waits until it is active.</summary>
    public async Task<JsonNode> CreateFunctionAsync(FunctionDefinition function)
    {
        var created = await SendAsync("POST", Functions, function.ToJson());
        created.Status.ShouldBe(201, created.ToString());
        return await ActiveAsync(function.Name);
    }

    /// <summary>Waits until a creation or an update is done.</summary>
    public async Task<JsonNode> ActiveAsync(string name)
    {
        var answer = await Deadline.PollAsync(
            () => GetAsync($"{Functions}/{name}/configuration"),
            answer => (string?)answer.Json["State"] != "Pending"
                && (string?)answer.Json["LastUpdateStatus"] != "InProgress",
            ActiveLimit);
        ((string?)answer.Json["State"]).ShouldBe("Active", answer.ToString());
        return answer.Json;
    }

    public Task<Answer> InvokeAsync(
        string name,
        string payload = "{}",
        string? qualifier = null,
        params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(
            "POST",
            $"{Functions}/{Uri.EscapeDataString(name)}/invocations"
                + (qualifier is null ? "" : $"?Qualifier={Uri.EscapeDataString(qualifier)}"),
            Encoding.UTF8.GetBytes(payload),
            headers);

    public Task<Answer> HealthAsync() => SendUnsignedAsync("GET", "/healthz");

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(
        string method, string path, byte[] body, IEnumerable<(string Name, string Value)> headers)
    {
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(address.GetLeftPart(UriPartial.Authority) + path, options);
        var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (body.Length > 0 || method is "POST" or "PUT")
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, value) in headers)
        {
            if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.Host = value;
            }
            else if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request, byte[] body, bool signed)
    {
        using (request)
        {
            if (signed)
            {
                RequestSignature.Sign(request, body, key, TimeProvider.System.GetUtcNow());
            }

            using var response = await http.SendAsync(request);
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => header.Value.ToArray(), StringComparer.OrdinalIgnoreCase);
            return new Answer((int)response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync());
        }
    }
}
