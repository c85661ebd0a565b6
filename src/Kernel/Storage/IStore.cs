using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Leases;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Webhooks;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Kernel.Storage;

/// <summary>
/// The durable truth. A write is acknowledged only after it is on stable storage; concurrent writes share one commit
/// (group commit) and stay independent of each other.
/// </summary>
public interface IStore
{
    /// <summary>
    /// The store works again after a commit of which nobody knows what it left: writes that were reported failed may be
    /// there all the same, and nobody was told of what they brought. Who sleeps until told of work looks again. Raised
    /// on any thread; a listener is quick.
    /// </summary>
    event Action? InDoubt;

    /// <summary>
    /// Runs <paramref name="body"/> alone against the newest state. When it returns a failure or throws, none of its
    /// writes remain. The task completes after the commit is durable. The body must be quick, must not block, and
    /// may be run a second time when the commit has to be retried: it decides and writes, nothing else.
    /// </summary>
    /// <exception cref="StoreException">The disk is full or the store is closed; nothing was written.</exception>
    Task<Result<T>> WriteAsync<T>(Func<ITransaction, Result<T>> body, CancellationToken cancellation = default);

    /// <summary>
    /// Runs <paramref name="body"/> on a snapshot, concurrently with everything else. Writing throws.
    /// </summary>
    T Read<T>(Func<ITransaction, T> body);
}

/// <summary>The tables as one transaction sees them.</summary>
public interface ITransaction
{
    IAccountTable Accounts { get; }

    IFunctionTable Functions { get; }

    ILayerTable Layers { get; }

    IEventTable Events { get; }

    IEventResultTable EventResults { get; }

    IEventKeyTable EventKeys { get; }

    ILeaseTable Leases { get; }

    IBlobTable Blobs { get; }

    IBucketTable Buckets { get; }

    IObjectTable Objects { get; }

    IUploadTable Uploads { get; }

    IQueueTable Queues { get; }

    IMessageTable Messages { get; }

    IPushTable Push { get; }

    IScheduleTable Schedules { get; }

    IWebhookTable Webhooks { get; }

    IMappingTable Mappings { get; }

    IStateMachineTable StateMachines { get; }

    IActivityTable Activities { get; }

    IExecutionTable Executions { get; }

    IJournalTable Journal { get; }

    IAlertTable Alerts { get; }

    IBrowserSessionTable BrowserSessions { get; }

    ISettingTable Settings { get; }
}

/// <summary>The server's own small values: its session key, its cluster id.</summary>
public interface ISettingTable
{
    byte[]? Get(string name);

    void Put(string name, byte[] value);
}

/// <summary>The store cannot take the write now. Nothing of it remains.</summary>
public sealed class StoreException(ErrorCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    public ErrorCode Code { get; } = code;
}
