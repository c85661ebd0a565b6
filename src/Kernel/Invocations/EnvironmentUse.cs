namespace Lambent.Kernel.Invocations;

/// <summary>Which kind of environment served a call. The numbers are stored with the call's record.</summary>
public enum EnvironmentUse
{
    /// <summary>The version has no provisioned environments.</summary>
    OnDemand = 0,

    /// <summary>One of the version's provisioned environments.</summary>
    Provisioned = 1,

    /// <summary>All provisioned environments were busy, or not ready: one more was used.</summary>
    SpillOver = 2,
}
