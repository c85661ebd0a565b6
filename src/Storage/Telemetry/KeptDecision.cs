using Lambent.Kernel.Functions;

namespace Lambent.Storage.Telemetry;

/// <summary>Whose decisions: those about a version's calls, or about a source of work.</summary>
/// <param name="Function">The function that is called.</param>
/// <param name="Version">Its version; empty for a source.</param>
/// <param name="SourceKind">What the source is; empty for calls whose callers wait.</param>
/// <param name="SourceName">Which one; empty as well.</param>
public readonly record struct DecisionOwner(
    FunctionId Function, string Version, string SourceKind, string SourceName);

/// <summary>A decision of a scale controller, as it is kept.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Number">Counts up for each owner.</param>
/// <param name="At">When it was made.</param>
/// <param name="Record">All that it was made of, as whoever keeps it writes that.</param>
public sealed record KeptDecision(DecisionOwner Owner, long Number, DateTimeOffset At, byte[] Record);
