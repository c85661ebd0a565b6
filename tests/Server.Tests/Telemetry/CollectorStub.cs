using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;

namespace Lambent.Server.Tests.Telemetry;

/// <summary>What a collector got in one request that it took.</summary>
/// <param name="Path">Such as /v1/logs.</param>
/// <param name="Key">The header x-key.</param>
/// <param name="Encoding">Of the body, which is unpacked here.</param>
internal sealed record CollectedRequest(string Path, string? Key, string? Encoding, byte[] Body);

/// <summary>A collector of OpenTelemetry that can be away, refuse, and take a part.</summary>
internal sealed class CollectorStub : IAsyncDisposable
{
    /// <summary>An answer is judged a moment after it was sent.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(20);

    private readonly HttpListener listener = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly Task serving;
    private int answeredCount;

    /// <param name="port">Null: one that is free.</param>
    public CollectorStub(int? port = null)
    {
        Address = new Uri($"http://127.0.0.1:{port ?? FreePort()}/");
        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    public ConcurrentQueue<CollectedRequest> Taken { get; } = [];

    /// <summary>So many requests are answered with <see cref="RefusalStatus"/> and not taken.</summary>
    public volatile int Refusals;

    public volatile int RefusalStatus = 503;

    public string? RetryAfter { get; set; }

    /// <summary>The body of the answer to what is taken.</summary>
    public byte[] Answer { get; set; } = [];

    public int AnsweredCount => Volatile.Read(ref answeredCount);

    public IEnumerable<WireMessage> Messages(string path) =>
        Taken.Where(request => request.Path == path).Select(request => WireMessage.Parse(request.Body));

    /// <summary>Waits until what came, or what its sender made of the answer, satisfies.</summary>
    public async Task WaitAsync(Func<bool> isEnough, CancellationToken limit)
    {
        while (!isEnough())
        {
            await arrived.WaitAsync(LookPeriod, limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        listener.Close();
        arrived.Dispose();
    }

    public static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            var encoding = context.Request.Headers["Content-Encoding"];
            await using (var stream = encoding == "gzip"
                ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress)
                : context.Request.InputStream)
            {
                await stream.CopyToAsync(body);
            }

            if (Refusals > 0)
            {
                Refusals--;
                context.Response.StatusCode = RefusalStatus;
                if (RetryAfter is { } after)
                {
                    context.Response.Headers["Retry-After"] = after;
                }
            }
            else
            {
                Taken.Enqueue(new CollectedRequest(
                    context.Request.RawUrl!, context.Request.Headers["x-key"], encoding, body.ToArray()));
                await context.Response.OutputStream.WriteAsync(Answer);
            }

            context.Response.Close();
            Interlocked.Increment(ref answeredCount);
            arrived.Release();
        }
    }
}
