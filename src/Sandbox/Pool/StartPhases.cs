namespace Lambent.Sandbox.Pool;

/// <summary>What the time of an environment's start went into.</summary>
/// <param name="Fetch">Until the folders of code and layers were there.</param>
/// <param name="Start">Until a sandbox with its interpreter was there: taken from those that wait, or started.</param>
/// <param name="Init">Until the function's code was loaded.</param>
public readonly record struct StartPhases(TimeSpan Fetch, TimeSpan Start, TimeSpan Init)
{
    public TimeSpan Total => Fetch + Start + Init;
}
