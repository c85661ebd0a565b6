namespace Lambent.Load.Generators;

/// <summary>What one run of the load generator saw.</summary>
/// <param name="Requests">Answers, all with a good status.</param>
/// <param name="RequestsPerSecond">The same per second.</param>
/// <param name="MedianMilliseconds">Half of the answers came at least this fast.</param>
/// <param name="Percentile99Milliseconds">99 of 100 did.</param>
internal sealed record WrkResult(
    long Requests, double RequestsPerSecond, double MedianMilliseconds, double Percentile99Milliseconds);
