namespace Lambent.Kernel.Invocations;

/// <summary>What the time of a call before its handler went into.</summary>
/// <param name="Queue">Asynchronous calls: from the time the event was due until it was dispatched.</param>
/// <param name="Place">Waiting for an environment, without what follows.</param>
/// <param name="Fetch">Cold calls: until the folders of code and layers were there.</param>
/// <param name="Start">Cold calls: until a sandbox was there: taken from those that wait, or started.</param>
/// <param name="Init">Cold calls: until the function's code was loaded.</param>
public readonly record struct CallPhases(
    TimeSpan Queue, TimeSpan Place, TimeSpan Fetch = default, TimeSpan Start = default, TimeSpan Init = default);
