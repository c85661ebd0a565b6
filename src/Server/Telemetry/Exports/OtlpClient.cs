using System.IO.Compression;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using Lambent.Protocol.Otlp;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>Where OTLP is sent.</summary>
/// <param name="Endpoint">The collector's base; traces go to v1/traces below it, and so on.</param>
/// <param name="Headers">Sent with each request, such as a key.</param>
/// <param name="Handler">What requests go through; disposed with the client.</param>
internal sealed record OtlpTarget(
    Uri Endpoint, IReadOnlyList<KeyValuePair<string, string>> Headers, HttpMessageHandler Handler)
{
    /// <summary>Every collector can unpack (OTLP specification 1.x); what stands before one may not.</summary>
    public bool IsGzipped { get; init; }
}

/// <summary>Requests to a collector of OpenTelemetry, and what its answers mean (OTLP specification 1.x).</summary>
internal sealed class OtlpClient(OtlpTarget target, TimeProvider time) : IDisposable
{
    private const int AnswerBytesMax = 16 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker client = new(target.Handler);

    public Uri Endpoint => target.Endpoint;

    /// <summary>Sends a batch. What the collector does not want, and never will, is counted as rejected.</summary>
    /// <param name="signal">traces, logs, metrics.</param>
    /// <param name="message">The request, in protobuf.</param>
    /// <param name="count">How many items are in it.</param>
    /// <param name="meter">Told what became of them.</param>
    /// <param name="stopping">Ends it.</param>
    /// <exception cref="ExportRefusedException">The same is to be sent again.</exception>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="OperationCanceledException">There was no answer in time, or the server stops.</exception>
    public async Task SendAsync(
        string signal, byte[] message, int count, ExportMeter meter, CancellationToken stopping)
    {
        using var request = Request(signal, message);
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            using var response = await client.SendAsync(request, either.Token);
            var answer = await ReadAsync(response, either.Token);
            Judge(response, answer, count, meter);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new ExportRefusedException("The collector did not answer within 10 s.", null);
        }
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage Request(string signal, byte[] message)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"{target.Endpoint.ToString().TrimEnd('/')}/v1/{signal}"))
        {
            Content = new ByteArrayContent(target.IsGzipped ? Pack(message) : message),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(OtlpProtobuf.ContentType);
        if (target.IsGzipped)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        foreach (var (name, value) in target.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private void Judge(HttpResponseMessage response, byte[] answer, int count, ExportMeter meter)
    {
        if (response.IsSuccessStatusCode)
        {
            var (rejected, message) = OtlpProtobuf.ReadAnswer(answer);
            rejected = Math.Clamp(rejected, 0, count);
            meter.Connect();
            meter.Sent(count - rejected);
            if (rejected > 0)
            {
                meter.Reject(rejected, $"The collector rejected {rejected}: {message}");
            }

            return;
        }

        // What the specification says may be tried again is, and what the operator can mend; anything else would fail
        // for ever, and hold up what follows.
        var said = $"The collector answered {(int)response.StatusCode}.";
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            throw new ExportRefusedException(said, RetryAfter(response));
        }

        meter.Connect();
        meter.Reject(count, said);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } asked ? asked.Delta ?? (asked.Date - time.GetUtcNow()) : null;

    /// <summary>What is said of items that were rejected is short.</summary>
    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[AnswerBytesMax];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return buffer[..length];
    }

    private static byte[] Pack(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest))
        {
            packing.Write(message);
        }

        return packed.ToArray();
    }
}
