using System.Text.Json;
using Lambent.Kernel.Invocations;
using Lambent.Server.Aws.Protocols;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.Lambda.Invocation;

/// <summary>
/// The response of InvokeWithResponseStream: PayloadChunk events while the handler writes, then one InvokeComplete
/// that says how it ended. A handler that does not stream is one chunk.
/// </summary>
internal sealed class EventStreamResponse(HttpResponse response, string version) : IResponseStream
{
    private bool started;

    public CancellationToken CallerGone => response.HttpContext.RequestAborted;

    public ValueTask StartAsync(ReadOnlyMemory<byte> prelude)
    {
        Start();
        if (prelude.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        // Callers of the API get the metadata in the stream, as AWS frames it: the JSON and eight zero bytes.
        byte[] framed = [.. prelude.Span, 0, 0, 0, 0, 0, 0, 0, 0];
        return WriteAsync(framed);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> chunk)
    {
        Start();
        if (!chunk.IsEmpty)
        {
            EventStream.WriteEvent(response.BodyWriter, "PayloadChunk", "application/octet-stream", chunk.Span);
            var written = await response.BodyWriter.FlushAsync(CallerGone);
            if (written.IsCompleted)
            {
                throw new IOException("The caller has gone.");
            }
        }
    }

    public async ValueTask CompleteAsync(InvocationOutcome outcome)
    {
        if (outcome.IsSuccess && !outcome.Payload.IsEmpty)
        {
            await WriteAsync(outcome.Payload);
        }

        Start();
        EventStream.WriteEvent(response.BodyWriter, "InvokeComplete", "application/json", Completion(outcome));
        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }

    private void Start()
    {
        if (!started)
        {
            started = true;
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = EventStream.ContentType;
            response.Headers["X-Amz-Executed-Version"] = version;
            response.Headers["X-Amzn-Remapped-Content-Type"] = "application/octet-stream";
        }
    }

    private static byte[] Completion(InvocationOutcome outcome)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (!outcome.IsSuccess)
            {
                json.WriteString(
                    "ErrorCode",
                    outcome.Kind == OutcomeKind.ResponseTooLarge ? "Function.ResponseSizeTooLarge" : "Unhandled");
                json.WriteString("ErrorDetails", outcome.Payload.Span);
            }

            if (outcome.LogTail is { } tail)
            {
                json.WriteString("LogResult", Convert.ToBase64String(tail));
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
