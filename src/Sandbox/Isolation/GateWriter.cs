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

    /// <summary>
    /// Opens the gate at once where the program was known from the start, and is done with it: null. Otherwise returns
    /// itself, closed.
    /// </summary>
    /// <param name="workingFolder">Where a known program begins; null for where the shell is.</param>
    public GateWriter? OpenIfKnown(string? workingFolder)
    {
        if (options.Command.Count == 0)
        {
            return this;
        }

        using (this)
        {
            Open(options.Command, options.Variables, workingFolder);
            return null;
        }
    }

    public void Dispose() => writer.Dispose();
}
