namespace Lambent.Sandbox.Isolation;

/// <summary>What the processes of an environment had of the processors since they were started.</summary>
/// <param name="Used">Time on a processor.</param>
/// <param name="Waited">
/// Time in which a thread could have run and had no processor; of threads that live, and zero where the kernel does not
/// count it.
/// </param>
public readonly record struct ProcessorUse(TimeSpan Used, TimeSpan Waited);
