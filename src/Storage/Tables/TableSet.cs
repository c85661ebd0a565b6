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
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>The tables over one transaction, whatever the engine. A table holds nothing but its session.</summary>
internal sealed class TableSet(ISqlSession session) : ITransaction
{
    public IAccountTable Accounts => new AccountTable(session);

    public IFunctionTable Functions => new FunctionTable(session);

    public ILayerTable Layers => new LayerTable(session);

    public IEventTable Events => new EventTable(session);

    public IEventResultTable EventResults => new EventResultTable(session);

    public IEventKeyTable EventKeys => new EventKeyTable(session);

    public ILeaseTable Leases => new LeaseTable(session);

    public IBlobTable Blobs => new BlobTable(session);

    public IBucketTable Buckets => new BucketTable(session);

    public IObjectTable Objects => new ObjectTable(session);

    public IUploadTable Uploads => new UploadTable(session);

    public IQueueTable Queues => new QueueTable(session);

    public IMessageTable Messages => new MessageTable(session);

    public IPushTable Push => new PushTable(session);

    public IScheduleTable Schedules => new ScheduleTable(session);

    public IWebhookTable Webhooks => new WebhookTable(session);

    public IMappingTable Mappings => new MappingTable(session);

    public IStateMachineTable StateMachines => new StateMachineTable(session);

    public IActivityTable Activities => new ActivityTable(session);

    public IExecutionTable Executions => new ExecutionTable(session);

    public IJournalTable Journal => new JournalTable(session);

    public IAlertTable Alerts => new AlertTable(session);

    public IBrowserSessionTable BrowserSessions => new BrowserSessionTable(session);

    public ISettingTable Settings => new SettingTable(session);
}
