using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Protocol.Signing;

namespace Lambent.Cli.Connection;

/// <summary>One request to the server.</summary>
internal sealed record ServerRequest(HttpMethod Method, string Path)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>The service that the request is signed for.</summary>
    public string Service { get; init; } = "lambda";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// How long to wait for the head of the answer; a function may take 15 minutes, all else is quick.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(100);
}

/// <summary>Sends signed requests and turns every refusal into a failure that says where it came from.</summary>
internal sealed class ServerClient : IDisposable
{
    private readonly ServerAddress address;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    public ServerClient(ServerAddress address, TimeProvider time)
    {
        this.address = address;
        this.time = time;
        // What a one-shot local client does not need is left out: it is most of the start-up time.
        http = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = !address.Endpoint.IsLoopback,
                UseCookies = false,
                AllowAutoRedirect = false,
                ActivityHeadersPropagator = null,
            })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public ServerAddress Address => address;

    /// <summary>Sends and returns an answer with a good status; the caller reads and disposes it.</summary>
    public async Task<HttpResponseMessage> SendAsync(ServerRequest request, CancellationToken cancellation)
    {
        using var message = Build(request);
        using var patience = new CancellationTokenSource(request.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (HttpRequestException broken)
        {
            throw new CommandFailedException(Unreachable(broken));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new CommandFailedException(new Failure(
                ExitCode.Timeout, FailureCodes.ServerTimedOut,
                $"No answer within {request.Patience.TotalSeconds:0} s.")
            {
                Where = $"server {address.Endpoint}",
                Hint = "lambent doctor",
            });
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new CommandFailedException(await ServerErrors.ReadAsync(response, address.Endpoint, cancellation));
        }
    }

    /// <summary>Sends and reads the answer as JSON.</summary>
    public async Task<T> SendAsync<T>(ServerRequest request, JsonTypeInfo<T> shape, CancellationToken cancellation)
    {
        using var response = await SendAsync(request, cancellation);
        var bytes = await ReadAsync(response, cancellation);
        try
        {
            if (JsonSerializer.Deserialize(bytes, shape) is { } answer)
            {
                return answer;
            }
        }
        catch (JsonException)
        {
            // Said below: there is nothing in the parser's words that helps.
        }

        throw new CommandFailedException(new Failure(
            ExitCode.Internal, FailureCodes.ServerAnswerUnreadable,
            $"What answers {request.Method} {request.Path} does not speak this API.")
        {
            Where = $"server {address.Endpoint}",
            Hint = "check --endpoint and AWS_ENDPOINT_URL",
        });
    }

    /// <summary>The whole body; a connection that breaks meanwhile is the server's failure.</summary>
    public async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new CommandFailedException(new Failure(
                ExitCode.Internal, FailureCodes.ServerUnreachable, "The connection broke in the middle of the answer.")
            {
                Where = $"server {address.Endpoint}",
                Hint = "lambent doctor",
            });
        }
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Build(ServerRequest request)
    {
        var target = new Uri(address.Endpoint.GetLeftPart(UriPartial.Authority) + request.Path);
        var message = new HttpRequestMessage(request.Method, target);
        if (!request.Body.IsEmpty || request.Method == HttpMethod.Post || request.Method == HttpMethod.Put)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }

        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        var keys = address.Keys;
        var signer = new RequestSigner(
            new SigningCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken),
            address.Region,
            request.Service);
        signer.Sign(message, request.Body.Span, time.GetUtcNow());
        return message;
    }

    private Failure Unreachable(HttpRequestException broken)
    {
        var nobody = broken.HttpRequestError
            is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;
        return new Failure(
            ExitCode.Internal,
            FailureCodes.ServerUnreachable,
            nobody
                ? $"No server answers at {address.Endpoint.GetLeftPart(UriPartial.Authority)}."
                : $"The connection to the server broke: {broken.Message}")
        {
            Where = $"server {address.Endpoint}",
            Hint = nobody ? "lambent up" : "lambent doctor",
        };
    }
}
