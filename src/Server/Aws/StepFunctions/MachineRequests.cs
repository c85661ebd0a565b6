using Lambent.Server.Aws.Protocols;
using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What several operations on state machines read.</summary>
internal static class MachineRequests
{
    public const int DescriptionLengthMax = 256;

    public static string MachineArn(JsonInput input) =>
        input.RequiredText("stateMachineArn", 1, WorkflowArns.LengthMax);

    /// <summary>Checks a role's ARN; null passes.</summary>
    public static Error? CheckRole(string? arn) =>
        arn is null || (arn.StartsWith("arn:aws", StringComparison.Ordinal) && arn.Split(':') is
            [_, _, "iam", _, _, var role] && role.StartsWith("role/", StringComparison.Ordinal))
                ? null
                : MachineErrors.InvalidArn($"Invalid Role Arn: {arn}");

    /// <summary>versionDescription goes with publish alone.</summary>
    public static Error? CheckVersion(bool publish, string? description) => description is null || publish
        ? null
        : MachineErrors.Invalid("Version description can only be set when publish is true");

    /// <summary>Where an alias leads: all versions are of one machine.</summary>
    /// <returns>The machine's id is meaningless when there are no routes.</returns>
    public static Result<(StateMachineId Machine, ImmutableArray<AliasRoute> Routes)> Routes(
        JsonInput input, string region)
    {
        var given = input.Structures("routingConfiguration");
        List<(string Arn, int Weight)> read = [];
        foreach (var route in given)
        {
            var arn = route.RequiredText("stateMachineVersionArn", 1, WorkflowArns.LengthMax);
            route.Require("weight");
            read.Add((arn, (int)(route.Integer("weight", 0, 100) ?? 0)));
        }

        if (input.Has("routingConfiguration") && given.Count is 0 or > 2)
        {
            input.Violate(
                "routingConfiguration",
                $"[{string.Join(", ", read.Select(route => route.Arn))}]",
                given.Count == 0
                    ? "Member must have length greater than or equal to 1"
                    : "Member must have length less than or equal to 2");
        }

        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        StateMachineId? machine = null;
        var routes = ImmutableArray.CreateBuilder<AliasRoute>(read.Count);
        foreach (var (arn, weight) in read)
        {
            if (WorkflowArns.Version(arn, region).Failed(out var version, out var wrong))
            {
                return wrong;
            }

            if (machine is not null && machine != version.Id)
            {
                return MachineErrors.Invalid(
                    "Routing configuration must contain versions of one state machine.",
                    "INVALID_ROUTING_CONFIGURATION");
            }

            machine = version.Id;
            routes.Add(new AliasRoute(version.Number, weight));
        }

        return (machine!, routes.ToImmutable());
    }
}
