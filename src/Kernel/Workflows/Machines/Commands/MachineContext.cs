namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>What a command may know that is not part of the state.</summary>
/// <param name="Id">The machine's.</param>
/// <param name="Arn">The machine's.</param>
/// <param name="Now">The time.</param>
/// <param name="NewRevision">Makes an id for a revision.</param>
public sealed record MachineContext(StateMachineId Id, string Arn, DateTimeOffset Now, Func<string> NewRevision);

/// <summary>What a command makes of a machine.</summary>
/// <param name="Machine">As it is afterwards.</param>
/// <param name="Added">A revision that is to be kept with it, or null.</param>
/// <param name="Version">The version that was published, or was there already; null when none was asked for.</param>
public sealed record MachineChange(
    StateMachine Machine, StateMachineRevision? Added = null, StateMachineVersion? Version = null);

/// <summary>What stands behind a revision besides the definition, as JSON; null is as if it was not said.</summary>
/// <param name="Logging"><c>loggingConfiguration</c>.</param>
/// <param name="Tracing"><c>tracingConfiguration</c>.</param>
/// <param name="Encryption"><c>encryptionConfiguration</c>.</param>
public sealed record MachineConfiguration(string? Logging, string? Tracing, string? Encryption);
