using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Telemetry;

namespace Lambent.Storage.Tests.Telemetry;

/// <summary>A telemetry store in a folder of its own, with a clock that stands.</summary>
public sealed class TelemetryFixture : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TelemetryFixture()
        : this(null)
    {
    }

    public TelemetryFixture(Func<TelemetryOptions, TelemetryOptions>? configure)
    {
        Options = new TelemetryOptions
        {
            Path = folder["telemetry.db"],
            WriteDelay = TimeSpan.FromMilliseconds(1),
            LinesPerSecondOfFunction = 1_000_000,
            BytesPerSecondOfFunction = long.MaxValue,
        };
        Options = configure?.Invoke(Options) ?? Options;
        Store = TelemetryStore.Open(Options, Time);
    }

    public ManualTime Time { get; } = new();

    public TelemetryOptions Options { get; }

    public TelemetryStore Store { get; private set; }

    public static FunctionId Function { get; } = new(Samples.Account, "f");

    public static InvocationRecord Record(
        string requestId, int startSecond = 0, OutcomeKind outcome = OutcomeKind.Success,
        FunctionId? function = null) =>
        new()
        {
            RequestId = requestId,
            Function = function ?? Function,
            Version = "$LATEST",
            EnvironmentId = "environment-1",
            StartedAt = Samples.Time.AddSeconds(startSecond),
            Duration = TimeSpan.FromMilliseconds(500),
            InitDuration = TimeSpan.FromMilliseconds(12.3),
            Use = EnvironmentUse.SpillOver,
            Phases = new CallPhases(
                Queue: TimeSpan.FromSeconds(2),
                Place: TimeSpan.FromMilliseconds(4),
                Fetch: TimeSpan.FromMilliseconds(1.1),
                Start: TimeSpan.FromMilliseconds(3.2),
                Init: TimeSpan.FromMilliseconds(8)),
            Outcome = outcome,
            MemoryMegabytes = 128,
            MaxMemoryUsedMegabytes = 40,
            Source = "invoke",
        };

    public static LogLine Line(string text, double second, string? requestId = null, FunctionId? function = null) =>
        new(function ?? Function, "$LATEST", "environment-1", requestId, Samples.Time.AddSeconds(second), text);

    public static TelemetryQuery Query(string? function = "f") =>
        new() { Account = Samples.Account, Function = function };

    public void Reopen()
    {
        Store.Dispose();
        Store = TelemetryStore.Open(Options, Time);
    }

    public void Dispose()
    {
        Store.Dispose();
        folder.Dispose();
    }
}
