using Lambent.Kernel.Queues;

namespace Lambent.Kernel.Mappings;

/// <summary>When a message whose call failed is tried no more.</summary>
public enum GivenUp
{
    /// <summary>It comes again.</summary>
    No,

    /// <summary>The next receive moves it to the queue's dead-letter queue.</summary>
    ByRedrivePolicy,

    /// <summary>The mapping's retries are used up: it is deleted once its destination has it.</summary>
    ByRetries,
}

public static class GivenUpDecision
{
    /// <param name="settings">The mapping's.</param>
    /// <param name="redrive">The queue's, or null.</param>
    /// <param name="receiveCount">Receives so far; the last one failed.</param>
    public static GivenUp Decide(MappingSettings settings, RedrivePolicy? redrive, int receiveCount)
    {
        if (settings.OnFailureArn is null)
        {
            return GivenUp.No;
        }

        if (settings.RetriesMax is { } retries && receiveCount > retries)
        {
            return GivenUp.ByRetries;
        }

        return redrive is not null && receiveCount >= redrive.MaxReceiveCount ? GivenUp.ByRedrivePolicy : GivenUp.No;
    }
}
