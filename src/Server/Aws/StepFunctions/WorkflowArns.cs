using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Reads ARNs, and says what is wrong with them in AWS's words.</summary>
internal static class WorkflowArns
{
    public const int LengthMax = 256;

    public const int RunLengthMax = 2_000;

    private const string LabeledReason = "API_DOES_NOT_SUPPORT_LABELED_ARNS";

    /// <summary>A state machine with what stands behind its name: a version, an alias, or nothing.</summary>
    public static Result<(StateMachineId Id, string? Qualifier)> Machine(string arn, string region)
    {
        if (Parts(arn, region, "stateMachine").Failed(out var parts, out var wrong))
        {
            return wrong;
        }

        if (parts.Length is not (7 or 8) || !AccountId.TryParse(parts[4], out var account))
        {
            return MachineErrors.InvalidArn(arn);
        }

        if (parts[6].Contains('/'))
        {
            return MachineErrors.Invalid(
                "This operation does not take the ARN of a distributed Map of a state machine.", LabeledReason);
        }

        return WorkflowNames.IsValid(parts[6]) && (parts.Length == 7 || parts[7].Length > 0)
            ? (new StateMachineId(account, parts[6]), parts.Length == 8 ? parts[7] : null)
            : MachineErrors.InvalidArn(arn);
    }

    /// <summary>A state machine without version or alias.</summary>
    public static Result<StateMachineId> UnqualifiedMachine(string arn, string region) =>
        Machine(arn, region).Then<StateMachineId>(named => named.Qualifier is null
            ? named.Id
            : MachineErrors.Invalid(
                $"The ARN of a version or an alias is not valid in this context: '{arn}'"));

    /// <summary>A version of a state machine.</summary>
    public static Result<(StateMachineId Id, int Number)> Version(string arn, string region) =>
        Machine(arn, region).Then<(StateMachineId, int)>(named => int.TryParse(named.Qualifier, out var number)
            ? (named.Id, number)
            : MachineErrors.InvalidArn($"Version ARN is not valid: {arn}"));

    /// <summary>An alias of a state machine.</summary>
    public static Result<(StateMachineId Id, string Name)> Alias(string arn, string region) =>
        Machine(arn, region).Then<(StateMachineId, string)>(named =>
            named.Qualifier is { } name && WorkflowNames.IsAlias(name)
                ? (named.Id, name)
                : MachineErrors.InvalidArn($"Alias ARN is not valid: {arn}"));

    /// <summary>An execution that is kept: those of express machines cannot be asked for.</summary>
    public static Result<ExecutionId> Execution(string arn, string region) =>
        Parts(arn, region, "execution").Then<ExecutionId>(_ => ExecutionId.FromArn(arn, region) is { } id
            ? id
            : MachineErrors.InvalidArn(arn));

    public static Result<(AccountId Account, string Name)> Activity(string arn, string region) =>
        Parts(arn, region, "activity").Then<(AccountId, string)>(parts =>
            parts.Length == 7 && AccountId.TryParse(parts[4], out var account) && WorkflowNames.IsValid(parts[6])
                ? (account, parts[6])
                : MachineErrors.InvalidArn(arn));

    /// <summary>The kind of resource an ARN names, or null.</summary>
    public static string? KindOf(string arn) => arn.Split(':') is { Length: >= 7 } parts ? parts[5] : null;

    internal static Result<string[]> Parts(string arn, string region, string kind)
    {
        if (!arn.StartsWith("arn:", StringComparison.Ordinal))
        {
            return MachineErrors.InvalidArn($"Invalid ARN prefix: {arn}");
        }

        var parts = arn.Split(':');
        if (parts.Length < 7 || parts[1] != "aws" || parts[2] != "states" || !AccountId.TryParse(parts[4], out _))
        {
            return MachineErrors.InvalidArn(arn);
        }

        if (parts[5] != kind)
        {
            return MachineErrors.InvalidArn($"Resource type not valid in this context: {parts[5]}");
        }

        return parts[3] == region ? parts : MachineErrors.InvalidArn($"Region not valid in this context: {parts[3]}");
    }
}
