using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Traces;

namespace Lambent.Server.Traces;

/// <summary>Requests to programs outside: the header they carry, and the span that is kept of each.</summary>
internal sealed class RequestTraces(CallTraces traces, ISpanSink sink, TimeProvider time)
{
    /// <summary>Begins a request.</summary>
    /// <param name="header">What the request's cause was stored with, or null.</param>
    /// <param name="id">Of the cause, with which a trace begins when there is none.</param>
    public RequestSpan Begin(string? header, string id) =>
        new(traces.Begin(XRayHeader.Parse(header), id), time.GetUtcNow());

    /// <summary>Keeps what came of it.</summary>
    /// <param name="request">What <see cref="Begin"/> gave.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="owner">What made it, such as push:NAME.</param>
    /// <param name="url">Where to; its query is left out, because secrets stand there.</param>
    /// <param name="status">Of the answer, or null.</param>
    /// <param name="problem">Why it failed, or null.</param>
    public void End(
        RequestSpan request, AccountId account, string owner, string url, int? status, string? problem)
    {
        var target = Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed : null;
        sink.Add(new TraceSpan
        {
            Owner = new FunctionId(account, TraceSpan.OtherOwner + owner),
            Parent = request.Trace.Parent,
            Span = request.Trace.Span,
            Name = "POST",
            StartedAt = request.StartedAt,
            Duration = time.GetUtcNow() - request.StartedAt is { Ticks: > 0 } took ? took : TimeSpan.Zero,
            Origin = SpanOrigin.Request,
            Kind = SpanKind.Client,
            Status = problem is null ? SpanStatus.Unset : SpanStatus.Error,
            Detail = SpanDetail.Of(
                problem,
                ("http.request.method", "POST"),
                ("server.address", target?.Host),
                ("server.port", target?.Port),
                ("url.full", target?.GetLeftPart(UriPartial.Path)),
                ("http.response.status_code", status)),
        });
    }
}

/// <param name="Trace">The request's place.</param>
/// <param name="StartedAt">When it began.</param>
internal readonly record struct RequestSpan(CallTrace Trace, DateTimeOffset StartedAt)
{
    public KeyValuePair<string, string> Header =>
        KeyValuePair.Create(TraceParent.Header, TraceParent.Format(Trace.Passed));
}
