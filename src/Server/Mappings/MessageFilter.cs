using System.Collections.Immutable;
using System.Text.Json;
using Lambent.Kernel.Events.Filters;
using Lambent.Server.Queues;

namespace Lambent.Server.Mappings;

/// <summary>Which messages a mapping's function wants to see.</summary>
internal sealed class MessageFilter
{
    private readonly EventPattern[] patterns;

    /// <param name="texts">Were checked when the mapping was changed.</param>
    public MessageFilter(ImmutableArray<string> texts)
    {
        patterns = [.. texts.Select(text => EventPattern.Parse(text).Value)];
    }

    /// <summary>Without filters all pass.</summary>
    public bool Passes(ReceivedMessage message, string queueArn, string region)
    {
        if (patterns.Length == 0)
        {
            return true;
        }

        using var record = JsonDocument.Parse(MessageRecords.Write(message, queueArn, region, parsesBody: true));
        return patterns.Any(pattern => pattern.Matches(record.RootElement));
    }
}
