using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;

namespace Lambent.Kernel.Events;

public enum DeliveryTargetKind
{
    Function,
    Queue,

    /// <summary>An address outside that is told of something.</summary>
    Callback,

    /// <summary>An e-mail address; the name is the address.</summary>
    Email,
}

/// <summary>What an event is delivered to.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Kind">A function, a queue or a callback.</param>
/// <param name="Name">Its name in the account.</param>
/// <param name="Qualifier">Of a function: a version or an alias; null is $LATEST.</param>
public sealed record DeliveryTarget(
    AccountId Account, DeliveryTargetKind Kind, string Name, string? Qualifier = null)
{
    private const string FunctionArnStart = "arn:aws:lambda:";

    /// <summary>Only of a function.</summary>
    public FunctionId Function => new(Account, Name);

    /// <summary>Only of a queue.</summary>
    public QueueId Queue => new(Account, Name);

    public static DeliveryTarget OfFunction(FunctionId id, string? qualifier = null) =>
        new(id.Account, DeliveryTargetKind.Function, id.Name, string.IsNullOrEmpty(qualifier) ? null : qualifier);

    public static DeliveryTarget OfQueue(QueueId id) => new(id.Account, DeliveryTargetKind.Queue, id.Name);

    /// <summary>The function or queue that an ARN of this region names. Whether it exists is not looked at.</summary>
    /// <param name="arn">As the caller wrote it.</param>
    /// <param name="region">The region that ARNs must be of.</param>
    /// <param name="field">The request's field, for the error.</param>
    public static Result<DeliveryTarget> Parse(string arn, string region, string field)
    {
        if (QueueId.FromArn(arn, region) is { } queue)
        {
            return OfQueue(queue);
        }

        var parts = arn.Split(':');
        if (arn.StartsWith(FunctionArnStart, StringComparison.Ordinal)
            && parts.Length is 7 or 8 && parts[3] == region && parts[5] == "function"
            && AccountId.TryParse(parts[4], out var account)
            && parts.Skip(6).All(part => part.Length > 0))
        {
            return OfFunction(new FunctionId(account, parts[6]), parts.Length == 8 ? parts[7] : null);
        }

        return new Error(ErrorCode.InvalidParameter, Explain(arn, region, parts), field);
    }

    /// <summary>The name of the resource, without which region it would not be one.</summary>
    public string Arn(string region) => Kind switch
    {
        DeliveryTargetKind.Queue => Queue.Arn(region),
        DeliveryTargetKind.Function => $"{FunctionArnStart}{region}:{Account}:function:{Name}"
            + (Qualifier is null ? "" : $":{Qualifier}"),
        DeliveryTargetKind.Email => $"mailto:{Account}:{Name}",
        _ => $"callback:{Account}:{Name}",
    };

    private static string Explain(string arn, string region, string[] parts)
    {
        var service = parts.Length > 3 && parts[0] == "arn" ? parts[2] : null;
        return service switch
        {
            "sns" => $"'{arn}' is a topic. Topics do not exist here yet: name a function or a queue.",
            "events" => $"'{arn}' is an event bus. Event buses do not exist here yet: name a function or a queue.",
            "s3" or "s3express" => $"'{arn}' is a bucket, which does not exist here: name a function or a queue.",
            "lambda" or "sqs" or "states" when parts[3] != region =>
                $"'{arn}' is in the region {parts[3]}. This server is the region {region}.",
            "states" =>
                $"'{arn}' is a state machine, to which nothing is delivered: name a function that starts it, or a "
                + "queue.",
            _ => $"'{arn}' is not the ARN of a function or a queue.",
        };
    }
}
