using System.Collections.Immutable;

namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>What an alias may lead to.</summary>
internal static class AliasRouting
{
    private const string Reason = "INVALID_ROUTING_CONFIGURATION";

    public static Error? Check(StateMachine state, ImmutableArray<AliasRoute> routes, MachineContext context)
    {
        if (routes.Select(route => route.Version).Distinct().Count() < routes.Length)
        {
            return MachineErrors.Invalid(
                "Routing configuration must contain distinct state machine version ARNs. "
                + $"Received: [{Listed(routes, route => $"{context.Arn}:{route.Version}")}]",
                Reason);
        }

        if (routes.Sum(route => route.Weight) != 100)
        {
            return MachineErrors.Invalid(
                "Sum of routing configuration weights must equal 100. "
                + $"Received: [{Listed(routes, route => $"{route.Weight}")}]",
                Reason);
        }

        foreach (var route in routes)
        {
            if (!state.Versions.Exists(version => version.Number == route.Version))
            {
                return MachineErrors.ResourceNotFound($"{context.Arn}:{route.Version}");
            }
        }

        return null;
    }

    private static string Listed(ImmutableArray<AliasRoute> routes, Func<AliasRoute, string> shown) =>
        string.Join(", ", routes.Select(shown));
}
