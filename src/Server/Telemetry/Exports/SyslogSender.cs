using System.Net.Sockets;
using Lambent.Kernel.Access;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>
/// Sends log lines on to a receiver of syslog. Lines of the last second before a connection broke are sent again,
/// because nobody knows whether a receiver that died had read them: over TCP a line may come twice, and none is lost.
/// </summary>
internal sealed class SyslogSender : IExportSender
{
    public const string SignalName = "syslog";

    private const int LinesPerBatch = 1_000;

    /// <summary>A receiver that has not read a line for so long has surely read it, or never will.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(5);

    private readonly LogExportStore store;
    private readonly ExportMeter meter;
    private readonly ExportAccounts accounts;
    private readonly TimeProvider time;
    private readonly ExportPosition position;
    private readonly Queue<(long SentAt, long Number)> doubtful = new();
    private SyslogConnection? connection;
    private long certain;
    private long savedAt;

    public SyslogSender(
        LogExportStore store, Uri target, ExportAccounts accounts, ExportMeter meter, TimeProvider time)
    {
        (this.store, Target, this.accounts, this.meter, this.time) = (store, target, accounts, meter, time);
        position = new ExportPosition(store, $"syslog {target}", store.Ends, meter);
        certain = position.Number;
    }

    public string Signal => SignalName;

    public Uri Target { get; }

    public async Task<ExportRest> SendNextAsync(CancellationToken stopping)
    {
        connection ??= await SyslogConnection.OpenAsync(Target, time, stopping);
        meter.Connect();
        var lines = Next();
        if (lines.Count == 0)
        {
            return await IdleAsync();
        }

        var wanted = accounts.IsEverybody ? lines : [.. lines.Where(line => accounts.Has(line.Entry.Function.Account))];
        try
        {
            await connection.SendAsync(wanted, stopping);
            meter.Sent(wanted.Count);
        }
        catch (SocketException) when (Target.Scheme == "udp")
        {
            // A datagram is not sent again: nobody knows which of them arrived.
            meter.Drop(wanted.Count);
        }

        position.MoveTo(lines[^1].Number);
        doubtful.Enqueue((time.GetTimestamp(), lines[^1].Number));
        Settle();
        if (time.GetElapsedTime(savedAt) >= SavePeriod)
        {
            await SaveAsync();
        }

        return ExportRest.None;
    }

    public void Interrupt()
    {
        connection?.Dispose();
        connection = null;
        position.MoveTo(certain);
        doubtful.Clear();
    }

    public Task EndAsync()
    {
        Settle();
        return SaveAsync();
    }

    public ExportBacklog Backlog() => ExportBacklogs.Of(store, position);

    public void Dispose() => connection?.Dispose();

    private IReadOnlyList<NumberedLine> Next()
    {
        var before = position.Number;
        position.SkipRemoved();
        if (position.Number < before)
        {
            // Numbers began anew.
            certain = position.Number;
            doubtful.Clear();
        }

        return store.ReadAfter(position.Number, LinesPerBatch);
    }

    private async Task<ExportRest> IdleAsync()
    {
        if (doubtful.Count > 0)
        {
            Settle();
            return ExportRest.UntilWrittenOr(Doubt);
        }

        await SaveAsync();
        return ExportRest.UntilWritten;
    }

    private void Settle()
    {
        while (doubtful.TryPeek(out var oldest) && time.GetElapsedTime(oldest.SentAt) >= Doubt)
        {
            certain = doubtful.Dequeue().Number;
        }
    }

    private async Task SaveAsync()
    {
        await position.SaveAsync(certain);
        savedAt = time.GetTimestamp();
    }
}
