using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Http;

/// <summary>Reads a request's body whole, up to a limit.</summary>
internal static class PooledBody
{
    /// <summary>
    /// False when the body is longer than <paramref name="bytesMax"/>; then it was not read to its end.
    /// </summary>
    public static async ValueTask<bool> TryReadAsync(HttpRequest request, PooledBuffer into, int bytesMax)
    {
        if (request.ContentLength is 0)
        {
            return true;
        }

        if (request.ContentLength > bytesMax)
        {
            return false;
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            var tooLong = into.Length + read.Buffer.Length > bytesMax;
            if (!tooLong)
            {
                foreach (var segment in read.Buffer)
                {
                    into.Write(segment.Span);
                }
            }

            reader.AdvanceTo(read.Buffer.End);
            if (tooLong || read.IsCompleted)
            {
                return !tooLong;
            }
        }
    }
}
