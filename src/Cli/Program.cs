using Lambent.Cli.Commands;
using Lambent.Cli.Output;
using Lambent.Cli.Verbs;

// The table of verbs, in the order of the help.
CommandHost host = null!;
host = new CommandHost(
    [
        new VersionVerb(),
        new InvokeVerb(),
        new LogsVerb(),
        new ListVerb(),
        new RemoveVerb(),
        new EnvironmentVerb(),
        new AccountVerb(),
        new BenchVerb(),
        new CompletionVerb(),
        new CompleteVerb(() => host),
    ],
    Terminal.OfProcess(),
    ProcessEnvironment.OfProcess());
return await host.RunAsync(args);
