using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Storage.Telemetry.Calls;

namespace Lambent.Server.Replays;

/// <summary>
/// Makes stored calls again. One alone is called at once or accepted as an event; many are accepted as events that are
/// due one after the other, so that they outlive a restart, wait their turn, and can be cancelled.
/// </summary>
internal sealed class ReplayService(
    ReplaySource source,
    FunctionDirectory directory,
    Dispatcher dispatcher,
    EventInbox inbox,
    EventControl events,
    Func<string> newId,
    TimeProvider time)
{
    private const int PageSize = 1_000;
    private const int FunctionPart = 6;
    private const int QualifierPart = 7;

    /// <summary>Calls the function and waits for its answer; the caller disposes the outcome.</summary>
    public async Task<Result<Replayed>> CallAsync(ReplayRequest request)
    {
        if ((await FindAsync(request)).Failed(out var found, out var missing))
        {
            return missing;
        }

        var (detail, target, payload) = found;
        var function = directory.Find(target.Function);
        if (function?.Route(target.Qualifier, Random.Shared.NextDouble()) is not { } specification)
        {
            return NoFunction(target);
        }

        var mark = new ReplayMark(request.RequestId);
        var invocation = new Invocation
        {
            RequestId = newId(),
            InvokedArn = target.Qualifier is null ? function.Arn : $"{function.Arn}:{target.Qualifier}",
            Payload = payload,
            ClientContext = detail.Stored?.ClientContext,
            CameFrom = mark.CameFrom,
            ReplayOf = mark.Original,
        };
        var called = await dispatcher.InvokeAsync(function, specification, invocation, "replay");
        return called.Failed(out var outcome, out var refused)
            ? refused
            : new Replayed(invocation.RequestId, specification, outcome);
    }

    /// <summary>Accepts the call as an event, on stable storage.</summary>
    /// <returns>The event's id.</returns>
    public async Task<Result<string>> AcceptAsync(ReplayRequest request, CancellationToken cancellation)
    {
        if ((await FindAsync(request)).Failed(out var found, out var missing))
        {
            return missing;
        }

        var (detail, target, payload) = found;
        return directory.Find(target.Function)?.Route(target.Qualifier, 0) is null
            ? NoFunction(target)
            : await AcceptAsync(
                detail, target, payload, new ReplayMark(request.RequestId), TimeSpan.Zero, cancellation);
    }

    /// <summary>Accepts the failed calls that were found; what was accepted before a failure stays so.</summary>
    public async Task<Result<ReplayPlan>> AcceptAsync(ReplayBatch batch, CancellationToken cancellation)
    {
        if ((await source.FindAsync(batch)).Failed(out var records, out var failure))
        {
            return failure;
        }

        var (job, accepted) = (newId(), 0);
        var skipped = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            var request = new ReplayRequest(batch.Account, record.RequestId, batch.Qualifier, null);
            if (source.Read(batch.Account, record.RequestId).Failed(out var detail, out _))
            {
                Skip("it is gone meanwhile");
                continue;
            }

            if (Prepare(request, detail).Failed(out var found, out var refused))
            {
                Skip(refused.Reason ?? refused.Message);
                continue;
            }

            if (directory.Find(found.Target.Function)?.Route(found.Target.Qualifier, 0) is null)
            {
                Skip("its function, or the version asked for, is gone");
                continue;
            }

            var delay = batch.PerSecond is { } rate ? TimeSpan.FromSeconds(accepted / rate) : TimeSpan.Zero;
            accepted++;
            if (!batch.IsDryRun && (await AcceptAsync(
                found.Detail, found.Target, found.Payload, new ReplayMark(record.RequestId, job), delay, cancellation))
                .Failed(out _, out var full))
            {
                return full;
            }
        }

        return new ReplayPlan(job, records.Count, accepted, skipped);

        void Skip(string why) => skipped[why] = skipped.GetValueOrDefault(why) + 1;
    }

    /// <summary>The events of a job that have not ended.</summary>
    public IReadOnlyList<StoredEvent> Waiting(AccountId account, string job)
    {
        var waiting = new List<StoredEvent>();
        var after = "";
        while (true)
        {
            var page = events.List(account, null, null, after, PageSize);
            waiting.AddRange(page.Where(stored =>
                stored.State != EventState.Dead && ReplayMark.Parse(stored.Event.Source)?.Job == job));
            if (page.Count < PageSize)
            {
                return waiting;
            }

            after = page[^1].Event.Id;
        }
    }

    /// <summary>Cancels what of a job has not ended.</summary>
    /// <returns>How many events were cancelled.</returns>
    public async Task<int> CancelAsync(AccountId account, string job, CancellationToken cancellation)
    {
        var cancelled = 0;
        foreach (var stored in Waiting(account, job))
        {
            if ((await events.CancelAsync(account, stored.Event.Id, cancellation)).IsSuccess)
            {
                cancelled++;
            }
        }

        return cancelled;
    }

    private async Task<Result<Found>> FindAsync(ReplayRequest request) =>
        (await source.GetAsync(request.Account, request.RequestId)).Then(detail => Prepare(request, detail));

    private static Result<Found> Prepare(ReplayRequest request, CallDetail detail)
    {
        if (request.Event is null && ReplaySource.WhyNot(detail.Stored) is { } why)
        {
            return new Error(
                ErrorCode.ValidationFailed,
                $"The call {request.RequestId} cannot be repeated with its own event: {why}. Give it one: event.",
                "event",
                why);
        }

        var name = detail.Stored?.InvokedArn.Split(':') is { Length: > FunctionPart } parts
            ? (Function: parts[FunctionPart], Qualifier: parts.Length > QualifierPart ? parts[QualifierPart] : null)
            : (detail.Attempts[0].Function.Name, null);
        var function = new FunctionId(request.Account, name.Function);
        return new Found(
            detail,
            DeliveryTarget.OfFunction(function, request.Qualifier ?? name.Qualifier),
            request.Event ?? detail.Stored!.Input!.Value);
    }

    private async Task<Result<string>> AcceptAsync(
        CallDetail detail,
        DeliveryTarget target,
        ReadOnlyMemory<byte> payload,
        ReplayMark mark,
        TimeSpan delay,
        CancellationToken cancellation)
    {
        if (payload.Length > Limits.EventPayloadBytesMax)
        {
            return new Error(
                ErrorCode.RequestTooLarge,
                $"An event has at most {Limits.EventPayloadBytesMax} bytes; this one has {payload.Length}.",
                "event");
        }

        var now = time.GetUtcNow();
        var accepted = await inbox.AcceptAsync(
            new AsyncEvent
            {
                Id = newId(),
                Target = target,
                Payload = payload,
                ClientContext = detail.Stored?.ClientContext,
                Source = mark.ToString(),
                AcceptedAt = now,
                FirstDueAt = now + delay,
                DueAt = now + delay,

                // Repeated to see what happens now, not until it works.
                Policy = new EventPolicy { RetriesMax = 0 },
            },
            cancellation);
        return accepted.Select(acceptance => acceptance.EventId);
    }

    private static Error NoFunction(DeliveryTarget target) => new(
        ErrorCode.FunctionNotFound,
        $"Function not found: {target.Name}{(target.Qualifier is { } qualifier ? $":{qualifier}" : "")}",
        "version");

    private sealed record Found(CallDetail Detail, DeliveryTarget Target, ReadOnlyMemory<byte> Payload);
}

/// <summary>A call that was repeated.</summary>
internal sealed record Replayed(string RequestId, EnvironmentSpecification Specification, InvocationOutcome Outcome);
