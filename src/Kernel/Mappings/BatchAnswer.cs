using System.Text.Json;

namespace Lambent.Kernel.Mappings;

/// <summary>Which messages of a batch failed, by the function's answer.</summary>
public static class BatchAnswer
{
    private const string Failures = "batchItemFailures";
    private const string Identifier = "itemIdentifier";

    /// <summary>
    /// The positions of the messages that failed. As on AWS an answer without failures is a success of all, and one
    /// that cannot be understood, or names a message that was not in the batch, a failure of all.
    /// </summary>
    /// <param name="answer">What the function returned, as JSON.</param>
    /// <param name="messageIds">The batch, in its order.</param>
    public static IReadOnlySet<int> Failed(ReadOnlyMemory<byte> answer, IReadOnlyList<string> messageIds)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return Read(document.RootElement, messageIds) ?? All(messageIds);
        }
        catch (JsonException)
        {
            return All(messageIds);
        }
    }

    public static IReadOnlySet<int> None { get; } = new HashSet<int>();

    public static IReadOnlySet<int> All(IReadOnlyList<string> messageIds) =>
        Enumerable.Range(0, messageIds.Count).ToHashSet();

    /// <summary>
    /// With them the later messages of the same groups: they were handled, or not, after one that comes again, and
    /// would otherwise be overtaken by it.
    /// </summary>
    /// <param name="failed">The positions that failed.</param>
    /// <param name="groups">The group of each message, or null.</param>
    public static IReadOnlySet<int> WithFollowers(IReadOnlySet<int> failed, IReadOnlyList<string?> groups)
    {
        var stopped = new HashSet<string>(StringComparer.Ordinal);
        var all = new HashSet<int>();
        for (var index = 0; index < groups.Count; index++)
        {
            var group = groups[index];
            if (failed.Contains(index) || (group is not null && stopped.Contains(group)))
            {
                all.Add(index);
                stopped.Add(group ?? "");
            }
        }

        return all;
    }

    /// <returns>Null when the answer is not one.</returns>
    private static HashSet<int>? Read(JsonElement answer, IReadOnlyList<string> messageIds)
    {
        if (answer.ValueKind == JsonValueKind.Null
            || (answer.ValueKind == JsonValueKind.String && answer.GetString() is ""))
        {
            return [];
        }

        if (answer.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (!answer.TryGetProperty(Failures, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < messageIds.Count; index++)
        {
            positions[messageIds[index]] = index;
        }

        var failed = new HashSet<int>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object
                || !item.TryGetProperty(Identifier, out var id)
                || id.ValueKind != JsonValueKind.String
                || !positions.TryGetValue(id.GetString()!, out var position))
            {
                return null;
            }

            failed.Add(position);
        }

        return failed;
    }
}
