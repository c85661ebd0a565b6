namespace Lambent.Sandbox.Pool;

/// <summary>
/// When an environment is too old, and when its replacement is started so that its end costs no call a cold start.
/// </summary>
/// <param name="ageMax">No environment takes a call that is older.</param>
/// <param name="sweepPeriod">So much later than told an environment may be retired.</param>
/// <param name="chance">Numbers from 0 up to 1, by which ages are spread.</param>
/// <param name="time">What timestamps mean.</param>
internal sealed class EnvironmentAges(TimeSpan ageMax, TimeSpan sweepPeriod, Func<double> chance, TimeProvider time)
{
    private const double SpreadShare = 0.1;
    private const double LeadShare = 0.2;
    private static readonly TimeSpan LeadMax = TimeSpan.FromSeconds(30);

    /// <summary>How long a replacement is given to start.</summary>
    public TimeSpan ReplacementLead { get; } = ageMax * LeadShare < LeadMax ? ageMax * LeadShare : LeadMax;

    public void Set(ExecutionEnvironment environment)
    {
        var now = time.GetTimestamp();
        var age = (ageMax * (1 - (SpreadShare * chance()))) - sweepPeriod;
        environment.TooOldFromTimestamp = now + Timestamps(age);
        environment.ReplaceFromTimestamp = now + Timestamps(age - ReplacementLead);
    }

    private long Timestamps(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}
