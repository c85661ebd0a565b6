using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Scaling;

/// <summary>A version's history as it is kept through a restart.</summary>
/// <param name="Function">Whose it is.</param>
/// <param name="Version">$LATEST or a number.</param>
/// <param name="History">What <see cref="DemandHistory.ToBytes"/> wrote.</param>
public sealed record RememberedDemand(FunctionId Function, string Version, byte[] History);
