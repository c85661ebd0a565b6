using Lambent.Kernel.Environments;
using Lambent.Kernel.Scaling;
using Lambent.Sandbox.Pool;

namespace Lambent.Server.Workflows;

/// <summary>
/// Where the calls wait that executions make of functions. Nobody waits for the answer of one of them, so a thousand at
/// once do not have a thousand environments started: <see cref="CallGrowth"/> says how many are in flight.
/// </summary>
/// <param name="pool">The environments.</param>
/// <param name="processorCount">Of this node.</param>
/// <param name="isBusy">Whether the processors have been full of late.</param>
/// <param name="time">The clock.</param>
internal sealed class CallLines(
    EnvironmentPool pool, int processorCount, Func<bool> isBusy, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<EnvironmentSpecification, Line> lines = [];
    private ITimer? timer;
    private bool isArmed;

    /// <summary>Waits until a call may be made; <see cref="Leave"/> when it has ended.</summary>
    public ValueTask EnterAsync(EnvironmentSpecification specification)
    {
        lock (gate)
        {
            if (!lines.TryGetValue(specification, out var line))
            {
                lines[specification] = line = new Line(CallGrowth.Begin(processorCount));
            }

            if (line.Waiting.Count == 0 && line.InFlight < line.Growth.CallsInFlightMax)
            {
                line.InFlight++;
                return ValueTask.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Waiting.Enqueue(waiter);
            Arm();
            return new ValueTask(waiter.Task);
        }
    }

    /// <summary>A call ended, however.</summary>
    public void Leave(EnvironmentSpecification specification)
    {
        lock (gate)
        {
            var line = lines[specification];
            line.InFlight--;
            line.HasEnded = true;
            line.Admit();
            if (line.InFlight == 0 && line.Waiting.Count == 0)
            {
                lines.Remove(specification);
            }
        }
    }

    public void Dispose() => timer?.Dispose();

    private void Arm()
    {
        if (!isArmed)
        {
            isArmed = true;
            timer ??= time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(CallGrowth.Period, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>While calls wait, now and then.</summary>
    private void Look()
    {
        lock (gate)
        {
            isArmed = false;
            foreach (var (specification, line) in lines)
            {
                if (line.Waiting.Count > 0)
                {
                    line.Growth = line.Growth.After(new CallPeriod(
                        line.HasEnded,
                        pool.CallsInFlightMax(specification) is not null,
                        isBusy(),
                        pool.CountOf(specification).Starting > 0));
                    line.HasEnded = false;
                    line.Admit();
                }
            }

            if (lines.Values.Any(line => line.Waiting.Count > 0))
            {
                Arm();
            }
        }
    }

    /// <summary>The calls of one version.</summary>
    private sealed class Line(CallGrowth growth)
    {
        public CallGrowth Growth { get; set; } = growth;

        public int InFlight { get; set; }

        /// <summary>Whether a call ended since the last look.</summary>
        public bool HasEnded { get; set; }

        public Queue<TaskCompletionSource> Waiting { get; } = new();

        public void Admit()
        {
            while (InFlight < Growth.CallsInFlightMax && Waiting.TryDequeue(out var waiter))
            {
                InFlight++;
                waiter.SetResult();
            }
        }
    }
}
