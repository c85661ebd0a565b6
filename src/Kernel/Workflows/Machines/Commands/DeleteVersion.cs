namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Forgets a version. One that is not there is gone already; one that an alias leads to stays.</summary>
public sealed record DeleteVersion(int Number)
{
    public static Result<StateMachine?> Apply(StateMachine? state, DeleteVersion command)
    {
        if (state is null)
        {
            return default(StateMachine);
        }

        var aliases = state.Aliases.Values
            .Where(alias => alias.Routes.Any(route => route.Version == command.Number))
            .Select(alias => alias.Name)
            .ToList();
        return aliases.Count > 0
            ? MachineErrors.Conflict(
                "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this "
                + $"version: [{string.Join(", ", aliases)}]")
            : state with { Versions = state.Versions.RemoveAll(version => version.Number == command.Number) };
    }
}
