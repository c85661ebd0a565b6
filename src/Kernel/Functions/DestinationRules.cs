using System.Text.RegularExpressions;
using Lambent.Kernel.Events;
using Lambent.Kernel.Queues;

namespace Lambent.Kernel.Functions;

/// <summary>Where the results of a function's calls may go: to what is there, in the same account.</summary>
public static partial class DestinationRules
{
    private const string Field = "DestinationConfig";

    private const string PatternText =
        @"$|kafka://([^.]([a-zA-Z0-9\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}((-gov)|"
        + @"(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)";

    /// <summary>Adds what is malformed.</summary>
    public static void CheckForm(ConstraintViolations violations, string? destination, string field)
    {
        violations.Length(destination, field, 0, 350);
        violations.Pattern(destination, field, Pattern(), PatternText);
    }

    /// <summary>Why results cannot go where a configuration sends them, or null.</summary>
    /// <param name="config">Its destinations are well-formed.</param>
    /// <param name="source">Whose results they are.</param>
    /// <param name="region">This server's.</param>
    /// <param name="functions">Where a function must be found.</param>
    /// <param name="queues">Where a queue must be found.</param>
    public static Error? Check(
        EventInvokeConfig config, FunctionId source, string region, IFunctionTable functions, IQueueTable queues)
    {
        foreach (var arn in (string?[])[config.OnFailure, config.OnSuccess])
        {
            if (arn is not null && Check(arn, source, region, functions, queues, config) is { } refused)
            {
                return refused;
            }
        }

        return null;
    }

    /// <summary>Why events cannot go to a dead-letter queue, or null.</summary>
    public static Error? CheckDeadLetter(string arn, FunctionId source, string region, IQueueTable queues)
    {
        const string Field = "DeadLetterConfig.TargetArn";
        if (DeliveryTarget.Parse(arn, region, Field).Failed(out var target, out var unusable))
        {
            return unusable;
        }

        return target.Kind != DeliveryTargetKind.Queue
            || target.Account != source.Account
            || queues.Get(target.Queue) is null
                ? FunctionErrors.InvalidParameter(
                    $"The dead-letter target ARN {arn} is invalid: there is no such queue in this account.", Field)
                : RefuseFifo(target, arn, Field);
    }

    private static Error? Check(
        string arn,
        FunctionId source,
        string region,
        IFunctionTable functions,
        IQueueTable queues,
        EventInvokeConfig config)
    {
        if (DeliveryTarget.Parse(arn, region, Field).Failed(out var target, out var unusable))
        {
            return Explain(arn, unusable, config);
        }

        if (target.Account != source.Account)
        {
            return Invalid(arn);
        }

        if (target.Kind == DeliveryTargetKind.Queue)
        {
            return queues.Get(target.Queue) is null ? Invalid(arn) : RefuseFifo(target, arn, Field);
        }

        if (target.Name == source.Name)
        {
            return FunctionErrors.InvalidParameter(
                "You can't specify the function as a destination for itself.", Field);
        }

        return functions.Get(target.Function) is { } function && EventInvokeRules.Exists(function, target.Qualifier)
            ? null
            : Invalid(arn);
    }

    /// <summary>What is neither a function nor a queue: named, when it is something people know from AWS.</summary>
    private static Error Explain(string arn, Error unusable, EventInvokeConfig config)
    {
        var service = arn.Split(':') is { Length: > 2 } parts && parts[0] == "arn" ? parts[2] : "";
        return service switch
        {
            "sns" or "events" or "s3" or "s3express" => unusable with { Code = ErrorCode.NotSupported },
            "lambda" or "sqs" => Invalid(arn),
            _ => FunctionErrors.InvalidParameter(
                "The provided destination config DestinationConfig("
                + $"onSuccess={Shown("OnSuccess", config.OnSuccess)}, "
                + $"onFailure={Shown("OnFailure", config.OnFailure)}) is invalid.",
                Field),
        };
    }

    /// <summary>AWS has it so, too: an asynchronous call has no message group.</summary>
    private static Error? RefuseFifo(DeliveryTarget target, string arn, string field) => target.Queue.IsFifo
        ? new Error(
            ErrorCode.NotSupported,
            $"The queue {arn} is a FIFO queue, which is not supported here: asynchronous calls have no message group. "
            + "Use a standard queue.",
            field)
        : null;

    private static string Shown(string kind, string? arn) => arn is null ? "null" : $"{kind}(destination={arn})";

    private static Error Invalid(string arn) =>
        FunctionErrors.InvalidParameter($"The destination ARN {arn} is invalid.", Field);

    [GeneratedRegex(
        @"^(\z|kafka://([^.]([a-zA-Z0-9\-_.]{0,248}))\z|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}"
        + @"((-gov)|(-iso([a-z]?)))?-[a-z]+-[0-9])?:([0-9]{12})?:(.*)\z)")]
    private static partial Regex Pattern();
}
