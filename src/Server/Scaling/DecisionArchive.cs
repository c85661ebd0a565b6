using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling.Control;
using Lambent.Kernel.Storage;
using Lambent.Server.Functions;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Scaling;

/// <summary>
/// Keeps decisions beside the logs, so that why a function was scaled as it was is known after a restart, and of
/// sources that are not served any more. Every few seconds, and at the end, what was decided since is written in one
/// go; a crash loses what came after. Nobody who decides waits for it.
/// </summary>
internal sealed partial class DecisionArchive : IAsyncDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Decisions that wait to be written while that fails; older ones are dropped.</summary>
    private const int WaitingMax = 20_000;

    private readonly TelemetryStore store;
    private readonly FunctionDirectory directory;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<DecisionOwner, long> lastNumbers = new();
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private Queue<KeptDecision> waiting = new();
    private Task keeping = Task.CompletedTask;
    private Action handOver = () => { };

    public DecisionArchive(
        TelemetryStore store, FunctionDirectory directory, TimeProvider time, ILogger<DecisionArchive> logger)
    {
        (this.store, this.directory, this.time, this.logger) = (store, directory, time, logger);
        foreach (var (owner, number) in store.LastDecisionNumbers())
        {
            lastNumbers[owner] = number;
        }

        directory.Changed += ForgetDeleted;
    }

    /// <param name="handOverDecisions">Puts here what was decided since it was called last.</param>
    public void Start(Action handOverDecisions)
    {
        handOver = handOverDecisions;
        keeping = KeepAsync();
    }

    /// <summary>The number of an owner's last decision that was ever kept; 0 for none.</summary>
    public long LastNumberOf(DecisionOwner owner) => lastNumbers.GetValueOrDefault(owner);

    public void Put(DecisionOwner owner, IReadOnlyList<ScalingRecord> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        lastNumbers[owner] = records[^1].Number;
        lock (gate)
        {
            foreach (var record in records)
            {
                waiting.Enqueue(new KeptDecision(
                    owner,
                    record.Number,
                    record.At,
                    JsonSerializer.SerializeToUtf8Bytes(record, DecisionJson.Default.ScalingRecord)));
            }

            while (waiting.Count > WaitingMax)
            {
                waiting.Dequeue();
            }
        }
    }

    /// <summary>What is kept about a function and what feeds it, or about a source, by owner and in order.</summary>
    public IReadOnlyDictionary<DecisionOwner, List<ScalingRecord>> Find(AccountId account, string name)
    {
        KeptDecision[] unwritten;
        lock (gate)
        {
            unwritten = [.. waiting.Where(kept => kept.Owner.Function.Account == account
                && (kept.Owner.Function.Name == name || kept.Owner.SourceName == name))];
        }

        return store.ListDecisions(account, name).Concat(unwritten)
            .GroupBy(kept => kept.Owner)
            .ToDictionary(
                group => group.Key,
                group => group.DistinctBy(kept => kept.Number).Select(Read).OfType<ScalingRecord>().ToList());
    }

    public async ValueTask DisposeAsync()
    {
        directory.Changed -= ForgetDeleted;
        await stopping.CancelAsync();
        await keeping;
        await SaveAsync();
        stopping.Dispose();
    }

    private async Task KeepAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                await SaveAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task SaveAsync()
    {
        handOver();
        Queue<KeptDecision> taken;
        lock (gate)
        {
            (taken, waiting) = (waiting, new Queue<KeptDecision>());
        }

        if (taken.Count == 0)
        {
            return;
        }

        try
        {
            await store.KeepDecisionsAsync(taken);
        }
        catch (StoreException failure)
        {
            LogNotKept(logger, failure.Message);
            lock (gate)
            {
                // What is left of it, then what came since.
                waiting = new Queue<KeptDecision>(taken.Concat(waiting).TakeLast(WaitingMax));
            }
        }
    }

    private void ForgetDeleted(FunctionId function)
    {
        if (directory.Find(function) is not null)
        {
            return;
        }

        foreach (var owner in lastNumbers.Keys.Where(owner => owner.Function == function))
        {
            lastNumbers.TryRemove(owner, out _);
        }

        lock (gate)
        {
            waiting = new Queue<KeptDecision>(waiting.Where(kept => kept.Owner.Function != function));
        }

        _ = ForgetAsync(function);
    }

    private async Task ForgetAsync(FunctionId function)
    {
        try
        {
            await store.ForgetDecisionsAsync(function);
        }
        catch (StoreException failure)
        {
            LogNotKept(logger, failure.Message);
        }
    }

    /// <summary>Null for one that cannot be read, as after a change of what a decision is made of.</summary>
    private static ScalingRecord? Read(KeptDecision kept)
    {
        try
        {
            return JsonSerializer.Deserialize(kept.Record, DecisionJson.Default.ScalingRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "What the scale controllers decided could not be written down: {Reason}")]
    private static partial void LogNotKept(ILogger logger, string reason);
}

/// <summary>Decisions as they are kept: every number as it was, so that they can be made again.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ScalingRecord))]
internal sealed partial class DecisionJson : JsonSerializerContext;
