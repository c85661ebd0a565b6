using System.Collections.Concurrent;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Disk;

namespace Lambent.Server.Telemetry;

internal sealed class TelemetryService : ITelemetrySink, IAsyncDisposable
{
    public ITelemetrySink Sink => this;
    public long DroppedCount { get; private set; }
    public ConcurrentQueue<LogLine> Lines { get; } = new();
    public static TelemetryService Open(DataFolder folder, TimeProvider time) => new();
    public void Record(InvocationRecord record) { }
    public void Write(LogLine line) { Lines.Enqueue(line); while (Lines.Count > 10000) { Lines.TryDequeue(out _); } }
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
