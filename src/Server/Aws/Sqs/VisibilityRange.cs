using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>The bounds of a visibility timeout in a request.</summary>
internal static class VisibilityRange
{
    /// <summary>Null when it is within 0 to 43,200 s, or not given.</summary>
    public static Error? Check(int? seconds) => seconds is < 0 or > Limits.VisibilityTimeoutSecondsMax
        ? QueueErrors.Invalid(
            $"{seconds}",
            "VisibilityTimeout",
            $"Must be between 0 and {Limits.VisibilityTimeoutSecondsMax}, if provided.")
        : null;
}
