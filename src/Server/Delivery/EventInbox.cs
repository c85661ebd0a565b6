using System.Threading.Channels;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Storage;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Delivery;

/// <summary>
/// Asynchronous calls: an event is durable before its caller is answered, and stays until it reached an end. After a
/// restart what was accepted is delivered again, so a handler may see an event twice and never not at all.
/// </summary>
internal sealed partial class EventInbox : IAsyncDisposable
{
    private const int DeliveriesAtOnceMax = 64;

    /// <summary>
    /// An attempt whose end could not be written is made again. On a full disk that must not become a handler that
    /// runs without a pause.
    /// </summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly IStore store;
    private readonly FunctionDirectory directory;
    private readonly Dispatcher dispatcher;
    private readonly TimeProvider time;
    private readonly ILogger<EventInbox> logger;
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);

    /// <summary>Ended since the last look at the store: what was read then may show them as due still.</summary>
    private readonly HashSet<string> endedSinceRead = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(DeliveriesAtOnceMax, DeliveriesAtOnceMax);
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public EventInbox(
        IStore store, FunctionDirectory directory, Dispatcher dispatcher, TimeProvider time, ILogger<EventInbox> logger)
    {
        this.store = store;
        this.directory = directory;
        this.dispatcher = dispatcher;
        this.time = time;
        this.logger = logger;
    }

    public void Start() => loop = RunAsync();

    /// <summary>Somebody else wrote an event.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <summary>Takes an event. When the task completes it is on stable storage.</summary>
    public async Task<Result<Done>> AcceptAsync(AsyncEvent accepted, CancellationToken cancellation)
    {
        var result = await store.WriteAsync<Done>(
            transaction =>
            {
                transaction.Events.Put(accepted);
                return Done.Value;
            },
            cancellation);
        wake.Writer.TryWrite(true);
        return result;
    }

    /// <summary>
    /// Takes no new deliveries. One that is cut off with its environment is left as it was: the next start delivers it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
    }

    private async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var now = time.GetUtcNow();
                lock (underWay)
                {
                    endedSinceRead.Clear();
                }

                var due = store.Read(transaction => transaction.Events.Due(now, DeliveriesAtOnceMax * 2));
                var started = 0;
                foreach (var candidate in due)
                {
                    if (Claim(candidate.Id))
                    {
                        await places.WaitAsync(stopping.Token);
                        _ = DeliverAsync(candidate);
                        started++;
                    }
                }

                if (started == 0)
                {
                    await WaitAsync(now);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is left is in the store.
        }
    }

    /// <summary>Until an event arrives, one ends, or the next is due.</summary>
    private async Task WaitAsync(DateTimeOffset now)
    {
        var next = store.Read(transaction => transaction.Events.NextDue());
        var delay = next is { } due && due > now ? due - now : TimeSpan.FromMinutes(1);
        delay = delay > TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : delay;
        using var timer = new CancellationTokenSource(delay, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping.Token);
        try
        {
            await wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The next one is due.
        }
    }

    private async Task DeliverAsync(AsyncEvent delivered)
    {
        try
        {
            var result = await AttemptAsync(delivered);
            if (result == AttemptResult.Succeeded || !stopping.IsCancellationRequested)
            {
                await SettleAsync(delivered, result);
            }
        }
        catch (Exception exception)
        {
            // The event stays in the store and is tried again by the next round or the next start.
            LogDeliveryFailed(delivered.Id, delivered.Function.Name, exception);
            await Task.Delay(PauseAfterFailure, time, stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            lock (underWay)
            {
                underWay.Remove(delivered.Id);
                endedSinceRead.Add(delivered.Id);
            }

            places.Release();
            wake.Writer.TryWrite(true);
        }
    }

    private async Task<AttemptResult> AttemptAsync(AsyncEvent delivered)
    {
        var function = directory.Find(delivered.Function);
        var specification = function?.Route(delivered.Qualifier, Random.Shared.NextDouble());
        if (function is null || specification is null)
        {
            return AttemptResult.FunctionGone;
        }

        var invocation = new Invocation
        {
            RequestId = delivered.Id,
            InvokedArn = delivered.Qualifier is null ? function.Arn : $"{function.Arn}:{delivered.Qualifier}",
            Payload = delivered.Payload,
            ClientContext = delivered.ClientContext,
            TraceHeader = delivered.TraceHeader,
            Queued = time.GetUtcNow() - delivered.DueAt,
        };
        var result = await dispatcher.InvokeAsync(function, specification, invocation, "event");
        if (result.Failed(out var outcome, out _))
        {
            return AttemptResult.Refused;
        }

        using (outcome)
        {
            return outcome.IsSuccess ? AttemptResult.Succeeded : AttemptResult.FunctionFailed;
        }
    }

    private async Task SettleAsync(AsyncEvent delivered, AttemptResult result)
    {
        var (decision, next) = EventDelivery.Decide(delivered, result, time.GetUtcNow(), Random.Shared.NextDouble());
        await store.WriteAsync<Done>(transaction =>
        {
            if (decision == DeliveryDecision.Retry)
            {
                transaction.Events.Put(next);
            }
            else
            {
                transaction.Events.Delete(delivered.Id);
            }

            return Done.Value;
        });
        if (decision is not (DeliveryDecision.Done or DeliveryDecision.Retry))
        {
            LogGivenUp(delivered.Id, delivered.Function.Name, decision, next.Attempts);
        }
    }

    private bool Claim(string id)
    {
        lock (underWay)
        {
            return !endedSinceRead.Contains(id) && underWay.Add(id);
        }
    }

    [LoggerMessage(201, LogLevel.Warning, "Event {EventId} for {Function} could not be settled; it is kept")]
    private partial void LogDeliveryFailed(string eventId, string function, Exception exception);

    [LoggerMessage(
        202, LogLevel.Warning, "Event {EventId} for {Function} ended as {Decision} after {Attempts} attempts")]
    private partial void LogGivenUp(string eventId, string function, DeliveryDecision decision, int attempts);
}
