using Lambent.Protocol.Signing;

namespace Lambent.Load.Deploying;

/// <summary>
/// Calls an API that takes JSON with its operation in a header, signed, with as little work a call as HttpClient
/// allows: it is a generator of load too.
/// </summary>
/// <param name="address">The server.</param>
/// <param name="credentials">Whose calls they are.</param>
/// <param name="region">Of the server.</param>
/// <param name="service">As signatures name it, "sqs".</param>
/// <param name="target">As the header names it, "AmazonSQS".</param>
/// <param name="time">The clock.</param>
internal sealed class SignedJsonClient(
    Uri address, SigningCredentials credentials, string region, string service, string target, TimeProvider time)
    : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    private readonly Uri endpoint = new(address, "/");
    private readonly RequestSigner signer = new(credentials, region, service);

    /// <summary>Sends a request and returns the answer's body.</summary>
    /// <exception cref="BenchFailureException">The answer has an error's status.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<byte[]> CallAsync(string operation, byte[] body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.0");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"{target}.{operation}");
        signer.Sign(request, body, time.GetUtcNow());
        using var answer = await http.SendAsync(request, cancellation);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? bytes
            : throw new BenchFailureException(
                $"{operation} answered {(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(bytes)}");
    }

    public void Dispose() => http.Dispose();
}
