using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary>What <c>stop</c> and <c>redrive</c> share: one execution by its name, or many of a machine.</summary>
internal abstract class ExecutionBulkVerb(string name, string description) : Verb(name, description)
{
    private const int CountMax = 10_000;

    private readonly Argument<string?> execution = new("EXECUTION")
    {
        Description = "MACHINE/NAME, or an ARN; none with --machine",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
        HelpName = "EXECUTION",
        CompletionSources = { Completion.ResourceNames.Executions },
    };

    private readonly Option<string?> machine = new("--machine")
    {
        Description = "Those of this state machine, the latest first",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Machines },
    };

    private readonly Option<int> count = new("--count")
    {
        Description = "With --machine: at most so many", HelpName = "N", DefaultValueFactory = _ => CountMax,
    };

    private readonly Option<double?> rate = new("--rate")
    {
        Description = "With --machine: at most so many in a second", HelpName = "PER_SECOND",
    };

    protected Option<string?> Error { get; } = new("--error") { HelpName = "ERROR" };

    protected override IEnumerable<Symbol> Symbols => [execution, machine, count, rate, Error];

    protected abstract Task<ExitCode> ChangeAsync(
        CommandContext context, ExecutionApi executions, ExecutionName name, CancellationToken cancellation);

    /// <summary>What is sent for many, or a failure when somebody has to be asked first.</summary>
    protected abstract BulkCall Wish(CommandContext context, BulkCall wish);

    protected abstract string Changed { get; }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var (one, of) = (context.Value(execution), context.Value(machine));
        if ((one is null) == (of is null) || (of is null && (context.Given(count) || context.Given(rate))))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage,
                "One of MACHINE/NAME and --machine is needed; --count and --rate go with --machine.",
                $"lambent execution {Name} --help");
        }

        if (one is not null)
        {
            var named = ExecutionName.Read(one);
            using var client = context.Connect();
            return await ChangeAsync(context, new ExecutionApi(client), named, cancellation);
        }

        var wish = Wish(
            context,
            new BulkCall
            {
                Machine = of!,
                Count = context.Value(count),
                PerSecond = context.Value(rate),
                Error = context.Value(Error),
            });
        using var server = context.Connect();
        var done = await Progress.DuringAsync(
            context,
            $"Executions of {of}",
            () => new ExecutionApi(server).ChangeManyAsync(Name, wish, cancellation));
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.executions-changed/1", writer =>
            {
                writer.WriteString("action", Changed);
                writer.WriteString("machine", of);
                writer.WriteNumber("changed", done.Changed);
                writer.WriteNumber("refused", done.Refused);
            });
        }
        else
        {
            var refused = done.Refused == 0 ? "" : $"; {done.Refused} had changed meanwhile";
            context.Terminal.Print($"{Changed} {Quantity.Count(done.Changed, "execution")} of {of}{refused}");
        }

        return ExitCode.Ok;
    }
}

/// <summary><c>lambent execution stop</c>.</summary>
internal sealed class ExecutionStopVerb : ExecutionBulkVerb
{
    private readonly Option<string?> cause = new("--cause") { Description = "Why, for people", HelpName = "TEXT" };
    private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };

    public ExecutionStopVerb()
        : base("stop", "End an execution, or with --machine those that run; tasks under way are given up") =>
        Error.Description = "The error it ends with";

    protected override IEnumerable<Symbol> Symbols => [.. base.Symbols, cause, yes];

    protected override string Changed => "stopped";

    protected override async Task<ExitCode> ChangeAsync(
        CommandContext context, ExecutionApi executions, ExecutionName name, CancellationToken cancellation) =>
        ExecutionVerb.Done(
            context,
            Changed,
            await executions.StopAsync(
                name, new StopCall(context.Value(Error), context.Value(cause)), cancellation));

    protected override BulkCall Wish(CommandContext context, BulkCall wish)
    {
        // One that was stopped can be redriven; still, many at once are worth a question.
        Confirmation.Demand(
            context,
            context.Value(yes),
            wish.Machine,
            "state machine",
            $"up to {wish.Count} executions of {wish.Machine} with the work they have under way",
            $"lambent execution stop --machine {wish.Machine} --yes",
            "stop");
        return wish with { Cause = context.Value(cause) };
    }
}

/// <summary><c>lambent execution redrive</c>.</summary>
internal sealed class ExecutionRedriveVerb : ExecutionBulkVerb
{
    private readonly Option<string?> status = new("--status")
    {
        Description = "With --machine: failed, the default, timed-out or aborted ones", HelpName = "STATUS",
    };

    public ExecutionRedriveVerb()
        : base(
            "redrive",
            "Take up an execution that failed, or with --machine many; what succeeded is not done again") =>
        Error.Description = "With --machine: only those that ended with it";

    protected override IEnumerable<Symbol> Symbols => [.. base.Symbols, status];

    protected override string Changed => "redriven";

    protected override async Task<ExitCode> ChangeAsync(
        CommandContext context, ExecutionApi executions, ExecutionName name, CancellationToken cancellation)
    {
        if (context.Given(status) || context.Given(Error))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, "--status and --error go with --machine.",
                $"lambent execution redrive {name}");
        }

        return ExecutionVerb.Done(context, Changed, await executions.ChangeAsync(name, Name, cancellation));
    }

    protected override BulkCall Wish(CommandContext context, BulkCall wish) =>
        wish with { Status = context.Value(status) };
}
