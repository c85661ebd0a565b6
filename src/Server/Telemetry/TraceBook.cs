using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Server.Workflows;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry;

/// <summary>A trace as one looks at it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tree">Its spans in their places.</param>
/// <param name="Calls">Records of the calls among them, by their spans.</param>
/// <param name="Linked">Spans of other traces with a link to this one.</param>
/// <param name="IsCut">Whether there is more.</param>
internal sealed record WholeTrace(
    TraceId Id,
    TraceTree Tree,
    IReadOnlyDictionary<ulong, InvocationRecord> Calls,
    IReadOnlyList<TraceSpan> Linked,
    bool IsCut);

/// <summary>A trace in a list.</summary>
internal sealed record TraceSummary(
    TraceId Id,
    string Name,
    string RequestId,
    DateTimeOffset StartedAt,
    TimeSpan Duration,
    int CallCount,
    bool HasFailed)
{
    public required IReadOnlyList<string> Functions { get; init; }
}

/// <summary>A part of a list of traces.</summary>
/// <param name="NextToken">Names the next page, which may bring more even when this one is short; null on the last.
/// </param>
/// <param name="LookedBackTo">When the last call began that was looked at; null when there was none.</param>
internal sealed record TraceList(
    IReadOnlyList<TraceSummary> Items, string? NextToken, DateTimeOffset? LookedBackTo);

/// <summary>Which traces are wanted.</summary>
internal sealed record TraceQuery(TelemetryQuery Calls, TimeSpan DurationMin, bool FailuresOnly);

/// <summary>
/// Puts traces together out of what is stored anyway: records of calls, journals of executions, and the spans that
/// nothing else tells.
/// </summary>
internal sealed class TraceBook(
    TelemetryStore store, ExecutionService executions, ExecutionViews views, string region, TimeProvider time)
{
    private const int CallsPerStep = 500;

    /// <summary>Traces that are put together in one look at the store.</summary>
    private const int TracesPerLook = 50;

    /// <summary>Calls behind one answer: what is rare is looked for page by page, by whoever wants it.</summary>
    private const int CallsLookedAtMax = 2_000;

    /// <summary>The trace that a person names: its id in either form, a request's id, or an execution's ARN.</summary>
    public TraceId? Resolve(AccountId account, string text)
    {
        if (TraceId.TryParse(text, out var trace) || XRayHeader.TryParseRoot(text, out trace))
        {
            return trace;
        }

        if (XRayHeader.TryParse(text, out var context))
        {
            return context.Trace;
        }

        if (ExecutionId.FromArn(text, region) is { } execution)
        {
            return execution.Account == account && executions.Find(execution) is { } record
                && ExecutionTrace.Of(record) is { IsNone: false } own
                    ? own.Parent.Trace
                    : null;
        }

        var calls = store.Traces.CallsOf(account, text);
        return calls.Count > 0 && !calls[0].Trace.Parent.Trace.IsNone ? calls[0].Trace.Parent.Trace : null;
    }

    /// <summary>Null when nothing of it is known to the account.</summary>
    public WholeTrace? Find(AccountId account, TraceId id)
    {
        var stored = store.Traces.Read(account, id);
        if (stored.Calls.Count == 0 && stored.Spans.Count == 0)
        {
            return null;
        }

        var calls = new Dictionary<ulong, InvocationRecord>();
        var spans = new List<TraceSpan>();
        foreach (var call in stored.Calls)
        {
            calls[call.Trace.Span] = call;
            spans.Add(CallSpans.Of(call));
            spans.AddRange(CallSpans.PhasesOf(call));
        }

        var own = stored.Spans.Where(span => span.Parent.Trace == id).ToList();
        spans.AddRange(own.Where(span => span.Origin != SpanOrigin.Execution));
        foreach (var execution in own.Where(span => span.Origin == SpanOrigin.Execution)
            .GroupBy(span => span.Span).Select(rows => rows.MinBy(row => row.IsOpen)!))
        {
            spans.AddRange(OfExecution(execution));
        }

        return new WholeTrace(
            id,
            TraceTree.Of(spans),
            calls,
            [.. stored.Spans.Where(span => span.Parent.Trace != id)],
            stored.IsCut);
    }

    /// <summary>An execution and its states, as its journal tells; only itself where there is none any more.</summary>
    public IEnumerable<TraceSpan> OfExecution(TraceSpan execution)
    {
        if (ExecutionId.FromArn(execution.Name, region) is not { } id
            || executions.Find(id) is not { } record
            || SpanIds.OfExecution(record.Key) != execution.Span
            || views.TimelineOf(record).Failed(out var timeline, out _))
        {
            return [execution];
        }

        var now = time.GetUtcNow();
        var end = record.StoppedAt ?? now;
        return
        [
            ExecutionSpans.Of(record, region, end - record.StartedAt, record.StoppedAt is null) ?? execution,
            .. ExecutionStates.Of(record, timeline, now, Limits.TraceSpansMax),
        ];
    }

    /// <summary>
    /// Traces by the newest call in each that is asked for: of one function or all, failed or not.
    /// </summary>
    public Result<TraceList> List(TraceQuery query)
    {
        var (found, looked, token) = (new List<TraceSummary>(), 0, query.Calls.PageToken);
        var lookedBackTo = default(DateTimeOffset?);
        var seen = new HashSet<TraceId>();
        do
        {
            // One at a time would be a statement for each; what is read too much is read again by the next page.
            var step = query.Calls with { Limit = Math.Min(CallsPerStep, query.Calls.Limit * 2), PageToken = token };
            if (store.ListInvocations(step).Failed(out var page, out var failure))
            {
                return failure;
            }

            foreach (var calls in page.Items.Chunk(TracesPerLook))
            {
                var stored = store.Traces.ReadOwn(
                    query.Calls.Account,
                    [.. calls.Select(call => call.Trace.Parent.Trace).Where(id => !id.IsNone && seen.Add(id))]);
                foreach (var call in calls)
                {
                    (looked, lookedBackTo) = (looked + 1, call.StartedAt);
                    var id = call.Trace.Parent.Trace;
                    if (!stored.Remove(id, out var trace) || Summarize(query, call, id, trace) is not { } summary)
                    {
                        continue;
                    }

                    found.Add(summary);
                    if (found.Count == query.Calls.Limit)
                    {
                        return new TraceList(found, TokenAfter(step, page, call), lookedBackTo);
                    }
                }
            }

            token = page.NextToken;
        }
        while (token is not null && looked < CallsLookedAtMax);
        return new TraceList(found, token, lookedBackTo);
    }

    private string? TokenAfter(TelemetryQuery step, TelemetryPage<InvocationRecord> page, InvocationRecord last)
    {
        var count = page.Items.ToList().IndexOf(last) + 1;
        return count == page.Items.Count
            ? page.NextToken
            : store.ListInvocations(step with { Limit = count }).Value.NextToken;
    }

    private static TraceSummary? Summarize(TraceQuery query, InvocationRecord call, TraceId id, StoredTrace stored)
    {
        var isOfFunction = query.Calls.Function is not null;
        var newest = stored.Calls
            .Where(other => !isOfFunction || other.Function.Name == query.Calls.Function)
            .Where(other => !query.Calls.FailuresOnly || other.Outcome != OutcomeKind.Success)
            .MaxBy(other => other.StartedAt);
        if (newest is null || newest.StartedAt > call.StartedAt)
        {
            // It stands where its newest call does.
            return null;
        }

        var spans = stored.Calls.Select(CallSpans.Of)
            .Concat(stored.Spans.Where(span => span.Parent.Trace == id)).ToList();
        var (from, to) = (spans.Min(span => span.StartedAt), spans.Max(span => span.EndedAt));
        var first = stored.Calls.MinBy(other => other.StartedAt)!;
        var hasFailed = spans.Exists(span => span.Status == SpanStatus.Error);
        return to - from < query.DurationMin || (query.FailuresOnly && !hasFailed) ? null : new TraceSummary(
            id, first.Function.Name, first.RequestId, from, to - from, stored.Calls.Count, hasFailed)
        {
            Functions = [.. stored.Calls.Select(other => other.Function.Name).Distinct().Order(StringComparer.Ordinal)],
        };
    }
}
