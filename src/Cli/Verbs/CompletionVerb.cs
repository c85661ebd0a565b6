using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Completion;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent completion</c>: prints the script for a shell.</summary>
internal sealed class CompletionVerb() : Verb(
    "completion", "Print a completion script; use as source <(lambent completion bash)")
{
    private static readonly string Shells = string.Join(", ", CompletionScripts.ByShell.Keys);

    private readonly Argument<string> shell = new("SHELL")
    {
        HelpName = "SHELL",
        Description = $"One of {Shells}",
        CompletionSources = { _ => CompletionScripts.ByShell.Keys.Select(
            name => new System.CommandLine.Completions.CompletionItem(name)) },
    };

    protected override IEnumerable<Symbol> Symbols => [shell];

    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var wanted = context.Value(shell);
        if (!CompletionScripts.ByShell.TryGetValue(wanted, out var script))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage,
                $"There is no completion for '{wanted}'; there are {Shells}."
                    + Spelling.Question(wanted, CompletionScripts.ByShell.Keys),
                "lambent completion bash");
        }

        context.Terminal.Print(script);
        return Task.FromResult(ExitCode.Ok);
    }
}
