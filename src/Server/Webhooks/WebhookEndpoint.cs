using System.Text.Encodings.Web;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Webhooks;

/// <summary>
/// POST /hooks/TOKEN/…: the one door without a key of an account. What comes in is as cheap to refuse as can be: an
/// address that is none before the body is read, and one that is used too much as well.
/// </summary>
internal sealed partial class WebhookEndpoint(
    WebhookReceiver receiver, WebhookRates rates, ILogger<WebhookEndpoint> logger)
{
    private const string Root = "/hooks/";
    private const int TokenLengthMax = 64;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(Root + "{token}/{**path}", ServeAsync);

    private async Task ServeAsync(HttpContext http)
    {
        Result<WebhookReceipt> received;
        try
        {
            received = await ReceiveAsync(http);
        }
        catch (StoreException refused)
        {
            received = new Error(refused.Code, refused.Message);
        }
        catch (Exception bug) when (bug is not (OperationCanceledException or BadHttpRequestException))
        {
            // Not the address: it is a secret.
            LogUnexpected(bug);
            received = new Error(ErrorCode.Internal, "An unexpected failure was logged.");
        }

        if (received.Failed(out var receipt, out var error))
        {
            await WriteErrorAsync(http, error);
        }
        else if (receipt.Trial is { } trial)
        {
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(trial, http.RequestAborted);
        }
        else
        {
            await WriteAsync(http, StatusCodes.Status202Accepted, json =>
            {
                json.WriteString("eventId", receipt.EventId);
                json.WriteBoolean("repeat", receipt.IsRepeat);
            });
        }
    }

    private async Task<Result<WebhookReceipt>> ReceiveAsync(HttpContext http)
    {
        var token = (string)http.Request.RouteValues["token"]!;
        if (token.Length > TokenLengthMax || receiver.Find(token) is not { } webhook)
        {
            return new Error(ErrorCode.ResourceNotFound, "There is no webhook at this address.");
        }

        if (!rates.TryTake(token, webhook.Inbound!.RateMax))
        {
            return new Error(
                ErrorCode.LimitExceeded, $"More than {webhook.Inbound.RateMax} requests a second: try again later.");
        }

        using var body = new PooledBuffer();
        if (!await PooledBody.TryReadAsync(http.Request, body, Limits.EventPayloadBytesMax))
        {
            return new Error(
                ErrorCode.RequestTooLarge, $"The body must have at most {Limits.EventPayloadBytesMax} bytes.");
        }

        // The body may have been completed by the thread that serves sockets. What follows may take long. The payload
        // is copied because the store keeps what it was given until the commit, and this request may be gone by then.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var copy = body.Written.ToArray();
        var path = "/" + (http.Request.RouteValues["path"] as string ?? "");
        return await receiver.ReceiveAsync(webhook, http.Request, path, copy, CancellationToken.None);
    }

    private static Task WriteErrorAsync(HttpContext http, Error error)
    {
        var status = StatusOf(error.Code);
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "1";
        }

        return WriteAsync(http, status, json =>
        {
            json.WriteStartObject("error");
            json.WriteString("code", error.Code.ToString());
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        });
    }

    private static int StatusOf(ErrorCode code) => code switch
    {
        ErrorCode.SignatureIncomplete or ErrorCode.SignatureMismatch or ErrorCode.SignatureExpired => 401,
        ErrorCode.ResourceNotFound or ErrorCode.FunctionNotFound or ErrorCode.QueueNotFound => 404,
        ErrorCode.RequestTooLarge => 413,
        ErrorCode.LimitExceeded => 429,
        ErrorCode.Draining or ErrorCode.DiskFull or ErrorCode.StoreUnavailable => 503,
        ErrorCode.Internal => 500,
        _ => 400,
    };

    private static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.Length;
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
    }

    [LoggerMessage(602, LogLevel.Error, "A webhook's request failed unexpectedly")]
    private partial void LogUnexpected(Exception exception);
}
