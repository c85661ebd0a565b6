using Lambent.Kernel;

namespace Lambent.Sandbox.Isolation;

/// <summary>An environment could not be started. Nothing of it remains.</summary>
public sealed class SandboxStartException(Error error, Exception? inner = null) : Exception(error.Message, inner)
{
    /// <summary>What to tell the caller: EnvironmentStartFailed, RuntimeMissing or NotSupported.</summary>
    public Error Error { get; } = error;

    internal static SandboxStartException Because(string message, Exception? inner = null) =>
        new(new Error(ErrorCode.EnvironmentStartFailed, message), inner);
}

/// <summary>The sandbox ended while something was still expected of it.</summary>
public sealed class SandboxEndedException(SandboxExit exit)
    : IOException($"The environment's process ended: {exit.Description}")
{
    public SandboxExit Exit { get; } = exit;
}
