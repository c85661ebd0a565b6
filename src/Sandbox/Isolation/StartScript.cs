using System.Text;
using System.Text.RegularExpressions;
using Lambent.Sandbox.Isolation.ControlGroups;

namespace Lambent.Sandbox.Isolation;

/// <summary>
/// What the shell inside a sandbox reads from its standard input before it starts the program.
/// </summary>
/// <remarks>
/// This is the gate: the shell waits until the host has written it, by when limits and the platform's listener are in
/// place; and it ends without starting anything when the host dies first, because the closing brace never comes.
/// The function's variables travel this way because arguments are visible to every user of the machine, and because no
/// program that still has privileges may see a variable such as LD_PRELOAD.
/// </remarks>
internal static partial class StartScript
{
    /// <summary>The script is written at once and must fit into a pipe.</summary>
    public const int BytesMax = 60 * 1024;

    /// <summary>AWS Lambda's bound on open files.</summary>
    private const int OpenFilesMax = 1024;

    /// <summary>The shell at the gate; the script turns it into the program.</summary>
    public static readonly IReadOnlyList<string> Shell = ["/bin/sh", "-s"];

    /// <summary>A program that joins control groups and then turns into another.</summary>
    /// <param name="joinFiles">Absolute paths (<see cref="ControlGroup.JoinFiles"/>).</param>
    /// <param name="command">The other, by its path, and its arguments.</param>
    public static IReadOnlyList<string> Joining(IReadOnlyList<string> joinFiles, IReadOnlyList<string> command) =>
        joinFiles.Count == 0
            ? command
            : ["/bin/sh", "-c", JoinThenBecome, "sh", .. joinFiles, "", .. command];

    private const string JoinThenBecome =
        "while [ -n \"$1\" ]; do echo 0 >\"$1\" || exit 125; shift; done; shift; exec \"$@\"";

    /// <summary>The shell turns into the program.</summary>
    public const string Become = "exec \"$@\" </dev/null";

    /// <summary>
    /// The shell stays as the sandbox's first process: it collects whoever loses its parent, which programs do not, and
    /// it spares the program the first process's immunity to signals. It keeps silent about how the program ended.
    /// </summary>
    public const string RunAndReport =
        "exec 3>&1 4>&2 >/dev/null 2>&1\n\"$@\" </dev/null >&3 2>&4 3>&- 4>&-\nexit $?";

    /// <summary>What makes the shell say, before it waits for its program, that it runs.</summary>
    /// <param name="descriptor">Where it says so, once.</param>
    public static byte[] Report(int descriptor) =>
        Encoding.ASCII.GetBytes($"echo >&{descriptor}\nexec {descriptor}>&-\n");

    public static string ChangeFolder(string folder) => $"cd {Quote(folder)} || exit 126";

    /// <summary>The lines that bound what the program and its children may open, dump and start.</summary>
    /// <param name="boundsProcesses">Whether no control group does.</param>
    public static IEnumerable<string> Limits(bool boundsProcesses)
    {
        yield return $"ulimit -n {OpenFilesMax} 2>/dev/null";
        yield return "ulimit -c 0 2>/dev/null";
        if (boundsProcesses)
        {
            // The option's name differs between shells.
            const int max = ControlGroupLimits.ProcessesMax;
            yield return $"ulimit -u {max} 2>/dev/null || ulimit -p {max} 2>/dev/null";
        }
    }

    /// <param name="command">The program and its arguments.</param>
    /// <param name="start">How the program is started: <see cref="Become"/> or <see cref="RunAndReport"/>.</param>
    /// <param name="firstLines">What to run before.</param>
    /// <exception cref="SandboxStartException">A variable has no valid name, or all together are too long.</exception>
    public static byte[] Write(
        IReadOnlyList<string> command,
        IEnumerable<KeyValuePair<string, string>> variables,
        string start,
        IEnumerable<string> firstLines)
    {
        // Shells other than Debian's begin by exporting these.
        var script = new StringBuilder("{\nunset OLDPWD SHLVL\n");
        foreach (var line in firstLines)
        {
            script.Append(line).Append('\n');
        }

        foreach (var (name, value) in variables)
        {
            if (!VariableName().IsMatch(name) || value.Contains('\0', StringComparison.Ordinal))
            {
                throw SandboxStartException.Because($"The environment variable {name} cannot be set.");
            }

            script.Append("export ").Append(name).Append('=').Append(Quote(value)).Append('\n');
        }

        script.Append("set --");
        foreach (var argument in command)
        {
            script.Append(' ').Append(Quote(argument));
        }

        script.Append('\n').Append(start).Append("\n}\n");
        var bytes = Encoding.UTF8.GetBytes(script.ToString());
        return bytes.Length <= BytesMax
            ? bytes
            : throw SandboxStartException.Because(
                $"The environment variables take {bytes.Length} bytes; {BytesMax} are possible.");
    }

    private static string Quote(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\z")]
    private static partial Regex VariableName();
}
