namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>
/// The ways from state to state. What is said comes in AWS's order: targets that are not there first, then that nothing
/// ends, and only when something does, states that nothing leads to.
/// </summary>
internal static class GraphRules
{
    public static void Check(StateGraph graph, string location, DefinitionProblems problems)
    {
        var prefix = location == "/" ? string.Empty : location;
        CheckTarget(graph, graph.StartAt, $"{prefix}/StartAt", problems);
        foreach (var (name, state) in graph.States)
        {
            foreach (var (target, place) in Targets(state))
            {
                CheckTarget(graph, target, $"{prefix}/States/{name}/{place}", problems);
            }
        }

        if (!graph.States.Values.Any(IsTerminal))
        {
            problems.Add("MISSING_END_STATE", "Workflow has no terminal state", prefix);
            return;
        }

        var reachable = Reachable(graph);
        foreach (var name in graph.States.Keys.Where(name => !reachable.Contains(name)))
        {
            problems.Add("MISSING_TRANSITION_TARGET", $"State \"{name}\" is not reachable.", $"{prefix}/States/{name}");
        }
    }

    private static void CheckTarget(StateGraph graph, string target, string location, DefinitionProblems problems)
    {
        if (!graph.States.ContainsKey(target))
        {
            problems.Add("MISSING_TRANSITION_TARGET", $"Missing 'Next' target: {target}", location);
        }
    }

    private static bool IsTerminal(State state) =>
        state is SucceedState or FailState || (state is not ChoiceState && state.Next is null);

    private static HashSet<string> Reachable(StateGraph graph)
    {
        var reachable = new HashSet<string>();
        var waiting = new Stack<string>([graph.StartAt]);
        while (waiting.TryPop(out var name))
        {
            if (!graph.States.TryGetValue(name, out var state) || !reachable.Add(name))
            {
                continue;
            }

            foreach (var (target, _) in Targets(state))
            {
                waiting.Push(target);
            }
        }

        return reachable;
    }

    private static IEnumerable<(string Target, string Place)> Targets(State state)
    {
        if (state.Next is { } next)
        {
            yield return (next, "Next");
        }

        if (state is ChoiceState choice)
        {
            foreach (var (index, rule) in choice.Choices.Index())
            {
                yield return (rule.Next, $"Choices[{index}]/Next");
            }

            if (choice.Default is { } otherwise)
            {
                yield return (otherwise, "Default");
            }
        }

        if (state is WorkingState working)
        {
            foreach (var (index, catcher) in working.Catch.Index())
            {
                yield return (catcher.Next, $"Catch[{index}]/Next");
            }
        }
    }
}
