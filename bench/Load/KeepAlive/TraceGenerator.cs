namespace Lambent.Load.KeepAlive;

/// <summary>
/// Makes a day of calls with the shape that is published of Azure Functions in July 2019: M. Shahrad et al.,
/// "Serverless in the Wild", USENIX ATC 2020. Taken from there as facts:
/// <list type="bullet">
/// <item>45 % of applications are called at most once an hour on average, 81 % at most once a minute.</item>
/// <item>18.6 % of functions, those called at least once a minute, make 99.6 % of all calls.</item>
/// <item>About a fifth of applications have exactly periodic calls (a coefficient of variation of 0), about a tenth
/// nearly so without a timer, about two fifths one above 1.</item>
/// <item>About half of the load is constant, the other half follows day and night.</item>
/// <item>Execution times fit a log-normal distribution with log mean -0.38 and log deviation 2.36 (seconds; median
/// 0.68 s). Half of the applications use at most 170 MB, nine in ten at most 400 MB.</item>
/// </list>
/// Ours, because nothing is published: rates between those points are log-uniform; a function's own execution times
/// vary by a log deviation of 0.5; timers have the periods people write; the lengths of bursts. Rates are cut at
/// <see cref="CallsPerDayMax"/>: the busiest functions are called many times a second, are warm under any policy, and
/// would only take time to replay. So their share of all calls is lower here than published.
/// </summary>
internal sealed class TraceGenerator(int seed)
{
    public const double DaySeconds = 24 * 3600;

    /// <summary>One call in about eight seconds.</summary>
    public const double CallsPerDayMax = 10_000;

    private const double DurationLogMean = -0.38;
    private const double DurationLogDeviation = 2.36;
    private const double OwnDurationLogDeviation = 0.5;
    private const double DurationSecondsMax = 900;

    private static readonly double[] TimerPeriodSeconds =
        [10, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 2 * 3600, 4 * 3600, 6 * 3600, 12 * 3600, 24 * 3600];

    private readonly Random random = new(seed);

    /// <summary>The functions one after the other: a day of all of them need not fit into memory.</summary>
    public IEnumerable<TraceFunction> Generate(int functionCount)
    {
        for (var index = 0; index < functionCount; index++)
        {
            // Stratified, so that the published points hold for any number of functions.
            yield return GenerateOne(CallsPerDay((index + random.NextDouble()) / functionCount));
        }
    }

    private TraceFunction GenerateOne(double callsPerDay)
    {
        var shape = random.NextDouble() switch
        {
            < 0.2 => ArrivalShape.Timer,
            < 0.3 => ArrivalShape.Polled,
            < 0.6 => ArrivalShape.Independent,
            _ => ArrivalShape.Bursts,
        };
        var starts = shape switch
        {
            ArrivalShape.Timer => Timer(callsPerDay),
            ArrivalShape.Polled => Polled(callsPerDay),
            ArrivalShape.Independent => Independent(callsPerDay),
            _ => Bursts(callsPerDay),
        };
        var typicalLog = DurationLogMean + (DurationLogDeviation * Normal());
        var memory = Math.Clamp(Math.Exp(Math.Log(170) + (0.668 * Normal())), 16, 10_240);
        var calls = starts
            .Where(start => start < DaySeconds)
            .Select(start => new TraceCall(start, Duration(typicalLog)))
            .ToList();
        return new TraceFunction(shape, memory, calls);
    }

    /// <summary>Log-uniform between the published points of the distribution of rates.</summary>
    private static double CallsPerDay(double quantile) => quantile switch
    {
        < 0.45 => LogBetween(0.5, 24, quantile / 0.45),
        < 0.81 => LogBetween(24, 1_440, (quantile - 0.45) / 0.36),
        _ => LogBetween(1_440, CallsPerDayMax, (quantile - 0.81) / 0.19),
    };

    private List<double> Timer(double callsPerDay)
    {
        var wanted = DaySeconds / callsPerDay;
        var period = TimerPeriodSeconds.MinBy(candidate => Math.Abs(Math.Log(candidate / wanted)));
        List<double> starts = [];
        for (var at = random.NextDouble() * period; at < DaySeconds; at += period)
        {
            starts.Add(at);
        }

        return starts;
    }

    private List<double> Polled(double callsPerDay)
    {
        var period = DaySeconds / callsPerDay;
        var spread = 0.02 + (0.2 * random.NextDouble());
        List<double> starts = [];
        for (var at = random.NextDouble() * period; at < DaySeconds;)
        {
            starts.Add(at);
            at += period * Math.Max(0.1, 1 + (spread * Normal()));
        }

        return starts;
    }

    private List<double> Independent(double callsPerDay)
    {
        List<double> starts = [];
        for (var at = 0.0; ;)
        {
            at += Exponential(DaySeconds / callsPerDay / LoadMax);
            if (at >= DaySeconds)
            {
                return starts;
            }

            if (random.NextDouble() * LoadMax < Load(at))
            {
                starts.Add(at);
            }
        }
    }

    private List<double> Bursts(double callsPerDay)
    {
        var callsPerBurst = 2 + Exponential(8);

        // At most half of the mean, so that the pauses are what is long.
        var period = DaySeconds / callsPerDay;
        var within = Math.Min(2 + Exponential(60), period / 2);
        var pause = (period - within) * callsPerBurst;
        List<double> starts = [];
        for (var at = 0.0; ;)
        {
            at += Exponential(pause / LoadMax);
            if (at >= DaySeconds)
            {
                return starts;
            }

            if (random.NextDouble() * LoadMax >= Load(at))
            {
                continue;
            }

            var remaining = 1 + (int)Math.Round(Exponential(callsPerBurst - 1));
            for (; remaining > 0 && at < DaySeconds; remaining--)
            {
                starts.Add(at);
                at += Exponential(within);
            }
        }
    }

    private const double LoadMax = 1.5;

    /// <summary>The load at a time of day with mean 1: half of its peak is there at any time.</summary>
    private static double Load(double seconds) => 1 - (0.5 * Math.Cos(2 * Math.PI * seconds / DaySeconds));

    private double Duration(double typicalLog) => Math.Min(
        DurationSecondsMax, Math.Exp(typicalLog + (OwnDurationLogDeviation * Normal())));

    private double Exponential(double mean) => -mean * Math.Log(1 - random.NextDouble());

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double LogBetween(double from, double to, double share) => from * Math.Pow(to / from, share);
}
