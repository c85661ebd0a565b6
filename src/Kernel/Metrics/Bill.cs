namespace Lambent.Kernel.Metrics;

/// <summary>What one group is charged for.</summary>
public sealed class BillLine
{
    public long Invocations { get; private set; }

    public long BilledMilliseconds { get; private set; }

    public long BilledMegabyteMilliseconds { get; private set; }

    public Money Cost { get; private set; }

    /// <summary>Adds what a cell says, at the rates of its time; without rates it costs nothing.</summary>
    public void Add(MetricCell cell, Rates? rates)
    {
        var (calls, megabytes) = (
            cell[MetricCounter.Invocations], cell[MetricCounter.BilledMegabyteMilliseconds]);
        Invocations += calls;
        BilledMilliseconds += cell[MetricCounter.BilledMilliseconds];
        BilledMegabyteMilliseconds += megabytes;
        if (rates is not null)
        {
            Cost += Money.Of(megabytes, calls, rates);
        }
    }

    public void Add(BillLine other)
    {
        Invocations += other.Invocations;
        BilledMilliseconds += other.BilledMilliseconds;
        BilledMegabyteMilliseconds += other.BilledMegabyteMilliseconds;
        Cost += other.Cost;
    }
}

/// <summary>What was charged for in a stretch of time: the lines are the total together, without rounding.</summary>
/// <param name="From">A whole minute.</param>
/// <param name="To">A whole minute, not included.</param>
/// <param name="Lines">By group, the dearest first.</param>
public sealed record Bill(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<KeyValuePair<string, BillLine>> Lines)
{
    public BillLine Total { get; } = Sum(Lines.Select(line => line.Value));

    public static BillLine Sum(IEnumerable<BillLine> lines)
    {
        var sum = new BillLine();
        foreach (var line in lines)
        {
            sum.Add(line);
        }

        return sum;
    }
}
