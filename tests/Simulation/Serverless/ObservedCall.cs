namespace Lambent.Simulation.Serverless;

/// <summary>A call as the function itself saw it, and said in what it returned.</summary>
/// <param name="Request">The request.</param>
/// <param name="Function">The function.</param>
/// <param name="Instance">A name that the instance gave itself.</param>
/// <param name="Revision">Which code the instance runs.</param>
/// <param name="EarlierCalls">Calls that the instance's global state had counted before.</param>
/// <param name="BegunAt">When its code began, by the machine's clock.</param>
/// <param name="EndedAt">When it was about to return.</param>
/// <param name="Value">What it returned.</param>
internal sealed record ObservedCall(
    string Request,
    string Function,
    string Instance,
    string Revision,
    int EarlierCalls,
    double BegunAt,
    double EndedAt,
    string Value);

/// <summary>
/// The trace that a real server leaves, made of what its clients were told, of the outcomes that it wrote down, and of
/// what functions saw of themselves. What an instance did that was killed with its server is in no outcome; it was the
/// last thing that it did.
/// </summary>
internal static class ObservedTrace
{
    /// <summary>The steps, in the order of their times.</summary>
    /// <param name="accepted">Requests that the server acknowledged, or that have an outcome.</param>
    /// <param name="function">Whose.</param>
    /// <param name="outcomes">What the server wrote down: an outcome of a request that ended well.</param>
    public static IReadOnlyList<TraceStep> From(
        IEnumerable<string> accepted, string function, IReadOnlyCollection<ObservedCall> outcomes)
    {
        var steps = new List<(double At, int Order, TraceStep Step)>();
        steps.AddRange(accepted.Select(request =>
            (double.MinValue, 0, (TraceStep)new TraceStep.Accept(request, function))));

        // One attempt can be told only once by the instance that made it; that it is told twice is another response.
        foreach (var call in outcomes.DistinctBy(call => (call.Instance, call.Request, call.BegunAt)))
        {
            var kind = new InstanceKind("000000000000", call.Function, call.Revision);
            steps.Add((
                call.BegunAt, 2, new TraceStep.Assign(call.Request, call.Instance, kind, call.EarlierCalls == 0)));
            steps.Add((
                call.EndedAt,
                0,
                new TraceStep.Finish(call.Instance, call.Request, call.Value, call.EarlierCalls)));
        }

        steps.AddRange(outcomes.Select(call => (
            call.EndedAt, 1, (TraceStep)new TraceStep.Respond(call.Request, call.Value))));
        return [.. steps.OrderBy(step => step.At).ThenBy(step => step.Order).Select(step => step.Step)];
    }
}
