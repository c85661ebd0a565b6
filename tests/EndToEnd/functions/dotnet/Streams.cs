using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lambent.Sdk;

namespace Functions
{
    /// <summary>Functions whose bodies are streamed.</summary>
    public sealed class Streams
    {
        private TaskCompletionSource next = new();

        /// <summary>Server-sent events: the next one is sent when another call asks for it.</summary>
        public async Task Events(JsonElement request, IFunctionContext context)
        {
            if (request.GetProperty("rawPath").GetString() == "/next")
            {
                next.SetResult();
                return;
            }

            var headers = new Dictionary<string, string> { ["content-type"] = "text/event-stream" };
            await using var stream = context.StartResponse(200, headers);
            var first = int.Parse(request.GetProperty("headers").GetProperty("last-event-id").GetString()!) + 1;
            for (var id = first; id < first + 3; id++)
            {
                next = new TaskCompletionSource();
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"id: {id}\ndata: event {id}\n\n"));
                if (id < first + 2)
                {
                    await next.Task;
                }
            }
        }

        /// <summary>Writes as fast as it may, on the thread that called it.</summary>
        public void Firehose(JsonElement request, IFunctionContext context)
        {
            var left = int.Parse(request.GetProperty("queryStringParameters").GetProperty("bytes").GetString()!);
            var stream = context.StartResponse();
            var part = new byte[100_000];
            for (; left > 0; left -= part.Length)
            {
                stream.Write(part.AsSpan(0, Math.Min(left, part.Length)));
            }
        }

        public object Hashes(JsonElement request, IFunctionContext context)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var part = new byte[65536];
            var bytes = 0L;
            for (int count; (count = context.RequestBody!.Read(part)) > 0; bytes += count)
            {
                hash.AppendData(part, 0, count);
            }

            var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
            return new { bytes, sha256 = digest, path = request.GetProperty("rawPath").GetString() };
        }

        public async Task BreaksOff(JsonElement request, IFunctionContext context)
        {
            await context.StartResponse(200).WriteAsync("half"u8.ToArray());
            throw new InvalidOperationException("It broke off.");
        }
    }
}

namespace Lambent.Sdk
{
    /// <summary>The members of the runtime's context that are used here: it is known by its name.</summary>
    public interface IFunctionContext
    {
        Stream? RequestBody { get; }

        Stream StartResponse(int? statusCode = null, IReadOnlyDictionary<string, string>? headers = null);
    }
}
