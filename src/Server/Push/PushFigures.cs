using Lambent.Kernel.Queues.Push;

namespace Lambent.Server.Push;

/// <summary>What pushing a queue came to since the start of the server.</summary>
/// <param name="Attempts">Requests that were sent.</param>
/// <param name="FailedAttempts">Of those, the ones that were not taken.</param>
/// <param name="Delivered">Messages that everybody took who should.</param>
/// <param name="GivenUp">Messages that went to the error queue.</param>
/// <param name="LastProblem">What was wrong with the last attempt that failed, unless one succeeded since.</param>
internal sealed record PushCounts(
    long Attempts, long FailedAttempts, long Delivered, long GivenUp, string? LastProblem)
{
    public static readonly PushCounts None = new(0, 0, 0, 0, null);
}

/// <summary>Counts what pushing a queue comes to.</summary>
internal sealed class PushFigures
{
    private readonly Lock gate = new();
    private PushCounts counts = PushCounts.None;

    public PushCounts Read()
    {
        lock (gate)
        {
            return counts;
        }
    }

    public void Attempted(PushAttempt attempt)
    {
        lock (gate)
        {
            counts = counts with
            {
                Attempts = counts.Attempts + 1,
                FailedAttempts = counts.FailedAttempts + (attempt.Problem is null ? 0 : 1),
                LastProblem = attempt.Problem is { } problem ? $"{attempt.Subscriber}: {problem}" : null,
            };
        }
    }

    public void Settled(PushStep step)
    {
        lock (gate)
        {
            counts = step.IsOver
                ? counts with
                {
                    Delivered = counts.Delivered + (step.HasFailed ? 0 : 1),
                    GivenUp = counts.GivenUp + (step.HasFailed ? 1 : 0),
                }
                : counts;
        }
    }
}
