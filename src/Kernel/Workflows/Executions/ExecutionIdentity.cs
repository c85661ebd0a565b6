using Lambent.Kernel.Access;

namespace Lambent.Kernel.Workflows.Executions;

public enum ExecutionStatus
{
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

/// <summary>Who an execution is. Unique by these three as long as it is kept.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Machine">The state machine's name.</param>
/// <param name="Name">The execution's name, from the caller or made for it.</param>
public sealed record ExecutionId(AccountId Account, string Machine, string Name)
{
    /// <summary>The name as its caller gave it: what follows a colon only keeps express executions apart, whose names
    /// may repeat.</summary>
    public string ShownName => Name.Split(':', 2)[0];

    public string Arn(string region) => $"arn:aws:states:{region}:{Account}:execution:{Machine}:{Name}";

    /// <summary>The execution that an ARN of this region names, or null when it names none.</summary>
    public static ExecutionId? FromArn(string arn, string region)
    {
        var parts = arn.Split(':');
        return parts.Length == 8 && parts[0] == "arn" && parts[1] == "aws" && parts[2] == "states"
            && parts[3] == region && parts[5] == "execution"
            && AccountId.TryParse(parts[4], out var account)
                ? new ExecutionId(account, parts[6], parts[7])
                : null;
    }
}

/// <summary>What an execution's expressions may know about it, and what its chance comes from.</summary>
/// <param name="Id">Who it is.</param>
/// <param name="Arn">Its name for the world.</param>
/// <param name="MachineArn">Of the state machine, without the version or alias it was started through.</param>
/// <param name="RoleArn">As the state machine has it.</param>
/// <param name="Seed">Where its chance comes from: the same steps decided again come out the same.</param>
public sealed record ExecutionIdentity(ExecutionId Id, string Arn, string MachineArn, string RoleArn, ulong Seed);
