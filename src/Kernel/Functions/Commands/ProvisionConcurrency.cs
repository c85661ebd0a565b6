using System.Collections.Immutable;

namespace Lambent.Kernel.Functions.Commands;

/// <summary>
/// Sets how many environments of a version, or of what an alias points at, are kept started: always, in windows of the
/// week, or both.
/// </summary>
public sealed record ProvisionConcurrency
{
    /// <summary>A version number or an alias.</summary>
    public required string Qualifier { get; init; }

    /// <summary>Null leaves it as it is.</summary>
    public int? Count { get; init; }

    /// <summary>Null leaves them as they are.</summary>
    public ImmutableArray<ProvisionedWindow>? Windows { get; init; }

    /// <summary>What the account's other functions have set aside together, reserved or provisioned.</summary>
    public required int TakenByOthers { get; init; }

    /// <summary>Calls in flight that the account may have.</summary>
    public required int AccountLimit { get; init; }

    public static Result<Function> Apply(Function? state, ProvisionConcurrency command, CommandContext context)
    {
        if (ProvisionedRules.CheckTarget(state, command.Qualifier, context.Arn, applies: true) is { } misplaced)
        {
            return misplaced;
        }

        var before = state!.Provisioned.GetValueOrDefault(command.Qualifier);
        var provisioned = new ProvisionedConcurrency
        {
            Count = command.Count ?? before?.Count ?? 0,
            Windows = command.Windows ?? before?.Windows ?? [],
            LastModifiedAt = context.Now,
        };
        if (provisioned.Peak == 0)
        {
            return FunctionErrors.InvalidParameter(
                "A provisioned concurrency of 0 at all times is none: delete it instead.", "count");
        }

        var after = state with { Provisioned = state.Provisioned.SetItem(command.Qualifier, provisioned) };
        var more = provisioned.Peak > (before?.Peak ?? 0);
        if (more && CheckLimits(after, provisioned.Peak, command) is { } tooMuch)
        {
            return tooMuch;
        }

        return ProvisionedRules.CheckConflicts(after, command.Qualifier) is { } conflict ? conflict : after;
    }

    private static Error? CheckLimits(Function after, int requested, ProvisionConcurrency command)
    {
        var total = ProvisionedRules.Total(after);
        if (after.ReservedConcurrency is { } reserved)
        {
            return total > reserved
                ? FunctionErrors.InvalidParameter(
                    "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution "
                    + "for function",
                    "ProvisionedConcurrentExecutions")
                : null;
        }

        var unreserved = command.AccountLimit - command.TakenByOthers - (total - requested);
        if (requested > unreserved)
        {
            return FunctionErrors.InvalidParameter(
                "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency "
                + $"[{Math.Max(0, unreserved)}].",
                "ProvisionedConcurrentExecutions");
        }

        var unreservedMin = Math.Min(Limits.UnreservedConcurrencyMin, command.AccountLimit);
        return unreserved - requested < unreservedMin
            ? FunctionErrors.InvalidParameter(
                "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below "
                + $"its minimum value of [{unreservedMin}].",
                "ProvisionedConcurrentExecutions")
            : null;
    }
}
