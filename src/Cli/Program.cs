using Lambent.Cli.Commands;
using Lambent.Cli.Output;
using Lambent.Cli.Verbs;

// The table of verbs, in the order of the help.
CommandHost host = null!;
host = new CommandHost(
    [
        new DeployVerb(),
        new InvokeVerb(),
        new LogsVerb(),
        new ListVerb(),
        new RemoveVerb(),
        new EnvironmentVerb(),
        new DoctorVerb(),
        new AccountVerb(),
        new BenchVerb(),
        new CompletionVerb(),
        new VersionVerb(),
        new CompleteVerb(() => host),
    ],
    Terminal.OfProcess(),
    ProcessEnvironment.OfProcess());
return await host.RunAsync(args);
