using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;
using Lambent.Server;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Mappings;
using Lambent.Server.Scaling;
using Lambent.Simulation.Environments;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Simulation.Mappings;

/// <summary>Queues, mappings and the real pool of environments, put together as the server does it.</summary>
internal sealed class MappingParts
{
    public MappingParts(LifeSupport support, SimulatedStarts starts, Function function)
    {
        Support = support;
        var (store, time) = (support.Store, support.Time);
        Queues = new QueueParts(support);
        Directory = new FunctionDirectory();
        Announce(function, 1);
        var pool = new EnvironmentPool(
            starts.For(support),
            new PoolOptions
            {
                IdleTimeout = TimeSpan.FromSeconds(20),
                EnvironmentsMax = starts.EnvironmentsMax,
                SweepPeriod = TimeSpan.FromSeconds(1),
                Chance = support.Chance.NextDouble,
            },
            time);
        var limiter = new ConcurrencyLimiter(Directory, _ => 1_000, time);
        Mappings = new MappingService(store, QueueParts.Region, time);
        Runner = new MappingRunner(
            Mappings,
            new MappingServices
            {
                Store = store,
                Receiver = Queues.Receiver,
                Settler = Queues.Settler,
                Targets = new TargetWriter(Queues.Signals),
                Scaling = new ManyAtOnce(),
                Directory = Directory,
                Dispatcher = new Dispatcher(pool, limiter, Directory, new NoTelemetry(), new CallTraces(1, time), time),
                Region = QueueParts.Region,
                Time = time,
                NewId = () => Events.EventParts.MakeId(time.GetUtcNow(), support.Chance),
                Stopping = support.Stopping,
            },
            NullLogger<MappingRunner>.Instance);
        Runner.Start();
    }

    public LifeSupport Support { get; }

    public QueueParts Queues { get; }

    public MappingService Mappings { get; }

    public MappingRunner Runner { get; }

    private FunctionDirectory Directory { get; }

    /// <summary>The function is another one now: what starts from here on is of that.</summary>
    public void Announce(Function function, long sequence) => Directory.Announce(
        function.Id,
        sequence,
        new FunctionSnapshot(function, new FunctionArns(QueueParts.Region), Directory.Find(function.Id)));

    private sealed class ManyAtOnce : IConcurrencyTargets
    {
        public int TargetFor(SourceKey source, in SourceLoad load) => 64;

        public void Forget(SourceKey source)
        {
            // It asks again when there is something.
        }
    }

    private sealed class NoTelemetry : ITelemetrySink
    {
        public void Record(InvocationRecord record)
        {
            // The channel tells what ran.
        }

        public void Write(LogLine line)
        {
            // Functions of a world say nothing.
        }
    }
}
