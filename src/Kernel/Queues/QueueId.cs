using Lambent.Kernel.Access;

namespace Lambent.Kernel.Queues;

/// <summary>A queue's account and name. A name that ends in .fifo is that of a FIFO queue, and no other is.</summary>
public readonly record struct QueueId(AccountId Account, string Name)
{
    public const string FifoSuffix = ".fifo";

    private const string ArnStart = "arn:aws:sqs:";

    public bool IsFifo => Name.EndsWith(FifoSuffix, StringComparison.Ordinal);

    public string Arn(string region) => $"{ArnStart}{region}:{Account}:{Name}";

    /// <summary>Reads an ARN of this region; ARNs of other regions and services name nothing here.</summary>
    public static QueueId? FromArn(string? arn, string region)
    {
        if (arn is null || !arn.StartsWith(ArnStart, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = arn[ArnStart.Length..].Split(':');
        return parts.Length == 3 && parts[0] == region && AccountId.TryParse(parts[1], out var account)
            && IsName(parts[2])
            ? new QueueId(account, parts[2])
            : null;
    }

    /// <summary>Letters, digits, hyphens and underscores, up to 80 characters with the suffix of FIFO queues.</summary>
    public static bool IsName(string name)
    {
        var stem = name.EndsWith(FifoSuffix, StringComparison.Ordinal) ? name[..^FifoSuffix.Length] : name;
        return stem.Length > 0
            && name.Length <= Limits.QueueNameLengthMax
            && stem.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
    }
}

/// <summary>
/// Where the messages of a queue lie. A purge gives the queue another lane, so that it is one small write however many
/// messages there are; what is left in the old one is removed step by step.
/// </summary>
public readonly record struct QueueLane(AccountId Account, long Number);
