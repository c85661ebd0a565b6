using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Lambent.Kernel;
using Lambent.Kernel.Webhooks;

namespace Lambent.Server.Webhooks;

/// <summary>What came of one attempt to call back.</summary>
/// <param name="Status">The answer's, or null when there was none.</param>
/// <param name="Problem">What went wrong, for people; null when it was delivered.</param>
/// <param name="RetryAfter">What the other side asks for, or null.</param>
internal sealed record CallbackAnswer(int? Status, string? Problem, TimeSpan? RetryAfter = null)
{
    public bool IsDelivered => Problem is null;

    /// <summary>The other side wants no callbacks any more.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;
}

/// <summary>What is posted.</summary>
/// <param name="Url">Where to; where that leads is judged when it is connected to.</param>
/// <param name="Secrets">All sign.</param>
/// <param name="Id">The same for all attempts.</param>
/// <param name="Body">As it is.</param>
internal sealed record CallbackRequest(
    string Url, IEnumerable<WebhookSecret> Secrets, string Id, ReadOnlyMemory<byte> Body)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>Besides those that identify and sign; one of the same name as another stands for it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers { get; init; } = [];
}

/// <summary>
/// Sends one callback, signed after the Standard Webhooks specification. Redirects are not followed, and of an answer
/// only its head is read: what a program outside says besides is nothing to anybody here.
/// </summary>
internal sealed class CallbackSender : IDisposable
{
    /// <summary>As many as a line of events runs at a time: what waited for a connection would be timed out.</summary>
    private const int ConnectionsPerServerMax = 64;

    private readonly TimeProvider time;
    private readonly HttpMessageInvoker client;

    public CallbackSender(OutboundGuard guard, TimeProvider time)
        : this(guard.CreateHandler(ConnectionsPerServerMax), time)
    {
    }

    /// <param name="handler">What requests go through; disposed with this.</param>
    /// <param name="time">The clock.</param>
    internal CallbackSender(HttpMessageHandler handler, TimeProvider time)
    {
        this.time = time;
        client = new HttpMessageInvoker(handler);
    }

    /// <param name="webhook">An outbound one.</param>
    /// <param name="id">The same for all attempts.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <param name="headers">Besides those that identify and sign.</param>
    public Task<CallbackAnswer> SendAsync(
        Webhook webhook,
        string id,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellation,
        IReadOnlyList<KeyValuePair<string, string>>? headers = null) => SendAsync(
            new CallbackRequest(webhook.Outbound!.Url, webhook.SecretsAt(time.GetUtcNow()), id, body)
            {
                Headers = headers ?? [],
            },
            cancellation);

    /// <param name="callback">What to send.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public async Task<CallbackAnswer> SendAsync(CallbackRequest callback, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limits.CallbackTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var request = Request(callback);
            using var response = await client.SendAsync(request, either.Token);
            return Read(response);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new CallbackAnswer(null, $"There was no answer within {Limits.CallbackTimeout.TotalSeconds:0} s.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException
            or CallbackRefusedException or UriFormatException)
        {
            return new CallbackAnswer(null, Explain(exception));
        }
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage Request(CallbackRequest callback)
    {
        var now = time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(callback.Url))
        {
            Content = new ReadOnlyMemoryContent(callback.Body),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", callback.ContentType);
        request.Headers.TryAddWithoutValidation("User-Agent", $"lambent/{ProgramVersion.Text}");
        request.Headers.TryAddWithoutValidation(StandardSignature.IdHeader, callback.Id);
        request.Headers.TryAddWithoutValidation(
            StandardSignature.TimestampHeader, StandardSignature.Timestamp(now));
        request.Headers.TryAddWithoutValidation(
            StandardSignature.SignatureHeader,
            StandardSignature.Sign(callback.Secrets, callback.Id, now, callback.Body.Span));
        foreach (var (name, value) in callback.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private CallbackAnswer Read(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            >= 200 and < 300 => new CallbackAnswer(status, null),
            >= 300 and < 400 => new CallbackAnswer(
                status, $"The answer was {status}, a redirect, which is not followed: set the address it leads to."),
            _ => new CallbackAnswer(status, $"The answer was {status}.", Wait(response.Headers.RetryAfter)),
        };
    }

    private TimeSpan? Wait(RetryConditionHeaderValue? asked)
    {
        var wait = asked?.Delta ?? (asked?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>What a person can do something with, and nothing of what the network here looks like.</summary>
    private static string Explain(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case CallbackRefusedException refused:
                    return refused.Message;
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return "The host's name is unknown.";
                case SocketException socket:
                    return $"The connection failed: {socket.SocketErrorCode}.";
                case System.Security.Authentication.AuthenticationException:
                    return "The certificate of the other side is not to be trusted.";
                default:
                    break;
            }
        }

        return exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } failed
            ? $"The exchange failed: {failed.HttpRequestError}."
            : "The connection was broken.";
    }
}
