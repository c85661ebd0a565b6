using Lambent.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lambent.Server.Aws.Protocols;

/// <summary>The whole body of a request, read up to a limit; its memory counts until it is disposed.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>
    /// What is reserved before a byte has arrived. A client that announces much and sends little costs no more;
    /// the buffer grows with what came.
    /// </summary>
    private const int FirstBufferBytes = 64 * Limits.KiB;

    private readonly RequestBodyBudget budget;
    private byte[] buffer;
    private int length;

    private RequestBody(RequestBodyBudget budget, int capacity)
    {
        this.budget = budget;
        buffer = capacity == 0 ? [] : new byte[capacity];
    }

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>
    /// The body, or RequestTooLarge without having read past the limit, or LimitExceeded when all bodies together
    /// are too much.
    /// </summary>
    public static async ValueTask<Result<RequestBody>> ReadAsync(
        HttpContext http, string operation, int bytesMax, RequestBodyBudget budget)
    {
        LiftServerLimit(http);
        var announced = http.Request.ContentLength;
        if (announced > bytesMax)
        {
            return TooLarge(operation, bytesMax);
        }

        // One byte more than announced, so that the last read finds room and says that it was the last.
        var wanted = announced == 0 ? 0 : (int)(announced ?? bytesMax) + 1;
        var capacity = Math.Min(wanted, FirstBufferBytes);
        if (!budget.TryTake(capacity))
        {
            return budget.Exceeded();
        }

        var body = new RequestBody(budget, capacity);
        try
        {
            var failure = await body.FillAsync(http, operation, bytesMax, wanted);
            if (failure is null)
            {
                return body;
            }

            body.Dispose();
            return failure;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes away the server's own limit, which would answer in its own words, and break the connection of a caller
    /// that is still sending when it is refused for another reason: it could not read why.
    /// </summary>
    public static void LiftServerLimit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    public void Dispose()
    {
        budget.Return(buffer.Length);
        buffer = [];
        length = 0;
    }

    private async ValueTask<Error?> FillAsync(HttpContext http, string operation, int bytesMax, int wanted)
    {
        while (wanted > 0)
        {
            var read = await http.Request.Body.ReadAsync(buffer.AsMemory(length), http.RequestAborted);
            if (read == 0)
            {
                return null;
            }

            length += read;
            if (length > bytesMax)
            {
                return TooLarge(operation, bytesMax);
            }

            if (length == buffer.Length && !TryGrow(wanted))
            {
                return budget.Exceeded();
            }
        }

        return null;
    }

    private bool TryGrow(int wanted)
    {
        var capacity = (int)Math.Min((long)buffer.Length * 4, Math.Max(wanted, buffer.Length + 1));
        if (!budget.TryTake(capacity - buffer.Length))
        {
            return false;
        }

        Array.Resize(ref buffer, capacity);
        return true;
    }

    private static Error TooLarge(string operation, int bytesMax) => new(
        ErrorCode.RequestTooLarge, $"Request must be smaller than {bytesMax} bytes for the {operation} operation");
}
