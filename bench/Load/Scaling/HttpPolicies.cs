using Lambent.Kernel.Scaling.Control;

namespace Lambent.Load.Scaling;

/// <summary>
/// As the server does it for calls whose callers wait: one that finds no place starts an environment, and the
/// controller has others started ahead. What was started stays, as for ten minutes it does.
/// </summary>
/// <param name="startsAhead">Off: on demand alone.</param>
internal sealed class HttpControllerPolicy(bool startsAhead = true) : IScalePolicy
{
    private const double MissPeriodSeconds = 0.1;

    private HttpScalingState state;
    private ExecutionTime execution;
    private long arrived;
    private long ended;
    private double endedSeconds;
    private int ahead;
    private int missed;

    public double PeriodSeconds => 1;

    public double ArrivalPeriodSeconds => 0;

    public int Decide(ScaleView view, ScaleCluster cluster)
    {
        var calls = view.InFlight + view.Waiting;
        var demand = (calls + cluster.CallsPerEnvironment - 1) / cluster.CallsPerEnvironment;
        missed += Math.Max(0, demand - view.Ready - view.Starting);
        var isMiss = view.Waiting > 0 && view.NowSeconds - state.NowSeconds >= MissPeriodSeconds;
        if (startsAhead && (isMiss || view.NowSeconds - state.NowSeconds >= PeriodSeconds))
        {
            ahead = Ahead(view, cluster);
        }

        return Math.Max(Math.Max(demand, ahead), view.Ready + view.Starting);
    }

    private int Ahead(ScaleView view, ScaleCluster cluster)
    {
        execution = execution.Observe(
            view.NowSeconds - state.NowSeconds,
            view.Ended - ended,
            view.EndedSeconds - endedSeconds,
            view.LongestSeconds);
        (ended, endedSeconds) = (view.Ended, view.EndedSeconds);
        (state, var decision) = HttpScaling.Decide(state, new HttpLoad
        {
            NowSeconds = view.NowSeconds,
            Arrived = view.Arrived - arrived,
            Missed = missed,
            CallsInFlight = view.InFlight,
            CallsWaiting = view.Waiting,
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
        (arrived, missed) = (view.Arrived, 0);
        return decision.Environments;
    }
}

/// <summary>
/// Incremental scaling of HTTP as Azure Functions publishes it: at most one new instance a second, here while any
/// caller waits; every second one fewer while an eighth is idle.
/// </summary>
internal sealed class IncrementalPolicy : IScalePolicy
{
    private const double IdleShare = 0.125;

    public double PeriodSeconds => 1;

    public double ArrivalPeriodSeconds => double.PositiveInfinity;

    public int Decide(ScaleView view, ScaleCluster cluster)
    {
        var have = view.Ready + view.Starting;
        var places = have * cluster.CallsPerEnvironment;
        return view.Waiting > 0 ? have + 1
            : view.InFlight < places * (1 - IdleShare) && have > 0 ? have - 1
            : have;
    }
}
