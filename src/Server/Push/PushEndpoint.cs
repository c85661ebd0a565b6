using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Push;

/// <summary>
/// POST or DELETE /push/TOKEN: a subscriber that answered 202 acknowledges a message. The token is the right to do so,
/// for this message and this subscriber; no account's key is needed.
/// </summary>
internal sealed partial class PushEndpoint(PushService queues, PushTokens tokens, ILogger<PushEndpoint> logger)
{
    public const string Root = "/push/";

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods(Root + "{token}", ["POST", "DELETE"], ServeAsync);

    private async Task ServeAsync(HttpContext http)
    {
        Error? error;
        try
        {
            error = await AcknowledgeAsync((string)http.Request.RouteValues["token"]!);
        }
        catch (StoreException refused)
        {
            error = new Error(refused.Code, refused.Message);
        }
        catch (Exception bug) when (bug is not (OperationCanceledException or BadHttpRequestException))
        {
            LogUnexpected(bug);
            error = new Error(ErrorCode.Internal, "An unexpected failure was logged.");
        }

        http.Response.StatusCode = error?.Code switch
        {
            null => StatusCodes.Status200OK,
            ErrorCode.ResourceNotFound => StatusCodes.Status404NotFound,
            ErrorCode.Internal => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status503ServiceUnavailable,
        };
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("acknowledged", error is null);
            if (error is not null)
            {
                json.WriteStartObject("error");
                json.WriteString("code", error.Code.ToString());
                json.WriteString("message", error.Message);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.Length;
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
    }

    private async Task<Error?> AcknowledgeAsync(string token)
    {
        if (tokens.Read(token) is not { } pushed)
        {
            return new Error(ErrorCode.ResourceNotFound, "There is nothing to acknowledge at this address.");
        }

        // What follows writes to the disk, which the thread that serves sockets must not wait for.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return (await queues.AcknowledgeAsync(pushed, CancellationToken.None)).Error;
    }

    [LoggerMessage(625, LogLevel.Error, "An acknowledgement failed unexpectedly")]
    private partial void LogUnexpected(Exception exception);
}
