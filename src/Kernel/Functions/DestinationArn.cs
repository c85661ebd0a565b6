using System.Text.RegularExpressions;
using Lambent.Kernel.Access;

namespace Lambent.Kernel.Functions;

/// <summary>What can get the result of a call: a function or a queue, named by its ARN.</summary>
/// <param name="Text">The ARN as it was given.</param>
/// <param name="Name">The function's or the queue's.</param>
/// <param name="Qualifier">A version or an alias of the function, or null.</param>
public sealed partial record DestinationArn(
    string Text, DestinationKind Kind, string Region, AccountId Account, string Name, string? Qualifier)
{
    /// <summary>Reads the form alone; whether it is there is for <see cref="DestinationRules"/> to say.</summary>
    public static DestinationArn? Parse(string arn)
    {
        var match = FunctionPattern().Match(arn);
        var kind = match.Success ? DestinationKind.Function : DestinationKind.Queue;
        match = match.Success ? match : QueuePattern().Match(arn);
        if (!match.Success || !AccountId.TryParse(match.Groups["account"].Value, out var account))
        {
            return null;
        }

        return new DestinationArn(
            arn,
            kind,
            match.Groups["region"].Value,
            account,
            match.Groups["name"].Value,
            match.Groups["qualifier"] is { Success: true } qualifier ? qualifier.Value : null);
    }

    [GeneratedRegex(
        @"^arn:aws:lambda:(?<region>[a-z0-9-]{1,40}):(?<account>[0-9]{12}):function:(?<name>[a-zA-Z0-9-_]{1,64})"
        + @"(:(?<qualifier>\$LATEST|[a-zA-Z0-9-_]{1,128}))?\z")]
    private static partial Regex FunctionPattern();

    [GeneratedRegex(
        @"^arn:aws:sqs:(?<region>[a-z0-9-]{1,40}):(?<account>[0-9]{12}):(?<name>[a-zA-Z0-9-_]{1,80}(\.fifo)?)\z")]
    private static partial Regex QueuePattern();
}

public enum DestinationKind
{
    Function,
    Queue,
}
