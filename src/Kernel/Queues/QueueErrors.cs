namespace Lambent.Kernel.Queues;

/// <summary>Failures that more than one rule gives, in the words of SQS.</summary>
public static class QueueErrors
{
    public static Error NotFound { get; } = new(ErrorCode.QueueNotFound, "The specified queue does not exist.");

    public static Error MessageMissing(string receiptHandle) => Invalid(
        receiptHandle,
        "ReceiptHandle",
        "Message does not exist or is not available for visibility timeout change.");

    public static Error ReceiptExpired(string receiptHandle) =>
        Invalid(receiptHandle, "ReceiptHandle", "The receipt handle has expired.");

    public static Error ReceiptUnreadable(string receiptHandle) => new(
        ErrorCode.ReceiptHandleInvalid,
        $"The input receipt handle \"{receiptHandle}\" is not a valid receipt handle.",
        "ReceiptHandle");

    public static Error Missing(string parameter) => new(
        ErrorCode.MissingParameter, $"The request must contain the parameter {parameter}.", parameter);

    public static Error Invalid(string value, string parameter, string reason) => new(
        ErrorCode.InvalidParameter, $"Value {value} for parameter {parameter} is invalid. Reason: {reason}", parameter);

    public static Error InvalidAttribute(string name, string? reason = null) => new(
        ErrorCode.QueueAttributeInvalid,
        $"Invalid value for the parameter {name}.{(reason is null ? "" : $" Reason: {reason}")}",
        name);
}
