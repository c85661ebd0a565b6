using Lambent.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lambent.Server.Aws.Protocols;

/// <summary>Reads the whole body of a request, up to a limit.</summary>
internal static class RequestBody
{
    /// <summary>
    /// What is reserved before a byte has arrived. A client that announces much and sends little costs no more;
    /// the buffer grows with what came.
    /// </summary>
    private const int FirstBufferBytes = 64 * Limits.KiB;

    /// <summary>The body, or RequestTooLarge without having read past the limit.</summary>
    public static async ValueTask<Result<ReadOnlyMemory<byte>>> ReadAsync(
        HttpContext http, string operation, int bytesMax)
    {
        // The limit is ours: the server's own would answer in its own words.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var announced = http.Request.ContentLength;
        if (announced > bytesMax)
        {
            return TooLarge(operation, bytesMax);
        }

        if (announced == 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        // One byte more than announced, so that the last read finds room and says that it was the last.
        var wanted = (int)(announced ?? bytesMax) + 1;
        var buffer = new byte[Math.Min(wanted, FirstBufferBytes)];
        var length = 0;
        while (true)
        {
            var read = await http.Request.Body.ReadAsync(buffer.AsMemory(length), http.RequestAborted);
            if (read == 0)
            {
                return new ReadOnlyMemory<byte>(buffer, 0, length);
            }

            length += read;
            if (length > bytesMax)
            {
                return TooLarge(operation, bytesMax);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 4, Math.Max(wanted, buffer.Length + 1)));
            }
        }
    }

    private static Error TooLarge(string operation, int bytesMax) => new(
        ErrorCode.RequestTooLarge, $"Request must be smaller than {bytesMax} bytes for the {operation} operation");
}
