namespace Lambent.Kernel.Functions.Commands;

/// <summary>Sets aside calls in flight for one function, or, with 0, turns it off.</summary>
public sealed record ReserveConcurrency
{
    /// <summary>Null gives the reservation back.</summary>
    public required int? Reserved { get; init; }

    /// <summary>What the account's other functions have set aside together, reserved or provisioned.</summary>
    public required int ReservedByOthers { get; init; }

    /// <summary>Calls in flight that the account may have.</summary>
    public required int AccountLimit { get; init; }

    public static Result<Function> Apply(Function? state, ReserveConcurrency command, CommandContext context)
    {
        if (state is null)
        {
            return FunctionErrors.NotFound(context.Arn);
        }

        var provisioned = ProvisionedRules.Total(state);
        if (command.Reserved < provisioned)
        {
            return FunctionErrors.InvalidParameter(
                $"ReservedConcurrentExecutions  {command.Reserved} should not be lower than function's total "
                + $"provisioned concurrency [{provisioned}].",
                "ReservedConcurrentExecutions");
        }

        // Functions without a reservation share what is left, and it must stay enough for them. Less than before is
        // always allowed, whatever the limit has become since: it is the way out.
        var unreservedMin = Math.Min(Limits.UnreservedConcurrencyMin, command.AccountLimit);
        if (command.Reserved is { } reserved
            && reserved > ProvisionedRules.SetAside(state)
            && (long)command.AccountLimit - command.ReservedByOthers - reserved < unreservedMin)
        {
            return FunctionErrors.InvalidParameter(
                "Specified ReservedConcurrentExecutions for function decreases account's "
                + $"UnreservedConcurrentExecution below its minimum value of [{unreservedMin}].",
                "ReservedConcurrentExecutions");
        }

        return state with { ReservedConcurrency = command.Reserved };
    }
}
