namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>
/// The control groups of this server: one group per instance, so that two servers on a machine do not meet, and in it
/// one per environment.
/// </summary>
internal interface IControlGroups
{
    /// <summary>1 or 2; 0 where none can be written.</summary>
    int Version { get; }

    bool BoundsMemory { get; }

    bool BoundsProcessor { get; }

    bool BoundsProcesses { get; }

    /// <summary>The instance's folders, kept in its run folder so that a later server can remove them.</summary>
    IReadOnlyList<string> Folders { get; }

    ControlGroup Create(string name, ControlGroupLimits limits);

    /// <summary>Removes the instance's folders once no environment is left.</summary>
    Task RemoveAsync(TimeProvider time);
}

/// <summary>Where this user may not make control groups.</summary>
internal sealed class NoControlGroups : IControlGroups
{
    public int Version => 0;

    public bool BoundsMemory => false;

    public bool BoundsProcessor => false;

    public bool BoundsProcesses => false;

    public IReadOnlyList<string> Folders => [];

    public ControlGroup Create(string name, ControlGroupLimits limits) => new NoControlGroup();

    public Task RemoveAsync(TimeProvider time) => Task.CompletedTask;
}
