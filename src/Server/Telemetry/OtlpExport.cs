using System.Net;
using System.Net.Http.Headers;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Otlp;
using Lambent.Server.Loops;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Telemetry;

/// <summary>Where spans are sent.</summary>
/// <param name="Endpoint">The collector's base; traces go to v1/traces below it.</param>
/// <param name="Headers">Sent with each request, such as a key.</param>
/// <param name="Handler">What requests go through; disposed with the export.</param>
internal sealed record OtlpTarget(
    Uri Endpoint, IReadOnlyList<KeyValuePair<string, string>> Headers, HttpMessageHandler Handler);

/// <summary>
/// Sends traces on to a collector of OpenTelemetry (OTLP over HTTP, protobuf). Its buffer is what is stored anyway:
/// what could not be sent is read there when the collector is back, also after a restart, as long as it is kept. Of
/// traces that are not sampled nothing is sent. A batch that is not answered is sent again, so a span may come twice.
/// </summary>
internal sealed partial class OtlpExport : IAsyncDisposable
{
    private const int RowsPerBatch = 400;
    private const int AnswerBytesMax = 16 * 1024;

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TelemetryStore store;
    private readonly Func<TraceBook> book;
    private readonly OtlpTarget target;
    private readonly string region;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly HttpMessageInvoker client;
    private readonly WakeSignal wake;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private long calls;
    private long spans;
    private long sentCount;
    private long rejectedCount;
    private long droppedCount;
    private volatile bool isConnected;

    private OtlpExport(
        TelemetryStore store, Func<TraceBook> book, OtlpTarget target, string region, TimeProvider time, ILogger logger)
    {
        (this.store, this.book, this.target, this.region) = (store, book, target, region);
        (this.time, this.logger) = (time, logger);
        client = new HttpMessageInvoker(target.Handler);
        wake = new WakeSignal(time);
        calls = store.Exports.FindOrBegin(CallsName, store.Traces.CallEnds().Last);
        spans = store.Exports.FindOrBegin(SpansName, store.Traces.SpanEnds().Last);
        store.Exports.Written += wake.Wake;
        running = Task.Run(RunAsync);
    }

    public bool IsConnected => isConnected;

    public long SentCount => Interlocked.Read(ref sentCount);

    /// <summary>Spans that the collector did not want.</summary>
    public long RejectedCount => Interlocked.Read(ref rejectedCount);

    /// <summary>Calls and spans that were removed before they could be sent.</summary>
    public long DroppedCount => Interlocked.Read(ref droppedCount);

    private string CallsName => $"otlp calls {target.Endpoint}";

    private string SpansName => $"otlp spans {target.Endpoint}";

    /// <param name="store">What is sent.</param>
    /// <param name="book">Knows the states of executions; asked for when the first batch is made.</param>
    /// <param name="target">Where to.</param>
    /// <param name="region">Of this server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of interruptions.</param>
    public static OtlpExport Start(
        TelemetryStore store,
        Func<TraceBook> book,
        OtlpTarget target,
        string region,
        TimeProvider time,
        ILogger<OtlpExport> logger) => new(store, book, target, region, time, logger);

    public async ValueTask DisposeAsync()
    {
        store.Exports.Written -= wake.Wake;
        await stopping.CancelAsync();
        await running;
        client.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = PauseMin;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var sent = await SendNextAsync();
                pause = PauseMin;
                if (!sent)
                {
                    await wake.WaitAsync(stopping.Token);
                }

                continue;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception broken) when (
                broken is HttpRequestException or OperationCanceledException or StoreException or IOException)
            {
                isConnected = false;
                LogBroken(target.Endpoint, broken.Message, pause.TotalSeconds);
            }

            await Task.Delay(pause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause + pause < PauseMax ? pause + pause : PauseMax;
        }

        isConnected = false;
    }

    /// <returns>False when there was nothing to send.</returns>
    private async Task<bool> SendNextAsync()
    {
        SkipRemoved();
        var nextCalls = store.Traces.CallsAfter(calls, RowsPerBatch);
        var nextSpans = store.Traces.SpansAfter(spans, RowsPerBatch);
        if (nextCalls.Count == 0 && nextSpans.Count == 0)
        {
            return false;
        }

        var batch = nextCalls.Where(one => one.Call.Trace is { IsNone: false, Parent.IsSampled: true })
            .SelectMany(one => Of(one.Call))
            .Concat(nextSpans.Where(one => one.Span is { Parent.IsSampled: true, IsOpen: false })
                .SelectMany(one => Of(one.Span)))
            .ToList();
        if (batch.Count > 0)
        {
            await SendAsync(batch);
        }

        (calls, spans) = (
            nextCalls.Count > 0 ? nextCalls[^1].Number : calls, nextSpans.Count > 0 ? nextSpans[^1].Number : spans);
        await store.Exports.PutPositionAsync(CallsName, calls);
        await store.Exports.PutPositionAsync(SpansName, spans);
        return true;
    }

    private async Task SendAsync(List<(TraceSpan Span, InvocationRecord? Call)> batch)
    {
        var endpoint = new Uri(target.Endpoint.ToString().TrimEnd('/') + "/v1/traces");
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(OtlpProtobuf.Write(OtlpSpans.Of(batch, region))),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(OtlpProtobuf.ContentType);
        foreach (var (name, value) in target.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping.Token);
        using var response = await client.SendAsync(request, either.Token);
        var body = await ReadAsync(response, either.Token);
        if (response.IsSuccessStatusCode)
        {
            isConnected = true;
            var (rejected, message) = OtlpProtobuf.ReadAnswer(body);
            Interlocked.Add(ref sentCount, batch.Count - rejected);
            Reject(rejected, message);
            return;
        }

        // What the specification says may be tried again is; anything else would fail for ever.
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            if (response.Headers.RetryAfter?.Delta is { } asked && asked > TimeSpan.Zero && asked <= PauseMax)
            {
                await Task.Delay(asked, time, stopping.Token);
            }

            throw new HttpRequestException($"The collector answered {(int)response.StatusCode}.");
        }

        Reject(batch.Count, $"The collector answered {(int)response.StatusCode}.");
    }

    /// <summary>What is said of spans that were rejected is short.</summary>
    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[AnswerBytesMax];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return buffer[..length];
    }

    private void Reject(long count, string message)
    {
        if (count > 0)
        {
            Interlocked.Add(ref rejectedCount, count);
            LogRejected(target.Endpoint, count, message);
        }
    }

    /// <summary>What the limits of the store removed meanwhile is counted and passed over.</summary>
    private void SkipRemoved()
    {
        var (firstCall, lastCall) = store.Traces.CallEnds();
        var (firstSpan, lastSpan) = store.Traces.SpanEnds();
        calls = Skip(calls, firstCall, lastCall);
        spans = Skip(spans, firstSpan, lastSpan);
    }

    private long Skip(long position, long first, long last)
    {
        if (last < position)
        {
            // Everything was deleted, and numbers begin anew.
            return last;
        }

        if (first <= position + 1)
        {
            return position;
        }

        Interlocked.Add(ref droppedCount, first - position - 1);
        return first - 1;
    }

    private static IEnumerable<(TraceSpan Span, InvocationRecord? Call)> Of(InvocationRecord call) =>
        CallSpans.PhasesOf(call).Select(phase => (phase, default(InvocationRecord)))
            .Prepend((CallSpans.Of(call), call));

    private IEnumerable<(TraceSpan Span, InvocationRecord? Call)> Of(TraceSpan span) =>
        (span.Origin == SpanOrigin.Execution ? book().OfExecution(span) : [span])
            .Where(one => !one.IsOpen).Select(one => (one, default(InvocationRecord)));

    [LoggerMessage(
        2311, LogLevel.Warning, "The export of traces to {Target} is interrupted: {Reason}; again in {Seconds} s")]
    private partial void LogBroken(Uri target, string reason, double seconds);

    [LoggerMessage(2312, LogLevel.Warning, "The collector {Target} rejected {Count} spans: {Reason}")]
    private partial void LogRejected(Uri target, long count, string reason);
}
