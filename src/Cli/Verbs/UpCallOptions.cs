using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Serving;

namespace Lambent.Cli.Verbs;

/// <summary>The options of <c>up</c> about the calls that are kept with their events and answers.</summary>
internal sealed class UpCallOptions
{
    private const int KilobytesMax = 1_024;
    private const int DaysMax = 3_650;

    private static readonly string[] Modes = ["all", "sampled", "failed", "none"];

    private readonly Option<string?> mode = new("--calls")
    {
        HelpName = "WHICH",
        Description = "Calls kept with event and answer: all, sampled, failed or none; default: sampled, which keeps "
            + "failures, the slowest, and 100 others of a function in a second",
        CompletionSources = { "all", "sampled", "failed", "none" },
    };

    private readonly Option<int?> kilobytes = new("--call-kb")
    {
        HelpName = "KB",
        Description = "Larger events and answers are not kept, their sizes are; up to 1024; default: 64",
    };

    private readonly Option<int?> days = new("--call-days")
    {
        HelpName = "DAYS", Description = "How long kept calls stay; default: 7",
    };

    private readonly Option<int?> megabytes = new("--call-mb")
    {
        HelpName = "MB", Description = "What they may take on disk; above it the oldest are removed; default: 256",
    };

    public IEnumerable<Symbol> Symbols => [mode, kilobytes, days, megabytes];

    public CallSettings Read(CommandContext context)
    {
        if (context.Value(mode) is { } word && !Modes.Contains(word))
        {
            throw Wrong($"'{word}' is none of {string.Join(", ", Modes)}.", "--calls sampled");
        }

        if (context.Value(kilobytes) is < 1 or > KilobytesMax)
        {
            throw Wrong($"Events and answers are kept up to a size from 1 to {KilobytesMax} KB.", "--call-kb 64");
        }

        if (context.Value(days) is < 1 or > DaysMax || context.Value(megabytes) is < 1)
        {
            throw Wrong($"Calls are kept for 1 to {DaysMax} days, in at least 1 MB.", "--call-days 7 --call-mb 256");
        }

        return new CallSettings(
            context.Value(mode), context.Value(kilobytes), context.Value(days), context.Value(megabytes));
    }

    private static CommandFailedException Wrong(string message, string hint) =>
        new(ExitCode.Usage, FailureCodes.Usage, message, hint);
}
