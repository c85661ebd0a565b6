using System.Runtime.InteropServices;

namespace Lambent.Simulation.Serverless;

/// <summary>
/// Whether a trace is a path of the rules of λ-serverless. It keeps the components that the steps leave: requests that
/// have no response yet, instances with their modes, responses. Two things are looser than in the paper, because a
/// platform has a disk between instance and caller: an instance is idle as soon as it returned, and the response, which
/// must be what some instance returned, may come later.
/// </summary>
/// <remarks>
/// P1 a response was returned by an instance that ran the request. P2 a request has one response. P3 an instance runs
/// one request at a time, or as many as it says. P4 a warm instance is idle, and of the same function, version and
/// account. P5 an instance that died stays dead. P6 every request gets its response (<see cref="CheckEnd"/>). P7 the
/// state an instance shows comes from its own earlier requests. P8 a request is attempted no more often than it may be.
/// </remarks>
/// <param name="concurrency">Requests that an instance may run at a time.</param>
internal sealed class TraceChecker(int concurrency = 1)
{
    private readonly Dictionary<string, Request> requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Instance> instances = new(StringComparer.Ordinal);

    /// <summary>The rules that were broken, each with what broke it.</summary>
    public List<string> Broken { get; } = [];

    public IReadOnlyDictionary<string, string> Responses => requests
        .Where(request => request.Value.Response is not null)
        .ToDictionary(request => request.Key, request => request.Value.Response!, StringComparer.Ordinal);

    public void Check(TraceStep step)
    {
        switch (step)
        {
            case TraceStep.Accept accept:
                if (!requests.TryAdd(accept.Request, new Request(accept.Function)))
                {
                    Broken.Add($"Req: {accept.Request} is not fresh");
                }

                break;
            case TraceStep.Assign assign:
                Assign(assign);
                break;
            case TraceStep.Finish finish:
                Finish(finish);
                break;
            case TraceStep.Respond respond:
                Respond(respond);
                break;
            case TraceStep.Die die:
                Of(die.Instance).IsDead = true;
                break;
        }
    }

    /// <summary>P6 and P8, after everything came to its end.</summary>
    /// <param name="attemptsMax">
    /// Times that a request may be attempted: its policy's, and one for each time the platform lost it.
    /// </param>
    public void CheckEnd(Func<string, int> attemptsMax)
    {
        foreach (var (name, request) in requests)
        {
            if (request.Response is null)
            {
                Broken.Add($"P6: {name} has no response");
            }

            if (request.Attempts > attemptsMax(name))
            {
                Broken.Add($"P8: {name} was attempted {request.Attempts} times, at most {attemptsMax(name)}");
            }
        }
    }

    private void Assign(TraceStep.Assign assign)
    {
        if (requests.TryGetValue(assign.Request, out var request))
        {
            request.Attempts++;
            if (request.Function != assign.Kind.Function)
            {
                Broken.Add($"P4: {assign.Request} is for {request.Function}, and went to {assign.Kind.Function}");
            }
        }
        else
        {
            Broken.Add($"Cold: {assign.Request} was never accepted");
        }

        var isKnown = instances.ContainsKey(assign.Instance);
        var instance = Of(assign.Instance);
        if (assign.IsCold)
        {
            instance.Kind = assign.Kind;
            if (isKnown)
            {
                Broken.Add($"P5: {assign.Instance} was made twice");
            }
        }
        else
        {
            CheckWarm(assign, instance, isKnown);
        }

        instance.Running.Add(assign.Request);
        instance.Calls++;
        if (instance.Running.Count > concurrency)
        {
            Broken.Add($"P3: {assign.Instance} runs {instance.Running.Count} requests");
        }
    }

    private void CheckWarm(TraceStep.Assign assign, Instance instance, bool isKnown)
    {
        if (!isKnown)
        {
            Broken.Add($"P4: {assign.Instance} is warm, and was never made");
        }
        else if (instance.IsDead)
        {
            Broken.Add($"P5: {assign.Instance} is dead, and got {assign.Request}");
        }
        else if (instance.Kind != assign.Kind)
        {
            Broken.Add($"P4: {assign.Request} needs {assign.Kind}, and got {instance.Kind}");
        }
    }

    private void Finish(TraceStep.Finish finish)
    {
        var instance = Of(finish.Instance);
        if (instance.IsDead)
        {
            Broken.Add($"P5: {finish.Instance} is dead, and returned {finish.Request}");
        }

        if (!instance.Running.Remove(finish.Request))
        {
            Broken.Add($"P1: {finish.Instance} returned {finish.Request}, which it did not run");
        }
        else if (requests.TryGetValue(finish.Request, out var request))
        {
            request.Returned.Add(finish.Value);
        }

        if (finish.EarlierCalls is { } earlier && earlier != instance.Calls - 1)
        {
            Broken.Add(
                $"P7: {finish.Request} saw {earlier} earlier requests on {finish.Instance}, which had "
                + $"{instance.Calls - 1}");
        }
    }

    private void Respond(TraceStep.Respond respond)
    {
        if (!requests.TryGetValue(respond.Request, out var request))
        {
            Broken.Add($"P1: {respond.Request} has a response, and was never accepted");
            return;
        }

        if (request.Response is not null)
        {
            Broken.Add($"P2: {respond.Request} has two responses");
        }

        if (!request.Returned.Contains(respond.Value))
        {
            Broken.Add($"P1: {respond.Request} has the response {respond.Value}, which no instance returned");
        }

        request.Response = respond.Value;
    }

    private Instance Of(string name) =>
        CollectionsMarshal.GetValueRefOrAddDefault(instances, name, out _) ??= new Instance();

    private sealed class Request(string function)
    {
        public string Function => function;

        public int Attempts { get; set; }

        public HashSet<string> Returned { get; } = new(StringComparer.Ordinal);

        public string? Response { get; set; }
    }

    private sealed class Instance
    {
        public InstanceKind Kind { get; set; }

        public bool IsDead { get; set; }

        public HashSet<string> Running { get; } = new(StringComparer.Ordinal);

        /// <summary>Requests it was given, this one included.</summary>
        public int Calls { get; set; }
    }
}
