namespace Lambent.Kernel.Traces;

/// <summary>A span in its place.</summary>
/// <param name="Span">As it was told, but with a start that is not before its parent's.</param>
/// <param name="Depth">0 for one without a parent here.</param>
/// <param name="IsClamped">Whether its clock was behind its parent's, and its start was moved.</param>
/// <param name="IsOrphan">Whether it has a parent that is not here.</param>
public sealed record PlacedSpan(TraceSpan Span, int Depth, bool IsClamped, bool IsOrphan);

/// <summary>A trace: spans before those that belong to them, siblings in the order of their times.</summary>
public sealed record TraceTree(IReadOnlyList<PlacedSpan> Spans)
{
    /// <summary>Deeper spans are shown as if they were this deep; more is a loop in disguise.</summary>
    private const int DepthMax = 200;

    public DateTimeOffset StartedAt => Spans.Count == 0 ? default : Spans.Min(placed => placed.Span.StartedAt);

    public DateTimeOffset EndedAt => Spans.Count == 0 ? default : Spans.Max(placed => placed.Span.EndedAt);

    /// <summary>
    /// Puts spans in order. Of several with one id the one that has ended counts. A span that says of itself to belong
    /// to what belongs to it stands at the top.
    /// </summary>
    public static TraceTree Of(IEnumerable<TraceSpan> spans)
    {
        var byId = new Dictionary<ulong, TraceSpan>();
        foreach (var span in spans)
        {
            if (!byId.TryGetValue(span.Span, out var known) || (known.IsOpen && !span.IsOpen))
            {
                byId[span.Span] = span;
            }
        }

        var children = byId.Values
            .Where(span => span.Parent.Span != span.Span && byId.ContainsKey(span.Parent.Span))
            .ToLookup(span => span.Parent.Span);
        var placed = new List<PlacedSpan>(byId.Count);
        var seen = new HashSet<ulong>();
        foreach (var top in InOrder(byId.Values.Where(span => !byId.ContainsKey(span.Parent.Span))))
        {
            Add(top, 0, DateTimeOffset.MinValue);
        }

        // What is left goes round in circles.
        foreach (var left in InOrder(byId.Values.Where(span => !seen.Contains(span.Span)).ToList()))
        {
            Add(left, 0, DateTimeOffset.MinValue);
        }

        return new TraceTree(placed);

        void Add(TraceSpan first, int depth, DateTimeOffset notBefore)
        {
            var waiting = new Stack<(TraceSpan Span, int Depth, DateTimeOffset NotBefore)>();
            waiting.Push((first, depth, notBefore));
            while (waiting.TryPop(out var next))
            {
                if (!seen.Add(next.Span.Span))
                {
                    continue;
                }

                var span = Clamp(next.Span, next.NotBefore, out var isClamped);
                var isOrphan = next.Depth == 0 && span.Parent.Span != 0;
                placed.Add(new PlacedSpan(span, Math.Min(next.Depth, DepthMax), isClamped, isOrphan));
                foreach (var child in InOrder(children[span.Span]).Reverse())
                {
                    waiting.Push((child, next.Depth + 1, span.StartedAt));
                }
            }
        }
    }

    /// <summary>The end stays where it was, unless the start passes it.</summary>
    private static TraceSpan Clamp(TraceSpan span, DateTimeOffset notBefore, out bool isClamped)
    {
        isClamped = span.StartedAt < notBefore;
        return isClamped
            ? span with
            {
                StartedAt = notBefore,
                Duration = span.EndedAt > notBefore ? span.EndedAt - notBefore : TimeSpan.Zero,
            }
            : span;
    }

    private static IOrderedEnumerable<TraceSpan> InOrder(IEnumerable<TraceSpan> spans) =>
        spans.OrderBy(span => span.StartedAt).ThenBy(span => span.Origin).ThenBy(span => span.Span);
}
