namespace Lambent.Load.Scaling;

/// <summary>What a policy may look at.</summary>
/// <param name="NowSeconds">The virtual time.</param>
/// <param name="Waiting">Messages that wait.</param>
/// <param name="OldestSeconds">How long the first of them does.</param>
/// <param name="InFlight">Calls that run.</param>
/// <param name="Arrived">Messages so far.</param>
/// <param name="Ended">Calls that ended so far.</param>
/// <param name="EndedSeconds">What those took together.</param>
/// <param name="LongestSeconds">What the longest since the last look took.</param>
/// <param name="BusySeconds">Calls in flight integrated over the time so far.</param>
/// <param name="EnvironmentSeconds">Ready environments integrated over the time so far.</param>
/// <param name="Ready">Environments that are ready.</param>
/// <param name="Starting">Environments on their way.</param>
internal readonly record struct ScaleView(
    double NowSeconds,
    int Waiting,
    double OldestSeconds,
    int InFlight,
    long Arrived,
    long Ended,
    double EndedSeconds,
    double LongestSeconds,
    double BusySeconds,
    double EnvironmentSeconds,
    int Ready,
    int Starting);

/// <summary>Decides how many environments there are to be.</summary>
internal interface IScalePolicy
{
    /// <summary>Time between two looks.</summary>
    double PeriodSeconds { get; }

    /// <summary>An arrival is looked at when the last look is so long ago; infinite for those that only poll.</summary>
    double ArrivalPeriodSeconds { get; }

    /// <summary>How many environments there are to be now.</summary>
    int Decide(ScaleView view, ScaleCluster cluster);
}
