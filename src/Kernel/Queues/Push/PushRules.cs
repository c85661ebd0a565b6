using System.Text.RegularExpressions;
using Lambent.Kernel.Webhooks;

namespace Lambent.Kernel.Queues.Push;

/// <summary>What the settings of a push queue must be.</summary>
public static partial class PushRules
{
    /// <summary>The attribute that tells, in the error queue, who did not take a message and why.</summary>
    public const string FailedAttribute = "lambent.push.failed";

    /// <summary>Names of headers that say what a request is, or how it is sent.</summary>
    private static readonly string[] ReservedHeaders =
    [
        "host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect",
        "keep-alive", "proxy-authorization", "proxy-connection", "user-agent", StandardSignature.IdHeader,
        StandardSignature.TimestampHeader, StandardSignature.SignatureHeader,
    ];

    public static Error NotFound(string queue) =>
        new(ErrorCode.ResourceNotFound, $"The queue '{queue}' pushes to nobody.", "name");

    public static Error MessageNotFound { get; } = new(
        ErrorCode.ResourceNotFound,
        "There is no such message any more: it was delivered, acknowledged or given up, or there never was one.",
        "id");

    /// <summary>Why the settings cannot be, or null. Whether the queues exist is for the caller to look.</summary>
    public static Error? Check(PushQueue queue)
    {
        if (queue.Subscribers.Length is 0 or > Limits.PushSubscribersMax)
        {
            return Invalid($"A push queue has 1 to {Limits.PushSubscribersMax} subscribers.", "subscribers");
        }

        if (queue.Subscribers.Select(subscriber => subscriber.Name).Distinct(StringComparer.Ordinal).Count()
            < queue.Subscribers.Length)
        {
            return Invalid("Two subscribers have the same name.", "subscribers");
        }

        var wrong = CheckNumbers(queue)
            ?? queue.Subscribers.Select(CheckSubscriber).FirstOrDefault(error => error is not null);
        if (wrong is not null)
        {
            return wrong;
        }

        if (!QueueId.IsName(queue.ErrorQueueName))
        {
            return Invalid(
                "A push queue needs an error queue: it gets what a subscriber did not take.", "errorQueue");
        }

        if (queue.ErrorQueue == queue.Id || queue.ErrorQueue.IsFifo != queue.Id.IsFifo)
        {
            return Invalid("The error queue is another queue of the same kind, standard or FIFO.", "errorQueue");
        }

        return queue.Secrets.IsEmpty
            ? Invalid("A secret is needed.", "secret")
            : queue.Secrets.Select(secret => WebhookRules.CheckSecret(SignatureScheme.Standard, secret.Text))
                .FirstOrDefault(error => error is not null);
    }

    private static Error? CheckNumbers(PushQueue queue) =>
        queue.RetriesMax is < 0 or > Limits.PushRetriesMax
            ? Invalid($"retries must be 0 to {Limits.PushRetriesMax}.", "retries")
        : queue.RetryDelaySeconds is < Limits.PushRetryDelaySecondsMin or > Limits.PushRetryDelaySecondsMax
            ? Invalid(
                $"retryDelaySeconds must be {Limits.PushRetryDelaySecondsMin} to {Limits.PushRetryDelaySecondsMax}.",
                "retryDelaySeconds")
        : queue.ConcurrencyMax is < 1 or > Limits.PushConcurrencyMax
            ? Invalid($"concurrency must be 1 to {Limits.PushConcurrencyMax}.", "concurrency")
        : null;

    private static Error? CheckSubscriber(PushSubscriber subscriber)
    {
        if (!NamePattern().IsMatch(subscriber.Name))
        {
            return Invalid(
                "A subscriber's name has 1 to 64 letters, digits, hyphens and underscores.", "subscribers.name");
        }

        if (WebhookRules.ParseUrl(subscriber.Url).Error is { } wrong)
        {
            return wrong with { Field = "subscribers.url" };
        }

        if (subscriber.Headers.Count > Limits.PushHeadersMax)
        {
            return Invalid($"A subscriber has at most {Limits.PushHeadersMax} headers.", "subscribers.headers");
        }

        foreach (var (name, value) in subscriber.Headers)
        {
            var isReserved = ReservedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
                || name.StartsWith("lambent-", StringComparison.OrdinalIgnoreCase);
            if (isReserved || !HeaderPattern().IsMatch(name))
            {
                return Invalid($"'{name}' cannot be a header of a subscriber.", "subscribers.headers");
            }

            if (value.Length > Limits.PushHeaderValueLengthMax || value.Any(character => character is < ' ' or > '~'))
            {
                return Invalid(
                    $"The header {name} must have at most {Limits.PushHeaderValueLengthMax} printable ASCII "
                    + "characters.",
                    "subscribers.headers");
            }
        }

        return null;
    }

    private static Error Invalid(string message, string field) => new(ErrorCode.InvalidParameter, message, field);

    [GeneratedRegex(@"^[a-zA-Z0-9-_]{1,64}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,64}\z")]
    private static partial Regex HeaderPattern();
}
