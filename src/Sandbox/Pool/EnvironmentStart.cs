namespace Lambent.Sandbox.Pool;

/// <summary>Why an environment is started.</summary>
internal enum StartReason
{
    /// <summary>A call waits for it.</summary>
    Call,

    /// <summary>A call is expected; there must be room, nothing is stopped for it.</summary>
    Expected,

    /// <summary>Calls become more; there must be room, nothing is stopped for it.</summary>
    Ahead,

    /// <summary>One of those that are to be there always.</summary>
    Provisioned,

    /// <summary>Another one is about to be too old; there must be room, nothing is stopped for it.</summary>
    Replacement,
}

/// <summary>A start on its way.</summary>
internal readonly record struct EnvironmentStart(
    StartReason Reason, ExecutionEnvironment? Replaces = null, ExpectedCall? Expected = null)
{
    public static readonly EnvironmentStart ForCall = new(StartReason.Call);

    public static readonly EnvironmentStart Ahead = new(StartReason.Ahead);

    public static readonly EnvironmentStart Provisioned = new(StartReason.Provisioned);

    /// <summary>Whether it becomes one of those that are to be there always.</summary>
    public bool IsProvisioned => Reason == StartReason.Provisioned || Replaces is { Provisioned: true };

    /// <summary>Whether it may wait for room, and have an idle environment of another function stopped.</summary>
    public bool MakesRoom => Reason is StartReason.Call or StartReason.Provisioned;
}
