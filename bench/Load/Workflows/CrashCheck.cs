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
        List<Kernel.Workflows.Journal.JournalEvent> journal,
        int cut)
    {
        var again = new MachineRun(machine, journal[..cut]).ToEnd();
        var where = $"{machine.Name}, ended after event {cut}, {journal[cut - 1].Type}";
        if (again.Outcome != whole.Outcome)
        {
            return $"{where}: {again.Outcome} instead of {whole.Outcome}";
        }

        var happened = string.Join('\n', again.History.Order(StringComparer.Ordinal));
        var expected = string.Join('\n', whole.History.Order(StringComparer.Ordinal));
        return happened == expected ? null : $"{where}: the history is\n{happened}\ninstead of\n{expected}";
    }
}
