using System.Threading.Channels;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;

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
    private readonly TelemetryQuery query;
    private readonly LineFilter? filter;
    private readonly Channel<LogEntry> entries;
    private readonly HashSet<string> openCalls = new(StringComparer.Ordinal);
    private long droppedCount;

    internal LogTail(TailList tails, TelemetryQuery query, int entriesMax)
    {
        this.tails = tails;
        this.query = query;
        filter = query.Filter is { IsEmpty: false } given ? given : null;
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
        if (!Wants(line.Function, line.RequestId, line.Version, line.EnvironmentId))
        {
            return;
        }

        // The record of the call comes when it ends, but its START line belongs before what it writes.
        if (line.RequestId is { } call && IsNew(call))
        {
            Tell(LogEntry.From(line) with
            {
                Kind = LogEntryKind.Start,
                Text = ReportLines.Start(call, line.Version),
                Level = LineLevel.None,
            });
        }

        Tell(LogEntry.From(line));
    }

    /// <summary>The writer's thread only.</summary>
    internal void Publish(InvocationRecord record)
    {
        if (!Wants(record.Function, record.RequestId, record.Version, record.EnvironmentId))
        {
            return;
        }

        if (!openCalls.Remove(record.RequestId))
        {
            Tell(LogEntry.From(record, LogEntryKind.Start));
        }

        Tell(LogEntry.From(record, LogEntryKind.End));
        Tell(LogEntry.From(record, LogEntryKind.Report));
    }

    private void Tell(LogEntry entry)
    {
        if (filter is null || filter.Matches(entry.Text, entry.Level))
        {
            entries.Writer.TryWrite(entry);
        }
    }

    private bool Wants(FunctionId source, string? call, string version, string environment) =>
        source.Account == query.Account
        && (query.Function is { } wanted ? source.Name == wanted : LogSources.IsFunction(source.Name))
        && (query.RequestId is null || call == query.RequestId)
        && (query.Version is null || version == query.Version)
        && query.Environments?.Contains(environment) != false;

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
                else if (item is InvocationRecord record)
                {
                    tail.Publish(record);
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
