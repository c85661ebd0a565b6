namespace Lambent.Cli.Commands;

/// <summary>Asks before something is destroyed. Where there is nobody to ask, only --yes will do.</summary>
internal static class Confirmation
{
    /// <param name="context">The verb's context.</param>
    /// <param name="given">Whether --yes was written.</param>
    /// <param name="name">What must be typed.</param>
    /// <param name="kind">What the name is a name of.</param>
    /// <param name="blastRadius">All that will be gone.</param>
    /// <param name="command">The command that does not ask.</param>
    /// <param name="action">What happens to it.</param>
    public static void Demand(
        CommandContext context,
        bool given,
        string name,
        string kind,
        string blastRadius,
        string command,
        string action = "delete")
    {
        if (given)
        {
            return;
        }

        var terminal = context.Terminal;
        if (!terminal.InputIsTerminal || !terminal.ErrorIsTerminal || context.Json)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.ConfirmationRequired,
                $"This would {action} {blastRadius}, and there is nobody to ask.", command);
        }

        terminal.Error.Write($"type the {kind}'s name to {action} {(action == "delete" ? "it" : "them")} ({name}): ");
        using var reader = new StreamReader(terminal.OpenInput());
        if (reader.ReadLine()?.Trim() != name)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.ConfirmationRequired, action == "delete"
                    ? "That is not its name. Nothing was deleted."
                    : "That is not its name. Nothing was done.");
        }
    }
}
