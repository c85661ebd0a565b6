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
    public static void Demand(
        CommandContext context, bool given, string name, string kind, string blastRadius, string command)
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
                $"This would delete {blastRadius}, and there is nobody to ask.", command);
        }

        terminal.Error.Write($"type the {kind}'s name to delete it ({name}): ");
        using var reader = new StreamReader(terminal.OpenInput());
        if (reader.ReadLine()?.Trim() != name)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.ConfirmationRequired, "That is not its name. Nothing was deleted.");
        }
    }
}
