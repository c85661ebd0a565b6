using Lambent.Kernel;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Mappings;
using Lambent.Server.Queues;

namespace Lambent.Server.Mappings;

/// <summary>What became of a batch.</summary>
internal enum BatchResult
{
    Succeeded,

    /// <summary>Some or all of its messages failed and come again.</summary>
    Failed,

    /// <summary>It succeeded, but the platform had no room for it at first.</summary>
    Refused,

    /// <summary>Nothing of it was tried: the server stops, or the mapping does.</summary>
    Returned,
}

/// <summary>
/// Calls the function with a batch and settles its messages by the outcome: what was handled is deleted, what failed
/// stays hidden until its visibility timeout, as on AWS.
/// </summary>
internal sealed class BatchDelivery(MappingServices services, FailureRecords records)
{
    private const string Source = "queue";
    private static readonly TimeSpan RefusedDelayFirst = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RefusedDelayMax = TimeSpan.FromSeconds(5);
    private long filtered;

    /// <summary>Why the platform has no room for a call that waits for some, or null.</summary>
    public string? RefusedBecause { get; private set; }

    /// <summary>Messages that no filter let pass.</summary>
    public long FilteredCount => Interlocked.Read(ref filtered);

    /// <param name="plan">The mapping as it was when the messages were received.</param>
    /// <param name="messages">In order.</param>
    /// <param name="handled">Gets the receipt handles of what was handled, for the caller to delete.</param>
    /// <param name="stop">Cancelled when what was not tried yet is to be given back.</param>
    public async Task<BatchResult> DeliverAsync(
        PollPlan plan, IReadOnlyList<ReceivedMessage> messages, List<string> handled, CancellationToken stop)
    {
        var wanted = await DropFilteredAsync(plan, messages);
        var failedGroups = new HashSet<string>(StringComparer.Ordinal);
        var result = BatchResult.Succeeded;
        foreach (var part in Split(plan, wanted))
        {
            // A group that failed in an earlier part comes again from there: its next messages wait for that.
            var tried = part
                .Where(entry => entry.Message.State.GroupId is not { } group || !failedGroups.Contains(group))
                .ToList();
            if (tried.Count == 0)
            {
                continue;
            }

            // What was handled before goes before the next call: it may take long.
            await DeleteAsync(plan, handled);
            var partResult = await DeliverPartAsync(plan, tried, failedGroups, handled, stop);
            result = partResult > result ? partResult : result;
        }

        return result;
    }

    /// <summary>Makes messages visible at once, for whoever receives next.</summary>
    public Task ReturnAsync(PollPlan plan, IEnumerable<ReceivedMessage> messages) => services.Settler
        .ChangeVisibilityAsync(
            plan.Mapping.Queue,
            [.. messages.Select(message => (message.ReceiptHandle, 0))],
            CancellationToken.None);

    /// <summary>Deletes messages and forgets their handles.</summary>
    public async Task DeleteAsync(PollPlan plan, List<string> receiptHandles)
    {
        if (receiptHandles.Count > 0)
        {
            await services.Settler.DeleteAsync(plan.Mapping.Queue, receiptHandles, CancellationToken.None);
            receiptHandles.Clear();
        }
    }

    private async Task<IReadOnlyList<ReceivedMessage>> DropFilteredAsync(
        PollPlan plan, IReadOnlyList<ReceivedMessage> messages)
    {
        var arn = plan.Mapping.Queue.Arn(services.Region);
        var dropped = messages.Where(message => !plan.Filter.Passes(message, arn, services.Region)).ToHashSet();
        if (dropped.Count == 0)
        {
            return messages;
        }

        Interlocked.Add(ref filtered, dropped.Count);
        await DeleteAsync(plan, [.. dropped.Select(message => message.ReceiptHandle)]);
        return [.. messages.Where(message => !dropped.Contains(message))];
    }

    /// <summary>Parts of the batch that fit into an event.</summary>
    private IEnumerable<List<Entry>> Split(PollPlan plan, IReadOnlyList<ReceivedMessage> messages)
    {
        var arn = plan.Mapping.Queue.Arn(services.Region);
        var part = new List<Entry>();
        var bytes = MessageRecords.EnvelopeBytes;
        foreach (var message in messages)
        {
            var entry = new Entry(message, MessageRecords.Write(message, arn, services.Region));
            if (part.Count > 0 && bytes + entry.Record.Length + 1 > Limits.RequestPayloadBytesMax)
            {
                yield return part;
                part = [];
                bytes = MessageRecords.EnvelopeBytes;
            }

            part.Add(entry);
            bytes += entry.Record.Length + 1;
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    private async Task<BatchResult> DeliverPartAsync(
        PollPlan plan, List<Entry> part, HashSet<string> failedGroups, List<string> handled, CancellationToken stop)
    {
        var call = await CallAsync(plan, part, stop);
        if (call.WasReturned)
        {
            return BatchResult.Returned;
        }

        string[] ids = [.. call.Tried.Select(entry => entry.Message.Content.Id)];
        var failed = call.Failed;
        if (plan.Queue.IsFifo)
        {
            failed = BatchAnswer.WithFollowers(failed, [.. call.Tried.Select(entry => entry.Message.State.GroupId)]);
        }

        handled.AddRange(
            call.Tried.Where((_, index) => !failed.Contains(index)).Select(entry => entry.Message.ReceiptHandle));
        var again = call.Tried.Where((_, index) => failed.Contains(index)).ToList();
        failedGroups.UnionWith(again.Select(entry => entry.Message.State.GroupId).OfType<string>());
        await records.WriteAsync(plan, [.. again.Select(entry => (entry.Message, entry.Record))], call.Function);
        return again.Count > 0 ? BatchResult.Failed
            : call.WasRefused ? BatchResult.Refused
            : BatchResult.Succeeded;
    }

    /// <summary>
    /// Calls until the call was not refused for want of room. The messages are held meanwhile, hidden anew as needed: a
    /// refusal costs none of their receives.
    /// </summary>
    private async Task<Call> CallAsync(PollPlan plan, List<Entry> part, CancellationToken stop)
    {
        var mustHide = plan.Settings.WindowSeconds > 0;
        var delay = RefusedDelayFirst;
        for (var refusals = 0; ; refusals++)
        {
            if (mustHide)
            {
                part = await HideAsync(plan, part);
            }

            if (part.Count == 0 || stop.IsCancellationRequested)
            {
                await ReturnAsync(plan, part.Select(entry => entry.Message));
                return new Call { Tried = [], WasReturned = true };
            }

            var called = await CallOnceAsync(plan, part);
            RefusedBecause = called.Refusal?.Message;
            if (called is { Refusal: null })
            {
                return called with { WasRefused = refusals > 0 };
            }

            if (called.Refusal is { Code: ErrorCode.Draining })
            {
                await ReturnAsync(plan, part.Select(entry => entry.Message));
                return new Call { Tried = [], WasReturned = true };
            }

            await Task.Delay(delay, services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 > RefusedDelayMax ? RefusedDelayMax : delay * 2;
            mustHide = true;
        }
    }

    private async Task<Call> CallOnceAsync(PollPlan plan, List<Entry> part)
    {
        string[] ids = [.. part.Select(entry => entry.Message.Content.Id)];
        var function = services.Directory.Find(plan.Mapping.Function);
        var specification = function?.Route(plan.Mapping.Qualifier, Random.Shared.NextDouble());
        if (function is null || specification is null)
        {
            return new Call { Tried = part, Failed = BatchAnswer.All(ids) };
        }

        var requestId = services.NewId();
        var first = part[0].Message.State;
        var (trace, waits) = services.Traces?.Begin(
            plan.Mapping.Queue, part.Select(entry => entry.Message), requestId) ?? (default, []);
        var invocation = new Invocation
        {
            RequestId = requestId,
            InvokedArn = plan.Mapping.Qualifier is { } qualifier ? $"{function.Arn}:{qualifier}" : function.Arn,
            Payload = MessageRecords.Join([.. part.Select(entry => entry.Record)]),
            Trace = trace,
            CameFrom = plan.Mapping.Queue.Name,
            Queued = first.ReceiveCount == 1 ? services.Time.GetUtcNow() - first.SentAt : TimeSpan.Zero,
        };
        var called = new FailedCall(requestId, invocation.InvokedArn, specification.Version, HasAnswered: false);
        var result = await services.Dispatcher.InvokeAsync(function, specification, invocation, Source);
        if (result.Failed(out var outcome, out var refused))
        {
            return new Call
            {
                Tried = part,
                Failed = BatchAnswer.All(ids),
                Function = called,
                Refusal = IsForWantOfRoom(refused) ? refused : null,
            };
        }

        services.Traces?.Keep(waits);
        using (outcome)
        {
            var failed = !outcome.IsSuccess ? BatchAnswer.All(ids)
                : plan.Settings.ReportsItemFailures ? BatchAnswer.Failed(outcome.Payload, ids)
                : BatchAnswer.None;
            return new Call
            {
                Tried = part, Failed = failed, Function = called with { HasAnswered = outcome.IsSuccess },
            };
        }
    }

    /// <summary>Leaves out what is not this receiver's any more.</summary>
    private async Task<List<Entry>> HideAsync(PollPlan plan, List<Entry> part)
    {
        var hidden = await services.Settler.ChangeVisibilityAsync(
            plan.Mapping.Queue,
            [.. part.Select(entry => (entry.Message.ReceiptHandle, plan.VisibilitySeconds))],
            CancellationToken.None);
        return hidden.Failed(out var results, out _)
            ? []
            : [.. part.Where((_, index) => results[index] is null)];
    }

    private static bool IsForWantOfRoom(Error error) => error.Code is ErrorCode.FunctionConcurrencyExceeded
        or ErrorCode.AccountConcurrencyExceeded or ErrorCode.InvocationRateExceeded or ErrorCode.LimitExceeded
        or ErrorCode.Draining;

    private sealed record Entry(ReceivedMessage Message, byte[] Record);

    private sealed record Call
    {
        public required List<Entry> Tried { get; init; }

        public IReadOnlySet<int> Failed { get; init; } = BatchAnswer.None;

        public FailedCall? Function { get; init; }

        public Error? Refusal { get; init; }

        public bool WasRefused { get; init; }

        public bool WasReturned { get; init; }
    }
}
