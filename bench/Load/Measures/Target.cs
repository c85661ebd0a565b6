namespace Lambent.Load.Measures;

/// <summary>A promise of docs/internals/performance.md, checked by a scenario.</summary>
/// <param name="Id">T1 and so on.</param>
/// <param name="Land">The least that is good enough.</param>
/// <param name="Aim">What we want.</param>
/// <param name="LowerIsBetter">For times and memory; otherwise higher is better.</param>
/// <param name="Unit">Empty for ratios against a peer; otherwise the unit of the figure itself.</param>
internal sealed record Target(string Id, double Land, double Aim, bool LowerIsBetter = false, string Unit = "")
{
    public Verdict Judge(double figure) => Reaches(figure, Aim) ? Verdict.Aim
        : Reaches(figure, Land) ? Verdict.Land
        : Verdict.Below;

    private bool Reaches(double figure, double bound) => LowerIsBetter ? figure <= bound : figure >= bound;
}

/// <summary>How a figure stands to its target.</summary>
internal enum Verdict
{
    None,
    Below,
    Land,
    Aim,
}
