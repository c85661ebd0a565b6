using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Load.Workflows;

/// <summary>
/// Ends a run after an event and goes on from its journal: what comes of it must be what came of the run that nothing
/// ended, and nothing that was recorded may happen again.
/// </summary>
internal static class CrashCheck
{
    /// <summary>After every event.</summary>
    /// <returns>What was wrong, or null.</returns>
    public static string? Everywhere(ScriptedMachine machine)
    {
        var whole = new MachineRun(machine).ToEnd();
        for (var cut = 1; cut < whole.Journal.Count; cut++)
        {
            if (After(machine, whole, cut) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>After one event, and then after another one of what followed.</summary>
    public static string? Twice(ScriptedMachine machine, Random chance)
    {
        var whole = new MachineRun(machine).ToEnd();
        if (whole.Journal.Count < 2)
        {
            return null;
        }

        var first = chance.Next(1, whole.Journal.Count);
        if (After(machine, whole, first) is { } wrong)
        {
            return wrong;
        }

        var again = new MachineRun(machine, whole.Journal[..first]).ToEnd();
        var second = chance.Next(first, again.Journal.Count);
        return Compare(machine, whole, again.Journal, second);
    }

    private static string? After(ScriptedMachine machine, MachineRun whole, int cut) =>
        Compare(machine, whole, whole.Journal, cut);

    private static string? Compare(
        ScriptedMachine machine,
        MachineRun whole,
        List<JournalEvent> journal,
        int cut)
    {
        var again = new MachineRun(machine, journal[..cut]).ToEnd();
        var where = $"{machine.Name}, ended after event {cut}, {journal[cut - 1].Type}";
        if (RepeatedResult(again) is { } repeated)
        {
            return $"{where}: {repeated}";
        }

        if (machine.HasRaces)
        {
            return null;
        }

        if (again.Outcome != whole.Outcome)
        {
            return $"{where}: {again.Outcome} instead of {whole.Outcome}";
        }

        var happened = string.Join('\n', again.History.Order(StringComparer.Ordinal));
        var expected = string.Join('\n', whole.History.Order(StringComparer.Ordinal));
        return happened == expected ? null : $"{where}: the history is\n{happened}\ninstead of\n{expected}";
    }

    /// <summary>A task whose result was recorded must not have another one.</summary>
    private static string? RepeatedResult(MachineRun run)
    {
        var open = new HashSet<int>();
        foreach (var happened in run.Journal)
        {
            var isScheduled = happened.Type is JournalEventType.TaskScheduled
                or JournalEventType.LambdaFunctionScheduled or JournalEventType.ActivityScheduled;
            var isEnded = happened.Type is JournalEventType.TaskSucceeded or JournalEventType.TaskFailed
                or JournalEventType.LambdaFunctionSucceeded or JournalEventType.LambdaFunctionFailed
                or JournalEventType.ActivitySucceeded or JournalEventType.ActivityFailed;
            if ((isScheduled && !open.Add(happened.Branch)) || (isEnded && !open.Remove(happened.Branch)))
            {
                return $"event {happened.Sequence}, {happened.Type}, does not follow";
            }

            if (happened.Type is JournalEventType.TaskTimedOut or JournalEventType.LambdaFunctionTimedOut
                or JournalEventType.ActivityTimedOut)
            {
                open.Remove(happened.Branch);
            }
        }

        return null;
    }
}
