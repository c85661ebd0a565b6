using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Schedules;
using Lambent.Server.Access;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Lambent.Server.Schedules;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Lambent.Server.Workflows;
using Lambent.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Server.Tests.Schedules;

/// <summary>Schedules on the real store, with a clock that the test moves. Targets are queues, which show what came.
/// </summary>
internal sealed class ScheduleFixture : IAsyncDisposable
{
    private const string Region = "us-east-1";
    private readonly string folder = Directory.CreateTempSubdirectory("lambent-schedules-").FullName;
    private readonly QueueSignals signals = new();
    private readonly ScheduleBook book = new();
    private readonly List<ScheduleRunner> runners = [];
    private int ids;

    private ScheduleFixture() => Store = Open();

    public static async Task<ScheduleFixture> CreateAsync()
    {
        var fixture = new ScheduleFixture();
        var keys = new AccessKeyDirectory(fixture.Store);
        await new AccountService(fixture.Store, keys, fixture.Time).EnsureRootAsync();
        return fixture;
    }

    public VirtualTime Time { get; } = new();

    public SqliteStore Store { get; private set; }

    public EventEndings Endings { get; } = new();

    public static ScheduleId Id(string name) => new(AccountId.Root, "default", name);

    public async Task<string> QueueAsync(string name)
    {
        var sweeper = new QueueSweeper(Store, Time, NullLogger<QueueSweeper>.Instance);
        await using var owned = sweeper;
        var queues = new QueueService(Store, signals, sweeper, Region, Time);
        var attributes = new Dictionary<string, string>();
        if (name.EndsWith(".fifo", StringComparison.Ordinal))
        {
            attributes["FifoQueue"] = "true";
        }

        var id = new QueueId(AccountId.Root, name);
        await queues.CreateAsync(id, attributes, Queue.NoTags, CancellationToken.None);
        return id.Arn(Region);
    }

    public ScheduleRunner Runner()
    {
        var runner = new ScheduleRunner(
            Store, book, Handover(), Endings, NewId, Time, NullLogger<ScheduleRunner>.Instance);
        runners.Add(runner);
        return runner;
    }

    public ScheduleService Service(ScheduleRunner? runner = null) => new(
        Store, book, new ScheduleRules(book, Region), Handover(), runner ?? Runner(), NewId, Region, Time);

    public ScheduleGroupService Groups() => new(Store, Region, Time);

    public static ScheduleSettings Settings(string expression, string target, string? input = "x") => new()
    {
        Expression = expression,
        Target = new ScheduleTarget { Arn = target, RoleArn = "arn:aws:iam::000000000000:role/r", Input = input },
    };

    public async Task<Result<string>> CreateAsync(
        string name, ScheduleSettings settings, ScheduleOptions? options = null) => await Service().CreateAsync(
            Id(name), settings, options ?? new ScheduleOptions(), ScheduleRequest.WithoutToken, CancellationToken.None);

    /// <summary>Takes what is due until nothing is.</summary>
    public static async Task<int> DrainAsync(ScheduleRunner runner)
    {
        var all = 0;
        while (await runner.TakeDueAsync(CancellationToken.None) is > 0 and var taken)
        {
            all += taken;
        }

        return all;
    }

    public async Task FunctionAsync(string name) => await Store.WriteAsync<Done>(transaction =>
    {
        transaction.Functions.Put(null, TestFunctions.Create(new FunctionId(AccountId.Root, name), null));
        return Done.Value;
    });

    public Schedule Schedule(string name) => Store.Read(transaction => transaction.Schedules.Get(Id(name)))!;

    /// <summary>The payloads of the events there are.</summary>
    public List<string> Events() => Store.Read(transaction => transaction.Events
        .List(AccountId.Root, null, null, "", 100)
        .Select(stored => Encoding.UTF8.GetString(stored.Event.Payload.Span)).ToList());

    /// <summary>The one event there is ends.</summary>
    public async Task EndEventAsync()
    {
        var id = (await Store.WriteAsync<string>(transaction =>
        {
            var stored = transaction.Events.List(AccountId.Root, null, null, "", 100).Single();
            transaction.Events.Delete(stored.Event.Id);
            return stored.Event.Id;
        })).Value;
        Endings.Announce(id);
    }

    /// <summary>Waits for something that another thread does; time stands still.</summary>
    public static async Task WhenAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    public List<MessageContent> Messages(string queue) => Store.Read(transaction =>
    {
        var lane = transaction.Queues.Get(new QueueId(AccountId.Root, queue))!.Lane;
        return transaction.Messages.Oldest(lane, 100_000)
            .Select(state => transaction.Messages.Content(lane, state.Sequence)).ToList();
    });

    /// <summary>As after a kill: nothing of the process is left but the file.</summary>
    public void Restart()
    {
        Store.Dispose();
        Store = Open();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var runner in runners)
        {
            await runner.DisposeAsync();
        }

        Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private ScheduleHandover Handover() => new(new TargetWriter(signals), Executions(), Region);

    private ExecutionWriter Executions() => new(
        new ExecutionStarter(
            Store, new MachineDirectory(Store), NewId, new Random(1), () => false, Region, Time),
        Region);

    private string NewId() => string.Create(
        CultureInfo.InvariantCulture, $"00000000-0000-7000-8000-{Interlocked.Increment(ref ids):d12}");

    private SqliteStore Open() =>
        SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "lambent.db") }, Time);
}
