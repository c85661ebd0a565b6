namespace Lambent.Load.Generators;

/// <summary>Messages that went through a queue: sent, received and deleted.</summary>
/// <param name="Messages">How many.</param>
/// <param name="Seconds">From the first that was sent to the last that was deleted.</param>
/// <param name="ServerProcessorSeconds">What the server took for it.</param>
/// <param name="ClientProcessorSeconds">What the generator took for it.</param>
internal sealed record QueueRound(
    long Messages, double Seconds, double ServerProcessorSeconds, double ClientProcessorSeconds)
{
    private const double MicrosecondsPerSecond = 1_000_000;

    public double MessagesPerSecond => Messages / Seconds;

    public double ServerMicroseconds => ServerProcessorSeconds * MicrosecondsPerSecond / Messages;

    public double ClientMicroseconds => ClientProcessorSeconds * MicrosecondsPerSecond / Messages;
}
