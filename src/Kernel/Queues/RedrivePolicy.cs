using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Lambent.Kernel.Queues;

/// <summary>Where a message goes that was received too often.</summary>
/// <param name="Text">The document as it was given.</param>
/// <param name="Target">The dead-letter queue; of the same account and kind.</param>
/// <param name="MaxReceiveCount">Receives before it moves, 1 to 1,000.</param>
public sealed record RedrivePolicy(string Text, QueueId Target, int MaxReceiveCount)
{
    public static Result<RedrivePolicy> Parse(string text, QueueId source, string region)
    {
        if (JsonText.ParseObject(text) is not { } document)
        {
            return Invalid(text, "Redrive policy is not a valid JSON map.");
        }

        foreach (var mandatory in (string[])["deadLetterTargetArn", "maxReceiveCount"])
        {
            if (!document.TryGetProperty(mandatory, out _))
            {
                return Invalid(text, $"Redrive policy does not contain mandatory attribute: {mandatory}.");
            }
        }

        var count = document.GetProperty("maxReceiveCount").ToString();
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var receives)
            || receives is < 1 or > Limits.ReceiveCountMax)
        {
            return Invalid(text, $"Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both "
                + "inclusive.");
        }

        if (QueueId.FromArn(document.GetProperty("deadLetterTargetArn").ToString(), region) is not { } target
            || target.Account != source.Account)
        {
            return Invalid(text, "Invalid value for deadLetterTargetArn.");
        }

        return target.IsFifo == source.IsFifo
            ? new RedrivePolicy(text, target, receives)
            : Invalid(text, "Dead-letter queue must be same type of queue as the source.");
    }

    public static Error Invalid(string text, string reason) => new(
        ErrorCode.InvalidParameter,
        $"Value {text} for parameter RedrivePolicy is invalid. Reason: {reason}",
        "RedrivePolicy");
}

/// <summary>Which queues may use a queue as their dead-letter queue.</summary>
/// <param name="Text">The document as it was given.</param>
/// <param name="Permission">allowAll, denyAll or byQueue.</param>
/// <param name="SourceArns">For byQueue: the queues, at most ten.</param>
public sealed record RedriveAllowPolicy(string Text, string Permission, ImmutableArray<string> SourceArns)
{
    public bool Allows(string sourceArn) => Permission switch
    {
        "allowAll" => true,
        "byQueue" => SourceArns.Contains(sourceArn, StringComparer.Ordinal),
        _ => false,
    };

    public static Result<RedriveAllowPolicy> Parse(string text)
    {
        if (JsonText.ParseObject(text) is not { } document)
        {
            return Invalid(text, "Redrive allow policy is not a valid JSON map.");
        }

        if (!document.TryGetProperty("redrivePermission", out var permission)
            || permission.ToString() is not ("allowAll" or "denyAll" or "byQueue"))
        {
            return Invalid(text, "redrivePermission must be one of allowAll, denyAll, byQueue.");
        }

        var byQueue = permission.ToString() == "byQueue";
        if (!document.TryGetProperty("sourceQueueArns", out var list))
        {
            return byQueue
                ? Invalid(text, "sourceQueueArns is required when redrivePermission is byQueue.")
                : new RedriveAllowPolicy(text, permission.ToString(), []);
        }

        if (!byQueue || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() is 0 or > Limits.QueuesAllowedToRedriveMax)
        {
            return Invalid(text, "sourceQueueArns are 1 to 10 ARNs, and only for redrivePermission byQueue.");
        }

        return new RedriveAllowPolicy(text, "byQueue", [.. list.EnumerateArray().Select(arn => arn.ToString())]);
    }

    private static Error Invalid(string text, string reason) => new(
        ErrorCode.InvalidParameter,
        $"Value {text} for parameter RedriveAllowPolicy is invalid. Reason: {reason}",
        "RedriveAllowPolicy");
}

/// <summary>Documents inside attributes, which are JSON in a text.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Null when it is not an object.</summary>
    public static JsonElement? ParseObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
