using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Storage;
using Lambent.Sandbox.Interpreters;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.Pool;
using Lambent.Sandbox.RuntimeApi;
using Lambent.Server.Access;
using Lambent.Server.Aws.Lambda;
using Lambent.Server.Aws.Lambda.Invocation;
using Lambent.Server.Aws.Lambda.Mappings;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Aws.Sqs;
using Lambent.Server.Aws.Sts;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Ingress;
using Lambent.Server.Ingress.WebSockets;
using Lambent.Server.Native;
using Lambent.Server.Queues;
using Lambent.Server.Telemetry;
using Lambent.Storage.Disk;
using Lambent.Storage.Packages;
using Lambent.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>
/// The composition of the server, by hand and in one place: what is made of what, and in which order it ends. Nothing
/// else knows more than its own constructor's parameters.
/// </summary>
internal sealed partial class ServerParts : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> endings = new();
    private Uri? address;

    public required ILoggerFactory Loggers { get; init; }

    public EnvironmentTransport EnvironmentTransport { get; private set; } = null!;

    public RuntimeApiEndpoint RuntimeApi { get; private set; } = null!;

    public FunctionUrlEndpoint FunctionUrls { get; private set; } = null!;

    public ConnectionsEndpoint Connections { get; private set; } = null!;

    public WebSocketConnections WebSockets { get; private set; } = null!;

    public InvokeEndpoint Invoke { get; private set; } = null!;

    public MetricsEndpoint Metrics { get; private set; } = null!;

    public NativeEndpoints Native { get; private set; } = null!;

    public StatusOperations Status { get; private set; } = null!;

    public AccountOperations Accounts { get; private set; } = null!;

    public LogOperations Logs { get; private set; } = null!;

    public ProvisionedOperations ProvisionedOperations { get; private set; } = null!;

    public BlobOperations Blobs { get; private set; } = null!;

    public AwsEndpoints Aws { get; private set; } = null!;

    public IReadOnlyList<AwsOperation> LambdaOperations { get; private set; } = null!;

    public SqsEndpoint Sqs { get; private set; } = null!;

    public StsEndpoint Sts { get; private set; } = null!;

    public Dispatcher Dispatcher { get; private set; } = null!;

    /// <summary>Cancelled when the server begins to stop: what would wait forever ends.</summary>
    private CancellationToken Stopping { get; init; }

    private ProvisionedEnvironments Provisioned { get; set; } = null!;

    private QueueSweeper QueueSweeper { get; set; } = null!;

    private MoveTaskRunner MoveTasks { get; set; } = null!;

    private DataFolder Folder { get; set; } = null!;

    /// <summary>
    /// Opens the data folder and builds every part. What was built is undone when a later part fails.
    /// </summary>
    public static async Task<Result<ServerParts>> ComposeAsync(
        ServerOptions options, IServerAnnouncer announcer, CancellationToken cancellation)
    {
        var parts = new ServerParts { Stopping = cancellation,
            Loggers = LoggerFactory.Create(logging => logging.AddProvider(new AnnouncerLogs(announcer))) };
        try
        {
            var composed = await parts.BuildAsync(options, announcer, cancellation);
            if (composed.Error is { } failure)
            {
                await parts.DisposeAsync();
                return failure;
            }

            return parts;
        }
        catch (Exception exception) when (exception is StoreException or IOException or UnauthorizedAccessException)
        {
            await parts.DisposeAsync();
            var code = exception is StoreException refused ? refused.Code : ErrorCode.StoreUnavailable;
            return new Error(code, exception.Message, "data");
        }
    }

    /// <summary>Called when calls are accepted: tells the parts the address, and the tools where to find it.</summary>
    public void Start(Uri listening)
    {
        address = listening;
        AddressFile.Write(Folder.Root, listening);
        endings.Push(() =>
        {
            AddressFile.Delete(Folder.Root);
            return ValueTask.CompletedTask;
        });
        Events.Start();
        QueueSweeper.Start();
        MoveTasks.Start();
        ScheduleRunner.Start();
        ExecutionRunner.Start();
        ExecutionSweeper.Start();
        MappingRunner.Start();
        PushRunner.Start();
        ContentSweeper.Start();
        MetricKeeper.Start();
    }

    public async ValueTask DisposeAsync()
    {
        while (endings.TryPop(out var ending))
        {
            await ending();
        }

        Loggers.Dispose();
    }

    private async Task<Result<Done>> BuildAsync(
        ServerOptions options, IServerAnnouncer announcer, CancellationToken cancellation)
    {
        if (OpenStorage(options, announcer).Failed(out var storage, out var held))
        {
            return held;
        }

        var access = await OpenAccessAsync(options, storage, cancellation);
        if (access.Failed(out var who, out var refused))
        {
            return refused;
        }

        var environments = await OpenEnvironmentsAsync(options, announcer, storage, who);
        OpenCalls(options, storage, who, environments);
        KeepDemand(options, storage, who, environments);
        await OpenFrontDoorsAsync(options, storage, who, environments, cancellation);
        return Done.Value;
    }

    private Result<StorageParts> OpenStorage(ServerOptions options, IServerAnnouncer announcer)
    {
        if (DataFolder.Open(options.DataFolder).Failed(out var folder, out var held))
        {
            return held;
        }

        Folder = Own(folder);
        var store = Own(SqliteStore.Open(new SqliteStoreOptions { Path = folder.DatabasePath }, options.Time));
        var packages = OwnAsync(new PackageStore(folder, options.Time));
        var telemetry = OwnAsync(TelemetryService.Open(folder, announcer, options));
        return new StorageParts(store, packages, telemetry, OpenMeter(telemetry, options));
    }

    private async Task<Result<AccessParts>> OpenAccessAsync(
        ServerOptions options, StorageParts storage, CancellationToken cancellation)
    {
        var store = storage.Store;
        var arns = new FunctionArns(options.Region);
        var directory = new FunctionDirectory();
        var functions = new FunctionService(store, directory, arns);
        functions.Load();
        var keys = new AccessKeyDirectory(store);
        keys.Load();
        var accounts = new AccountService(store, keys, options.Time)
        {
            ForgetAsync = storage.Telemetry.ForgetAsync,
        };
        if ((await accounts.EnsureRootAsync(cancellation)).Error is { } refused)
        {
            return refused;
        }

        CredentialsFile.Ensure(Folder.Root, accounts.ListKeys(AccountId.Root).Value, options.Region);
        var sessionKey = await SessionTokens.LoadKeyAsync(store, cancellation);
        var sessions = OpenSessions(
            options, store, accounts, sessionKey.Value, id => directory.Find(id) is not null);
        return new AccessParts(
            arns,
            functions,
            accounts,
            sessions,
            new AccessKeySource(keys, sessions),
            new Authorizer(directory, arns));
    }

    private async Task<EnvironmentParts> OpenEnvironmentsAsync(
        ServerOptions options, IServerAnnouncer announcer, StorageParts storage, AccessParts access)
    {
        var time = options.Time;
        var sandbox = OwnAsync(await SandboxHost.StartAsync(
            new SandboxHostOptions
            {
                LinkedFoldersRoot = Path.Combine(Folder.TemporaryPath, "linked"),
                Time = time,
                Warn = announcer.Warn,
            }));
        var interpreters = new InterpreterCatalog(options.RuntimesFolder);
        var runtimeApis = new RuntimeApiDirectory(time);
        var pool = OwnAsync(EnvironmentPool.Create(
            new PoolOptions
            {
                IdleTimeout = options.EnvironmentIdleTimeout ?? Limits.EnvironmentIdleTimeoutDefault,
                PredictsIdleTimes = options.EnvironmentIdleTimeout is null,
                AgeMax = options.EnvironmentAgeMax,
                EnvironmentsMax = options.EnvironmentsMax,
                Generic = new GenericPoolOptions { MemoryBytesMax = options.WarmMemoryBytes },
            },
            new EnvironmentStarterOptions
            {
                Region = options.Region,
                LimitsProcessor = options.LimitsProcessor,
                MasksSecretsInLogs = options.MasksSecretsInLogs,
            },
            sandbox.Drivers,
            interpreters,
            runtimeApis,
            storage.Packages,
            new SessionCredentialIssuer(access.Sessions),
            storage.Meter,
            time,
            () => Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            announcer.Warn));
        return new EnvironmentParts(sandbox, interpreters, runtimeApis, pool);
    }

    private void OpenCalls(
        ServerOptions options, StorageParts storage, AccessParts access, EnvironmentParts environments)
    {
        var store = storage.Store;
        OpenTraces(options);
        var limiter = new ConcurrencyLimiter(
            access.Functions.Directory,
            account => store.Read(transaction => transaction.Accounts.Get(account))?.ConcurrencyLimit
                ?? Limits.AccountConcurrencyDefault,
            options.Time);
        Limiter = limiter;
        access.Accounts.LimitChanged += limiter.Refresh;
        Dispatcher = new Dispatcher(
            environments.Pool, limiter, access.Functions.Directory, storage.Meter, Traces, options.Time)
        {
            Calls = options.KeepsTelemetry ? new CallKeeper(options.Calls) : null,
        };
        Provisioned = Own(new ProvisionedEnvironments(environments.Pool, access.Functions.Directory, options.Time));
        OpenScaling(limiter, storage, access, environments, options);
        OpenDelivery(options, storage, access);
    }

    private async Task OpenFrontDoorsAsync(
        ServerOptions options,
        StorageParts storage,
        AccessParts access,
        EnvironmentParts environments,
        CancellationToken cancellation)
    {
        var time = options.Time;
        var ids = new RequestIds(time);
        var (store, directory, authorizer) = (storage.Store, access.Functions.Directory, access.Authorizer);
        var verifier = new SignatureVerifier(access.Keys, new SignatureScope(options.Region, "lambda"), time);
        var urls = new FunctionUrls(() => address!, directory);

        EnvironmentTransport = new EnvironmentTransport(environments.Sandbox.PlatformConnections, Loggers);
        RuntimeApi = new RuntimeApiEndpoint(environments.RuntimeApis);
        OpenUrls(options, access, urls, verifier, ids);
        Invoke = new InvokeEndpoint(
            directory,
            Dispatcher,
            Delivery.Inbox,
            SynchronousDestinations,
            verifier,
            authorizer,
            access.Arns,
            ids,
            Traces,
            time);
        Metrics = new MetricsEndpoint(
            storage.Meter,
            environments.Pool,
            Dispatcher,
            Provisioned,
            directory,
            Delivery.Control,
            storage.Store,
            () => QueueInsight.Totals(),
            DescribeTelemetry(options, storage));
        Native = new NativeEndpoints(verifier, ids, Loggers.CreateLogger<NativeEndpoints>());
        Status = new StatusOperations(
            options, directory, Dispatcher, environments.Pool, environments.Interpreters,
            storage.Telemetry.Store, () => MetricKeeper.Dropped, exports, time.GetUtcNow());
        OpenNode(options, access, environments);
        Accounts = new AccountOperations(access.Accounts);
        Logs = new LogOperations(storage.Telemetry.Store, time, Stopping);
        await OpenObjectsAsync(options, storage, access.Keys, ids, cancellation);
        Blobs = new BlobOperations(store, storage.Packages, Objects);
        Aws = new AwsEndpoints(verifier, authorizer, ids.Next, Loggers.CreateLogger<AwsEndpoints>());
        var stsScope = new SignatureScope(options.Region, StsEndpoint.Service) { AcceptsGlobalRegion = true };
        Sts = new StsEndpoint(
            new SignatureVerifier(access.Keys, stsScope, time), ids.Next, Loggers.CreateLogger<StsEndpoint>());

        await OpenLogsAsync(options, storage, access, ids, cancellation);
        OpenErrors(options, storage, access, ids);
        OpenFunctionList(storage, access);
        await OpenWorkflowsAsync(options, storage, access, environments, ids, cancellation);
        await OpenQueuesAsync(options, storage, access, ids, cancellation);
        await OpenStepFunctionsAsync(options, store, access.Keys, ids, cancellation);
        await OpenMeteringAsync(options, storage, access, ids, cancellation);

        var lambda = await LambdaAsync(options, storage, access, environments, ids, cancellation);
        var reservations = Own(new ConcurrencyReservations(access.Functions));
        ProvisionedOperations = new ProvisionedOperations(
            access.Functions, reservations, Provisioned, access.Arns, time, ids.Next);
        LambdaOperations =
        [
            .. Lambent.Server.Aws.Lambda.LambdaOperations.All(lambda),
            .. LambdaAccessOperations.All(lambda, urls, reservations, Provisioned),
            .. new MappingOperations(lambda, Mappings, MappingRunner).All(),
        ];
    }

    private void OpenUrls(
        ServerOptions options, AccessParts access, FunctionUrls urls, SignatureVerifier verifier, RequestIds ids)
    {
        var (time, directory) = (options.Time, access.Functions.Directory);
        var gate = new UrlGate(verifier, access.Authorizer);
        WebSockets = new WebSocketConnections(time);
        Connections = new ConnectionsEndpoint(
            WebSockets,
            new SignatureVerifier(access.Keys, new SignatureScope(options.Region, "execute-api"), time),
            access.Authorizer);
        FunctionUrls = new FunctionUrlEndpoint(
            directory,
            urls,
            Dispatcher,
            SynchronousDestinations,
            gate,
            new WebSocketEndpoint(directory, Dispatcher, gate, WebSockets, ids, time),
            Connections,
            ids,
            Traces,
            time);
    }

    private async Task OpenQueuesAsync(
        ServerOptions options,
        StorageParts storage,
        AccessParts access,
        RequestIds ids,
        CancellationToken cancellation)
    {
        var (store, time, region) = (storage.Store, options.Time, options.Region);
        var signals = QueueSignals;
        QueueSweeper = OwnAsync(new QueueSweeper(store, time, Loggers.CreateLogger<QueueSweeper>()));
        MoveTasks = OwnAsync(
            new MoveTaskRunner(store, signals, region, time, Loggers.CreateLogger<MoveTaskRunner>()));
        var queues = new QueueService(store, signals, QueueSweeper, region, time) { Observer = QueueChanges };
        var services = new SqsServices
        {
            Queues = queues,
            Sender = new MessageSender(store, signals, time),
            Receiver = new MessageReceiver(store, signals, region, time, Stopping),
            Settler = new MessageSettler(store, signals, time),
            Moves = MoveTasks,
            Markers = await PageMarkers.LoadAsync(store, cancellation),
        };
        OpenMappings(options, storage, access, ids, services);
        await OpenPushAsync(options, store, services, storage.Telemetry.Store, cancellation);
        OpenInsight(options, store, access);
        OpenDashboard(options);
        var verifier = new SignatureVerifier(access.Keys, new SignatureScope(region, SqsEndpoint.Service), time);
        Sqs = new SqsEndpoint(
            verifier, queues, SqsOperations.All(services), ids.Next, Loggers.CreateLogger<SqsEndpoint>());
        await OpenSchedulesAsync(options, store, access.Keys, ids, cancellation);
    }

    private async Task<LambdaServices> LambdaAsync(
        ServerOptions options,
        StorageParts storage,
        AccessParts access,
        EnvironmentParts environments,
        RequestIds ids,
        CancellationToken cancellation)
    {
        OwnAsync(new PackageSweeper(
            storage.Store, storage.Packages, options.Time, Loggers.CreateLogger<PackageSweeper>()));
        var activator = OwnAsync(FunctionActivator.Start(
            new FunctionActivatorOptions(),
            access.Functions,
            access.Arns,
            storage.Packages,
            options.Time,
            ids.Next,
            Loggers.CreateLogger<FunctionActivator>()));
        return new LambdaServices
        {
            Store = storage.Store,
            Functions = access.Functions,
            Arns = access.Arns,
            Packages = storage.Packages,
            Objects = Objects,
            Options = options,
            Time = options.Time,
            NewId = ids.Next,
            Markers = await PageMarkers.LoadAsync(storage.Store, cancellation),
            Links = new PackageLinks(storage.Store, () => address!, options.Region, options.Time),
            CheckRuntime = environments.Interpreters.Check,
            Activate = activator.Activate,
        };
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        endings.Push(() =>
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        });
        return part;
    }

    private T OwnAsync<T>(T part)
        where T : IAsyncDisposable
    {
        endings.Push(part.DisposeAsync);
        return part;
    }

    private sealed record StorageParts(
        SqliteStore Store, PackageStore Packages, TelemetryService Telemetry, CallMeter Meter);

    private sealed record AccessParts(
        FunctionArns Arns,
        FunctionService Functions,
        AccountService Accounts,
        SessionTokens Sessions,
        AccessKeySource Keys,
        Authorizer Authorizer);

    private sealed record EnvironmentParts(
        SandboxHost Sandbox, InterpreterCatalog Interpreters, RuntimeApiDirectory RuntimeApis, EnvironmentPool Pool);

    /// <summary>Functions get credentials that act as themselves.</summary>
    private sealed class SessionCredentialIssuer(SessionTokens sessions) : IEnvironmentCredentialIssuer
    {
        public EnvironmentCredentials Issue(FunctionId function, TimeSpan lifetime)
        {
            var issued = sessions.Issue(function, lifetime);
            return new EnvironmentCredentials(issued.AccessKeyId, issued.Secret, issued.SessionToken);
        }
    }
}
