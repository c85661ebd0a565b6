namespace Lambent.Load.Measures;

/// <summary>
/// One line of the table. When a peer was measured in the same rounds the ratio is the median of the rounds' ratios, so
/// that a machine that slows down half-way does not favour either; ours and peer are the medians of each alone.
/// </summary>
internal sealed record Measurement
{
    public required string What { get; init; }

    public required string Unit { get; init; }

    public required double Ours { get; init; }

    public IReadOnlyList<double> OurRounds { get; init; } = [];

    public string? PeerName { get; init; }

    public double? Peer { get; init; }

    public IReadOnlyList<double> PeerRounds { get; init; } = [];

    public double? Ratio { get; init; }

    public Target? Target { get; init; }

    public string? Note { get; init; }

    public Verdict Verdict => Target?.Judge(Ratio ?? Ours) ?? Verdict.None;

    /// <summary>A figure alone.</summary>
    public static Measurement Alone(
        string what, string unit, IReadOnlyList<double> rounds, Target? target = null, string? note = null) => new()
    {
        What = what,
        Unit = unit,
        Ours = Samples.Median(rounds),
        OurRounds = rounds,
        Target = target,
        Note = note,
    };

    /// <summary>Ours against a peer that was measured in turns with it.</summary>
    public static Measurement Against(
        string what,
        string unit,
        IReadOnlyList<double> ours,
        string peerName,
        IReadOnlyList<double> peer,
        Target? target = null,
        string? note = null) => new()
    {
        What = what,
        Unit = unit,
        Ours = Samples.Median(ours),
        OurRounds = ours,
        PeerName = peerName,
        Peer = Samples.Median(peer),
        PeerRounds = peer,
        Ratio = Samples.Median([.. ours.Zip(peer, (mine, theirs) => mine / theirs)]),
        Target = target,
        Note = note,
    };
}
