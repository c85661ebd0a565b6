using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation;

/// <summary>
/// The host's end of the gate at which the shell of a new sandbox waits (<see cref="StartScript"/>). Closed without
/// having been opened, it ends the shell.
/// </summary>
/// <param name="writer">The pipe that is the shell's standard input.</param>
/// <param name="options">What the sandbox was started with.</param>
/// <param name="platformAddress">host:port of the platform's listener, or null.</param>
/// <param name="start">How the program is started.</param>
/// <param name="firstLines">What the shell runs before.</param>
internal sealed class GateWriter(
    Descriptor writer,
    SandboxOptions options,
    SandboxPaths paths,
    string? platformAddress,
    string start,
    IReadOnlyList<string> firstLines) : IDisposable
{
    /// <param name="workingFolder">Where the program begins; null for where the shell is.</param>
    /// <exception cref="SandboxStartException">Program and variables cannot be handed over.</exception>
    /// <exception cref="NativeException">The shell is gone.</exception>
    public void Open(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables, string? workingFolder) =>
        writer.WriteAll(StartScript.Write(
            command,
            StartVariables.Of(options with { Variables = variables }, paths, platformAddress),
            start,
            workingFolder is null ? firstLines : [StartScript.ChangeFolder(workingFolder), .. firstLines]));

    public void Dispose() => writer.Dispose();
}
