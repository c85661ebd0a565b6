using System.Threading.Channels;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// A log as it is written, about 50 ms behind. A reader that is too slow loses the oldest entries, which are counted;
/// it never slows anything else. Dispose ends it.
/// </summary>
public sealed class LogTail : IDisposable
{
    /// <summary>Calls whose START line was given and whose end is awaited.</summary>
    private const int OpenCallsMax = 10_000;

    private readonly TailList tails;
    private readonly AccountId account;
    private readonly string? function;
    private readonly string? requestId;
    private readonly Channel<LogEntry> entries;
    private readonly HashSet<string> openCalls = new(StringComparer.Ordinal);
    private long droppedCount;

    internal LogTail(TailList tails, AccountId account, string? function, string? requestId, int entriesMax)
    {
        this.tails = tails;
        this.account = account;
        this.function = function;
        this.requestId = requestId;
        entries = Channel.CreateBounded<LogEntry>(
            new BoundedChannelOptions(entriesMax)
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleWriter = true,
            },
            _ => Interlocked.Increment(ref droppedCount));
    }

    /// <summary>The entries as they come. Completes when the tail or the store is disposed.</summary>
    public ChannelReader<LogEntry> Entries => entries.Reader;

    /// <summary>Entries that the reader was too slow for.</summary>
    public long DroppedCount => Interlocked.Read(ref droppedCount);

    public void Dispose()
    {
        tails.Remove(this);
        End();
    }

    internal void End() => entries.Writer.TryComplete();

    /// <summary>The writer's thread only.</summary>
    internal void Publish(LogLine line)
    {
        if (!Wants(line.Function, line.RequestId))
        {
            return;
        }

        // The record of the call comes when it ends, but its START line belongs before what it writes.
        if (line.RequestId is { } call && IsNew(call))
        {
            entries.Writer.TryWrite(LogEntry.From(line) with
            {
                Kind = LogEntryKind.Start,
                Text = ReportLines.Start(call, line.Version),
            });
        }

        entries.Writer.TryWrite(LogEntry.From(line));
    }

    /// <summary>The writer's thread only.</summary>
    internal void Publish(InvocationRecord record)
    {
        if (!Wants(record.Function, record.RequestId))
        {
            return;
        }

        if (!openCalls.Remove(record.RequestId))
        {
            entries.Writer.TryWrite(LogEntry.From(record, LogEntryKind.Start));
        }

        entries.Writer.TryWrite(LogEntry.From(record, LogEntryKind.End));
        entries.Writer.TryWrite(LogEntry.From(record, LogEntryKind.Report));
    }

    private bool Wants(FunctionId source, string? call) =>
        source.Account == account && (function is null || source.Name == function) &&
        (requestId is null || call == requestId);

    private bool IsNew(string call)
    {
        // Calls whose records were not kept never end here.
        if (openCalls.Count >= OpenCallsMax)
        {
            openCalls.Clear();
        }

        return openCalls.Add(call);
    }
}

/// <summary>Everybody who follows. Reading it costs nothing while nobody does.</summary>
internal sealed class TailList
{
    private readonly Lock gate = new();
    private LogTail[] tails = [];
    private bool closed;

    public void Add(LogTail tail)
    {
        lock (gate)
        {
            if (closed)
            {
                tail.End();
                return;
            }

            tails = [.. tails, tail];
        }
    }

    public void Remove(LogTail tail)
    {
        lock (gate)
        {
            tails = Array.FindAll(tails, other => other != tail);
        }
    }

    public void Publish(List<object> items)
    {
        foreach (var tail in Volatile.Read(ref tails))
        {
            foreach (var item in items)
            {
                if (item is LogLine line)
                {
                    tail.Publish(line);
                }
                else
                {
                    tail.Publish((InvocationRecord)item);
                }
            }
        }
    }

    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Array.ForEach(tails, tail => tail.End());
            tails = [];
        }
    }
}
