using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// Records and lines on their way to the writer's thread. Adding takes one short lock and allocates nothing; when
/// there is no room the item is dropped and counted. Failed calls may use the last quarter of the room alone, and
/// each account as much as it leaves free, so that there is always room for another.
/// </summary>
internal sealed class TelemetryQueue(TelemetryOptions options, TimeProvider time)
{
    private const int RecordBytes = 400;
    private const int LineBytes = 200;
    private const int SpanBytes = 300;

    /// <summary>Above it, what is known of accounts that have been quiet is forgotten.</summary>
    private const int SharesKept = 1_024;

    private readonly object gate = new();
    private readonly Dictionary<AccountId, AccountShare> shares = [];

    /// <summary>What accounts lost whose shares were forgotten.</summary>
    private readonly Dictionary<AccountId, LogDrops> droppedBefore = [];
    private readonly LogDrops dropped = new();
    private readonly List<TaskCompletionSource> flushes = [];
    private List<object> waiting = [];
    private long waitingBytes;
    private long batchNumber;
    private bool writerSleeps;
    private bool woken;
    private bool closed;
    private long recordsKept;
    private long recordsSampledOut;
    private long recordsDropped;
    private long linesKept;
    private long spansKept;
    private long spansDropped;

    public void Add(InvocationRecord record)
    {
        lock (gate)
        {
            var share = ShareOf(record.Function.Account);
            var failed = record.Outcome != OutcomeKind.Success;
            // One whose event is kept is listed as well.
            var bytes = RecordBytes + (record.Copy?.Bytes ?? 0);
            if (!failed && !share.Records.Admit(sample: true) && record.Copy is null)
            {
                recordsSampledOut++;
            }
            else if (TryAdd(share, record, bytes, urgent: failed))
            {
                recordsKept++;
            }
            else
            {
                recordsDropped++;
                record.Copy?.Dispose();
            }
        }
    }

    /// <summary>
    /// Whether a function has anything left of this second for a line; one that has not is counted as dropped. A flood
    /// is not even read, which would cost more than all that is kept of it.
    /// </summary>
    public bool WantsLine(FunctionId function, int textBytes)
    {
        lock (gate)
        {
            var share = ShareOf(function.Account);
            if (share.Source(function.Name).HasRoom(LineBytes + (2L * textBytes)))
            {
                return true;
            }

            Drop(share, LogDropReason.Function, 1, textBytes);
            return false;
        }
    }

    /// <summary>Counts what an environment dropped itself.</summary>
    public void Drop(FunctionId function, long lines, long bytes)
    {
        lock (gate)
        {
            Drop(ShareOf(function.Account), LogDropReason.Environment, lines, bytes);
        }
    }

    /// <returns>False when there was no room for it.</returns>
    public bool Add(LogLine line)
    {
        lock (gate)
        {
            var share = ShareOf(line.Function.Account);
            var bytes = LineBytes + (2L * line.Text.Length);
            var reason = line.IsNotice || share.Source(line.Function.Name).Admit(bytes)
                ? line.IsNotice || share.Lines.Admit(sample: false) ? LogDropReason.Queue : LogDropReason.Account
                : LogDropReason.Function;
            if (reason == LogDropReason.Queue && TryAdd(share, line, bytes, urgent: line.IsNotice))
            {
                linesKept++;
                return true;
            }

            Drop(share, reason, 1, line.Text.Length);
            return false;
        }
    }

    /// <returns>False when there was no room for it.</returns>
    public bool Add(TraceSpan span)
    {
        lock (gate)
        {
            var share = ShareOf(span.Owner.Account);
            var bytes = SpanBytes + (2L * (span.Name.Length + span.Detail.Length));
            if (share.Spans.Admit(sample: false) && TryAdd(share, span, bytes, urgent: false))
            {
                spansKept++;
                return true;
            }

            spansDropped++;
            return false;
        }
    }

    /// <summary>Lines of an account that were not accepted since the start.</summary>
    public LogDrops DroppedOf(AccountId account)
    {
        lock (gate)
        {
            var found = new LogDrops();
            if (droppedBefore.TryGetValue(account, out var before))
            {
                found.Add(before);
            }

            if (shares.TryGetValue(account, out var share))
            {
                found.Add(share.Dropped);
            }

            return found;
        }
    }

    public TelemetryCounters Count(long itemsFailed)
    {
        lock (gate)
        {
            return new TelemetryCounters(
                recordsKept, recordsSampledOut, recordsDropped, linesKept, dropped.Lines, itemsFailed)
            {
                LogDrops = dropped.Copy(),
                SpansKept = spansKept,
                SpansDropped = spansDropped,
            };
        }
    }

    /// <summary>Completes when everything added before was written, or given up.</summary>
    public Task FlushAsync()
    {
        lock (gate)
        {
            if (closed)
            {
                return Task.CompletedTask;
            }

            var flush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            flushes.Add(flush);
            Monitor.Pulse(gate);
            return flush.Task;
        }
    }

    /// <summary>Makes <see cref="Take"/> return soon although nothing is to be written.</summary>
    public void Wake()
    {
        lock (gate)
        {
            woken = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>
    /// Exchanges what waits for the empty list given. Waits until there is something, and then a little longer for
    /// more to come. The writer's thread only.
    /// </summary>
    /// <param name="mayWait">False to return at once.</param>
    /// <param name="flushed">Tasks to complete when the batch is written.</param>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(ref List<object> batch, bool mayWait, List<TaskCompletionSource> flushed)
    {
        lock (gate)
        {
            if (mayWait)
            {
                WaitForItems();
            }

            flushed.AddRange(flushes);
            flushes.Clear();
            (batch, waiting) = (waiting, batch);
            waitingBytes = 0;
            batchNumber++;
            return batch.Count > 0 || flushed.Count > 0 || !closed;
        }
    }

    /// <summary>Lets no more in; what waits is still taken.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>The lock is held.</summary>
    private void WaitForItems()
    {
        if (waiting.Count == 0 && flushes.Count == 0 && !woken && !closed)
        {
            writerSleeps = true;
            Monitor.Wait(gate);
            writerSleeps = false;
        }

        if (waiting.Count > 0 && waiting.Count < options.QueuedItemsMax / 2 && flushes.Count == 0 && !woken && !closed)
        {
            Monitor.Wait(gate, options.WriteDelay);
        }

        woken = false;
    }

    /// <summary>The lock is held.</summary>
    private AccountShare ShareOf(AccountId account)
    {
        if (!shares.TryGetValue(account, out var share))
        {
            if (shares.Count >= SharesKept)
            {
                foreach (var (idle, old) in shares.Where(entry => entry.Value.IsIdle).ToList())
                {
                    shares.Remove(idle);
                    if (old.Dropped.Lines > 0)
                    {
                        if (droppedBefore.TryGetValue(idle, out var before))
                        {
                            old.Dropped.Add(before);
                        }

                        droppedBefore[idle] = old.Dropped;
                    }
                }
            }

            shares[account] = share = new AccountShare(options, time);
        }

        share.Enter(batchNumber);
        return share;
    }

    /// <summary>The lock is held.</summary>
    private void Drop(AccountShare share, LogDropReason reason, long lines, long bytes)
    {
        dropped.Add(reason, lines, bytes);
        share.Dropped.Add(reason, lines, bytes);
    }

    private bool TryAdd(AccountShare share, object item, long bytes, bool urgent)
    {
        var quarters = urgent ? 4 : 3;
        var freeItems = (options.QueuedItemsMax / 4 * quarters) - waiting.Count;
        var freeBytes = (options.QueuedBytesMax / 4 * quarters) - waitingBytes;
        if (closed || share.WaitingItems >= freeItems || share.WaitingBytes + bytes > freeBytes)
        {
            return false;
        }

        waiting.Add(item);
        waitingBytes += bytes;
        share.Add(bytes);
        if (writerSleeps)
        {
            writerSleeps = false;
            Monitor.Pulse(gate);
        }

        return true;
    }
}
