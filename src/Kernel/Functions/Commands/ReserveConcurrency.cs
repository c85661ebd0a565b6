namespace Lambent.Kernel.Functions.Commands;

/// <summary>Sets aside calls in flight for one function, or, with 0, turns it off.</summary>
public sealed record ReserveConcurrency
{
    /// <summary>Null gives the reservation back.</summary>
    public required int? Reserved { get; init; }

    /// <summary>What the account's other functions have reserved together.</summary>
    public required int ReservedByOthers { get; init; }

    /// <summary>Calls in flight that the account may have.</summary>
    public required int AccountLimit { get; init; }

    public static Result<Function> Apply(Function? state, ReserveConcurrency command, CommandContext context)
    {
        if (state is null)
        {
            return FunctionErrors.NotFound(context.Arn);
        }

        // Functions without a reservation share what is left, and it must stay enough for them. Less than before is
        // always allowed, whatever the limit has become since: it is the way out.
        var unreservedMin = Math.Min(Limits.UnreservedConcurrencyMin, command.AccountLimit);
        if (command.Reserved is { } reserved
            && reserved > (state.ReservedConcurrency ?? 0)
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
