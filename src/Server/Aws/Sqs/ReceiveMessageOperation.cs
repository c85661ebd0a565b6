using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Server.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Hands out up to ten messages, waiting for the first if that is asked for.</summary>
internal static class ReceiveMessageOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("ReceiveMessage", SqsScope.Granted, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var wait = call.Input.Number("WaitTimeSeconds");
        var most = call.Input.Number("MaxNumberOfMessages");
        var visibility = call.Input.Number("VisibilityTimeout");
        var system = call.Input.Texts("AttributeNames").Concat(call.Input.Texts("MessageSystemAttributeNames"));
        var names = call.Input.Texts("MessageAttributeNames");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if ((CheckRanges(most, wait) ?? VisibilityRange.Check(visibility)) is { } outside)
        {
            return outside;
        }

        var wanted = new ReceivedAttributes([.. system], names);
        if (wanted.Unknown is { } unknown)
        {
            return new Error(ErrorCode.QueueAttributeUnknown, $"Unknown Attribute {unknown}.", unknown);
        }

        var request = new ReceiveRequest
        {
            MessagesMax = most ?? 1,
            WaitSeconds = wait,
            VisibilitySeconds = visibility,
        };
        var received = await services.Receiver.ReceiveAsync(call.Queue, request, call.Aborted);
        return received.Select(messages => new SqsStructure(
            ("Messages", SqsList.OrNull("Message", [.. messages.Select(wanted.Write)]))));
    }

    private static Error? CheckRanges(int? most, int? wait)
    {
        if (most is < 1 or > Limits.MessageBatchMax)
        {
            return QueueErrors.Invalid(
                $"{most}",
                "MaxNumberOfMessages",
                $"Must be between 1 and {Limits.MessageBatchMax}, if provided.");
        }

        return wait is < 0 or > Limits.ReceiveWaitSecondsMax
            ? QueueErrors.Invalid(
                $"{wait}", "WaitTimeSeconds", $"Must be >= 0 and <= {Limits.ReceiveWaitSecondsMax}, if provided.")
            : null;
    }
}
