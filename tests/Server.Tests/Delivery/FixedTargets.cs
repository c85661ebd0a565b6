using Lambent.Server.Scaling;

namespace Lambent.Server.Tests.Delivery;

/// <summary>As many calls at a time as a test wants.</summary>
internal sealed class FixedTargets(int calls) : IConcurrencyTargets
{
    public int Calls { get; set; } = calls;

    public int TargetFor(SourceKey source, in SourceLoad load) => Calls;

    public void Forget(SourceKey source)
    {
        // It asks again when there is something.
    }
}
