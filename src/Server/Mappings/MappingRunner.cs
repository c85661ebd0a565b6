using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Mappings;

/// <summary>
/// Makes what mappings ask for so: starts, changes and stops their pollers, and says when that is done. What is asked
/// for is read from the store each time, so it does not matter in which order notices of changes come.
/// </summary>
internal sealed partial class MappingRunner : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly MappingService mappings;
    private readonly MappingServices services;
    private readonly ILogger<MappingRunner> logger;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();

    public MappingRunner(MappingService mappings, MappingServices services, ILogger<MappingRunner> logger)
    {
        this.mappings = mappings;
        this.services = services;
        this.logger = logger;
    }

    /// <summary>Starts what was enabled, and finishes what was under way when the server ended.</summary>
    public void Start()
    {
        mappings.Changed += Follow;
        services.Store.InDoubt += LookAgain;
        services.Directory.Changed += Reconsider;
        FollowAll();
    }

    /// <summary>How the mapping's last batch ended; null when there was none since the server started.</summary>
    public string? LastResult(string id)
    {
        lock (gate)
        {
            return entries.TryGetValue(id, out var entry) ? entry.Pollers?.LastResult : null;
        }
    }

    /// <summary>How it stands with the mapping's pollers; null when it has none.</summary>
    public PollersView? View(string id)
    {
        lock (gate)
        {
            return entries.TryGetValue(id, out var entry) ? entry.Pollers?.View() : null;
        }
    }

    /// <summary>
    /// What was received and not tried is given back; calls that do not end in time come again by their visibility
    /// timeout.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        mappings.Changed -= Follow;
        services.Store.InDoubt -= LookAgain;
        services.Directory.Changed -= Reconsider;
        await stopping.CancelAsync();
        Task[] last;
        lock (gate)
        {
            last = [.. entries.Values.Select(entry => entry.Pollers?.DisposeAsync().AsTask() ?? Task.CompletedTask)];
        }

        await Task.WhenAll(last).WaitAsync(StopLimit, services.Time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void FollowAll()
    {
        foreach (var mapping in mappings.All())
        {
            Follow(mapping.Account, mapping.Id);
        }
    }

    /// <summary>Any of them may have been changed, or deleted.</summary>
    private void LookAgain() => _ = Task.Run(() =>
    {
        List<EventSourceMapping> followed;
        lock (gate)
        {
            followed = [.. entries.Values.Select(entry => entry.Mapping).OfType<EventSourceMapping>()];
        }

        foreach (var mapping in followed)
        {
            Follow(mapping.Account, mapping.Id);
        }

        FollowAll();
    });

    private void Reconsider(FunctionId function)
    {
        List<QueuePollers> affected;
        lock (gate)
        {
            affected = [.. entries.Values.Where(entry => entry.Mapping?.Function == function)
                .Select(entry => entry.Pollers).OfType<QueuePollers>()];
        }

        affected.ForEach(pollers => pollers.Reconsider());
    }

    private void Follow(AccountId account, string id)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var entry))
            {
                entries[id] = entry = new Entry();
            }

            // One after the other: a mapping that is enabled again starts when it has stopped.
            entry.Last = AfterAsync(entry.Last, () => ReconcileAsync(entry, account, id));
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> next)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await before;
        await next();
    }

    private async Task ReconcileAsync(Entry entry, AccountId account, string id)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ReconcileOnceAsync(entry, account, id);
                return;
            }
            catch (Exception exception)
            {
                LogReconcileFailed(id, exception);
                await Task.Delay(RetryPause, services.Time, stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReconcileOnceAsync(Entry entry, AccountId account, string id)
    {
        var mapping = mappings.Find(account, id);
        if (mapping is { IsEnabled: true })
        {
            Apply(entry, mapping);
        }
        else if (entry.Pollers is { } pollers)
        {
            await pollers.DisposeAsync();
            lock (gate)
            {
                entry.Pollers = null;
            }
        }

        if (mapping is not null && mapping.SettledState != mapping.State)
        {
            await mappings.SettleAsync(mapping);
        }

        if (mapping is null or { SettledState: null })
        {
            lock (gate)
            {
                entries.Remove(id);
            }
        }
    }

    private void Apply(Entry entry, EventSourceMapping mapping)
    {
        QueuePollers? started = null;
        lock (gate)
        {
            entry.Mapping = mapping;
            if (entry.Pollers is null && !stopping.IsCancellationRequested)
            {
                entry.Pollers = started = new QueuePollers(mapping, services, logger);
            }
        }

        if (started is not null)
        {
            started.Start();
        }
        else
        {
            entry.Pollers?.Update(mapping);
        }
    }

    [LoggerMessage(220, LogLevel.Warning, "The mapping {MappingId} could not be brought to what was asked for")]
    private partial void LogReconcileFailed(string mappingId, Exception exception);

    /// <summary>A mapping that is followed; guarded by the gate.</summary>
    private sealed class Entry
    {
        public EventSourceMapping? Mapping { get; set; }

        public QueuePollers? Pollers { get; set; }

        /// <summary>The last change that is being made so. Never fails.</summary>
        public Task Last { get; set; } = Task.CompletedTask;
    }
}
