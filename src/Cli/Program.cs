using Lambent.Cli.Commands;
using Lambent.Cli.Output;
using Lambent.Cli.Serving;
using Lambent.Cli.Verbs;

namespace Lambent.Cli;

/// <summary>The one executable: a table of verbs.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) =>
        CreateHost(Terminal.OfProcess(), ProcessEnvironment.OfProcess()).RunAsync(arguments);

    /// <summary>The verbs, in the order of the help.</summary>
    internal static CommandHost CreateHost(Terminal terminal, ProcessEnvironment environment)
    {
        CommandHost host = null!;
        host = new CommandHost(
            [
                new UpVerb(() => new ServerRunner()),
                new DeployVerb(),
                new InvokeVerb(),
                new LogsVerb(),
                new TraceVerb(),
                new RegressionsVerb(),
                new MetricsVerb(),
                new TopVerb(),
                new BillVerb(),
                new RatesVerb(),
                new AlertVerb(),
                new ListVerb(),
                new RemoveVerb(),
                new ProvisionVerb(),
                new WhyVerb(),
                new QueueVerb(),
                new ScheduleVerb(),
                new EventsVerb(),
                new InvocationVerb(),
                new ErrorVerb(),
                new ReplayVerb(),
                new ExecutionVerb(),
                new WebhookVerb(),
                new EnvironmentVerb(),
                new DashboardVerb(),
                new DoctorVerb(),
                new AccountVerb(),
                new BenchVerb(),
                new CompletionVerb(),
                new VersionVerb(),
                new CompleteVerb(() => host),
            ],
            terminal,
            environment);
        return host;
    }
}
