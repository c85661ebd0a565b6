using Lambent.Kernel.Access;
using Lambent.Kernel.Errors;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry.Errors;

/// <summary>
/// The errors of the batch that is being written. They are counted in memory and written with the batch, so that a
/// group is there whole or not at all. The writer's thread only.
/// </summary>
internal sealed class ErrorBatch
{
    /// <summary>Errors of calls that were counted already, when they are logged and answered.</summary>
    private const int RememberedMax = 8_192;

    private readonly Dictionary<(AccountId, string), ErrorDelta> deltas = [];
    private readonly HashSet<(string, string)> counted = [];
    private readonly Queue<(string, string)> countedInOrder = [];
    private bool hasAnnounced;

    /// <summary>
    /// Counts an error once for each call: a runtime writes to the log what it answers as well.
    /// </summary>
    public void Add(ErrorOccurrence occurrence)
    {
        var fingerprint = ErrorFingerprint.Of(occurrence.Report, occurrence.Function);
        var family = Convert.ToHexString(fingerprint.Family);
        var key = (occurrence.Function.Account, $"{family}{(int)fingerprint.Language}{fingerprint.Culprit}");
        if (!deltas.TryGetValue(key, out var delta))
        {
            deltas[key] = delta = new ErrorDelta(occurrence.Function.Account, fingerprint);
        }

        if (occurrence.StoredCall > 0)
        {
            delta.StoredCalls.Add(occurrence.StoredCall);
        }

        if (occurrence.RequestId is not { } request || Remember((request, family)))
        {
            delta.Add(occurrence);
        }
    }

    /// <param name="now">For what is opened again.</param>
    public void Write(ISqlSession session, DateTimeOffset now)
    {
        foreach (var delta in deltas.Values)
        {
            if (ErrorGroupWriter.Write(session, delta, now) is { } change)
            {
                ErrorAnnouncementRows.Put(session, change, now);
                hasAnnounced = true;
            }
        }

        deltas.Clear();
    }

    /// <summary>Whether there is something that people should hear of, once the batch is committed.</summary>
    public bool TakeAnnounced()
    {
        var taken = hasAnnounced;
        hasAnnounced = false;
        return taken;
    }

    /// <summary>The batch is lost.</summary>
    public void Forget()
    {
        deltas.Clear();
        hasAnnounced = false;
    }

    private bool Remember((string Request, string Family) key)
    {
        if (!counted.Add(key))
        {
            return false;
        }

        countedInOrder.Enqueue(key);
        if (countedInOrder.Count > RememberedMax)
        {
            counted.Remove(countedInOrder.Dequeue());
        }

        return true;
    }
}
