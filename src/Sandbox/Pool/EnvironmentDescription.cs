using Lambent.Kernel.Functions;

namespace Lambent.Sandbox.Pool;

public enum EnvironmentState
{
    Starting,
    Idle,
    Busy,
}

/// <summary>One environment as lists show it. One that is still starting has no id yet.</summary>
public sealed record EnvironmentDescription(
    string Id,
    FunctionId Function,
    string Version,
    EnvironmentState State,
    long CallCount,
    DateTimeOffset? StartedAt,
    StartPhases Phases,
    int PeakMemoryMegabytes)
{
    public static EnvironmentDescription Starting(FunctionId function, string version) =>
        new("", function, version, EnvironmentState.Starting, 0, null, default, 0);
}
