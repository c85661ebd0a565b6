using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Completion;
using Lambent.Cli.Connection;

namespace Lambent.Cli.Verbs;

/// <summary>
/// <c>lambent complete -- WORDS</c>: what the completion scripts call. The last word is the one being typed, and may
/// be empty. Prints one candidate a line, and nothing at all when anything goes wrong: a shell is waiting.
/// </summary>
internal sealed class CompleteVerb(Func<CommandHost> host) : Verb("complete", "Print completions of a command line")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What a mark stands for: names that the server knows.</summary>
    private static readonly (string Mark, Func<ServerClient, CancellationToken, Task<IEnumerable<string>>> List)[]
        Names =
        [
            (ResourceNames.FunctionsMark, static async (server, cancellation) =>
                (await new LambdaApi(server).AllFunctionsAsync(cancellation))
                .Select(function => function.FunctionName)),
            (ResourceNames.SchedulesMark, static async (server, cancellation) =>
                (await new ScheduleApi(server).ListAsync(cancellation)).Schedules
                .Select(schedule => schedule.Name)),
            (ResourceNames.MachinesMark, static async (server, cancellation) =>
                (await new ExecutionApi(server).MachinesAsync(cancellation)).Select(machine => machine.Name)),
            (ResourceNames.ExecutionsMark, static async (server, cancellation) =>
                (await new ExecutionApi(server).ListAsync(null, null, [], ExecutionList.LimitDefault, cancellation))
                .Select(execution => $"{execution.Machine}/{execution.Name}")),
        ];

    private readonly Argument<string[]> words = new("WORDS") { Arity = ArgumentArity.ZeroOrMore };

    protected override bool Hidden => true;

    protected override IEnumerable<Symbol> Symbols => [words];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        // The parser finds the word being typed by its position in a text, so the words become one again.
        var typed = context.Value(words);
        var line = string.Join(' ', typed.Prepend("lambent").Select(Quote));
        var root = host().Root;
        var parsed = root.Parse(line, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var candidates = parsed.GetCompletions(line.Length).Select(item => item.Label).ToList();
        foreach (var (mark, list) in Names)
        {
            if (candidates.RemoveAll(candidate => candidate.EndsWith(mark, StringComparison.Ordinal)) > 0)
            {
                var prefix = typed.Length > 0 ? typed[^1] : "";
                var target = new CommandContext(parsed, host().Globals, context.Terminal, context.Environment);
                candidates.AddRange(await NamesAsync(target, prefix, list, cancellation));
            }
        }

        // Options are offered once one is being typed; before that they only hide the names.
        var typesOption = typed is [.., ['-', ..]];
        foreach (var candidate in candidates.Where(candidate => typesOption == candidate.StartsWith('-')).Distinct())
        {
            context.Terminal.Print(candidate);
        }

        return ExitCode.Ok;
    }

    private static async Task<IEnumerable<string>> NamesAsync(
        CommandContext context,
        string prefix,
        Func<ServerClient, CancellationToken, Task<IEnumerable<string>>> list,
        CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, context.Environment.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var server = context.Connect();
            var names = await list(server, either.Token);
            return names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        }
        catch (Exception failed) when (failed is CommandFailedException or OperationCanceledException)
        {
            return [];
        }
    }

    private static string Quote(string word) => word.Contains(' ') ? $"\"{word}\"" : word;
}
