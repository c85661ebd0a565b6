using Lambent.Kernel.Scaling.Control;

namespace Lambent.Load.Scaling;

/// <summary>The controller of the product, asked as the server asks it.</summary>
internal sealed class ControllerPolicy : IScalePolicy
{
    private QueueScalingState state;
    private ExecutionTime execution;
    private long arrived;
    private long ended;
    private double endedSeconds;

    public double PeriodSeconds => 1;

    public double ArrivalPeriodSeconds => 0.1;

    /// <summary>The decisions so far, for tests.</summary>
    public List<(double AtSeconds, ScalingDecision Decision)> Decisions { get; } = [];

    public int Decide(ScaleView view, ScaleCluster cluster)
    {
        execution = execution.Observe(
            view.NowSeconds - state.NowSeconds,
            view.Ended - ended,
            view.EndedSeconds - endedSeconds,
            view.LongestSeconds);
        (ended, endedSeconds) = (view.Ended, view.EndedSeconds);
        var (next, decision) = QueueScaling.Decide(state, new QueueLoad
        {
            NowSeconds = view.NowSeconds,
            Backlog = view.Waiting,
            OldestSeconds = view.OldestSeconds,
            Arrived = view.Arrived - arrived,
            MessagesPerCall = 1,
            CallsInFlight = view.InFlight,
            EnvironmentsReady = view.Ready,
            EnvironmentsStarting = view.Starting,
            Use = new FunctionUse
            {
                ExecutionSeconds = execution.MeanSeconds,
                TailSeconds = execution.TailSeconds,
                StartSeconds = cluster.StartSeconds,
                CallsPerEnvironment = cluster.CallsPerEnvironment,
            },
            Limits = ScalingLimits.Wide with { NodeEnvironments = cluster.EnvironmentsMax },
        });
        (state, arrived) = (next, view.Arrived);
        Decisions.Add((view.NowSeconds, decision));
        return decision.Environments;
    }
}

/// <summary>
/// Target-based scaling as Azure Functions publishes it: length over target executions per instance, where the length
/// counts what is being worked on; at most four instances more at a time. Not published for this is how often it looks;
/// of the older way it is: once in 30 seconds for queues, once a second for HTTP.
/// </summary>
/// <param name="periodSeconds">How often it looks.</param>
internal sealed class AzureTargetPolicy(double periodSeconds) : IScalePolicy
{
    private const int InstancesAtOnceMax = 4;

    public double PeriodSeconds => periodSeconds;

    public double ArrivalPeriodSeconds => double.PositiveInfinity;

    public int Decide(ScaleView view, ScaleCluster cluster)
    {
        var target = cluster.CallsPerEnvironment;
        var desired = (view.Waiting + view.InFlight + target - 1) / target;
        return Math.Min(desired, view.Ready + view.Starting + InstancesAtOnceMax);
    }
}

/// <summary>
/// Kubernetes' horizontal pod autoscaler on processor use, with its published defaults: every 15 seconds, a tolerance
/// of a tenth, at most twice as many or four more at a time, fewer only by the most of five minutes, never none.
/// </summary>
internal sealed class ProcessorThresholdPolicy : IScalePolicy
{
    private const double TargetUse = 0.7;
    private const double Tolerance = 0.1;
    private const double DownWindowSeconds = 300;
    private const int MoreAtOnceMin = 4;

    private readonly Queue<(double AtSeconds, int Desired)> recommended = new();
    private double busySeconds;
    private double environmentSeconds;

    public double PeriodSeconds => 15;

    public double ArrivalPeriodSeconds => double.PositiveInfinity;

    public int Decide(ScaleView view, ScaleCluster cluster)
    {
        var busy = view.BusySeconds - busySeconds;
        var had = (view.EnvironmentSeconds - environmentSeconds) * cluster.CallsPerEnvironment;
        (busySeconds, environmentSeconds) = (view.BusySeconds, view.EnvironmentSeconds);
        var current = Math.Max(1, view.Ready + view.Starting);
        var ratio = had > 0 ? busy / had / TargetUse : 1;
        var desired = Math.Abs(ratio - 1) <= Tolerance ? current : (int)Math.Ceiling(current * ratio);
        desired = Math.Clamp(desired, 1, current + Math.Max(current, MoreAtOnceMin));
        recommended.Enqueue((view.NowSeconds, desired));
        while (recommended.Peek().AtSeconds < view.NowSeconds - DownWindowSeconds)
        {
            recommended.Dequeue();
        }

        return desired >= current ? desired : Math.Min(current, recommended.Max(one => one.Desired));
    }
}
