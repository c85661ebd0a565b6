using System.CommandLine;
using System.Globalization;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent schedule create</c>: makes a schedule, or writes one anew.</summary>
internal sealed class ScheduleCreateVerb()
    : Verb("create", "Call a function, send to a queue or start a state machine at times")
{
    private readonly Argument<string> name = ScheduleVerb.NameArgument(isNew: true);
    private readonly Option<string> group = ScheduleVerb.GroupOption();

    private readonly Option<string> when = new("--when")
    {
        Description = "rate(5 minutes), at(2030-12-31T23:59:59), cron(0 9 ? * MON-FRI *), or the fields of cron",
        HelpName = "EXPRESSION",
        Required = true,
    };

    private readonly Option<string?> function = new("--function")
    {
        Description = "The function to call, NAME or NAME:QUALIFIER",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<string?> queue = new("--queue")
    {
        Description = "... or the queue to send to", HelpName = "NAME",
    };

    private readonly Option<string?> machine = new("--machine")
    {
        Description = "... or the state machine to start, NAME or NAME:QUALIFIER",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Machines },
    };

    private readonly Option<string?> input = new("--input")
    {
        Description = "What is handed over; @FILE reads a file", HelpName = "TEXT",
    };

    private readonly Option<string?> messageGroup = new("--message-group")
    {
        Description = "The message group, which FIFO queues need", HelpName = "ID",
    };

    private readonly Option<string?> zone = new("--zone")
    {
        Description = "The time zone of at and cron; default UTC", HelpName = "ZONE",
    };

    private readonly Option<string?> start = new("--start")
    {
        Description = "Not before; a rate counts from it", HelpName = "TIME",
    };

    private readonly Option<string?> end = new("--end") { Description = "Not after", HelpName = "TIME" };

    private readonly Option<int?> window = new("--window")
    {
        Description = "Fire somewhere within so many minutes of the time", HelpName = "MINUTES",
    };

    private readonly Option<int?> runs = new("--runs")
    {
        Description = "Fire at most so many times", HelpName = "N",
    };

    private readonly Option<string?> misfire = new("--misfire")
    {
        Description = "What was missed while no server ran: fire-last (default), fire-all or skip",
        HelpName = "POLICY",
        CompletionSources = { "fire-last", "fire-all", "skip" },
    };

    private readonly Option<string?> overlap = new("--overlap")
    {
        Description = "While the function still works on the one before: allow (default), skip or queue",
        HelpName = "POLICY",
        CompletionSources = { "allow", "skip", "queue" },
    };

    private readonly Option<string?> deadLetter = new("--dead-letter")
    {
        Description = "The queue for what could not be handed over", HelpName = "QUEUE",
    };

    private readonly Option<int?> retries = new("--retries")
    {
        Description = "Further attempts to hand over; default 185", HelpName = "N",
    };

    private readonly Option<string?> description = new("--description")
    {
        Description = "For people", HelpName = "TEXT",
    };

    private readonly Option<bool> disabled = new("--disabled") { Description = "Do not fire before it is resumed" };

    private readonly Option<bool> deleteWhenOver = new("--delete-when-over")
    {
        Description = "Delete the schedule after its last time",
    };

    private readonly Option<bool> replace = new("--replace") { Description = "Write an existing schedule anew" };

    protected override IEnumerable<Symbol> Symbols =>
    [
        name, when, function, queue, machine, input, messageGroup, zone, start, end, window, runs, misfire, overlap,
        deadLetter, retries, description, group, disabled, deleteWhenOver, replace,
    ];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var (target, toQueue, toMachine) = (context.Value(function), context.Value(queue), context.Value(machine));
        if (new[] { target, toQueue, toMachine }.Count(given => given is not null) != 1)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, "A schedule has one target: --function, --queue or --machine.",
                "lambent schedule create --help");
        }

        var call = new PutScheduleCall
        {
            Expression = context.Value(when)!,
            Zone = context.Value(zone),
            StartAt = Time(context.Value(start), "--start"),
            EndAt = Time(context.Value(end), "--end"),
            WindowMinutes = context.Value(window),
            Enabled = !context.Value(disabled),
            Function = target,
            Queue = toQueue,
            StateMachine = toMachine,
            Input = await InputAsync(context.Value(input), cancellation),
            MessageGroup = context.Value(messageGroup),
            DeadLetterQueue = context.Value(deadLetter),
            Retries = context.Value(retries),
            Description = context.Value(description),
            DeleteWhenOver = context.Value(deleteWhenOver),
            Runs = context.Value(runs),
            Misfire = context.Value(misfire),
            Overlap = context.Value(overlap),
            MustBeNew = !context.Value(replace),
        };
        using var server = context.Connect();
        await CheckTargetAsync(server, call, cancellation);
        var made = await new ScheduleApi(server).PutAsync(
            context.Value(group)!, context.Value(name), call, cancellation);
        ScheduleVerb.Done(context, call.MustBeNew ? "created" : "written", made.Name, made.Group);
        context.Note(made.Next.Count > 0
            ? $"next: {string.Join(", ", made.Next.Take(3).Select(ScheduleList.Time))}"
            : "there is no next time");
        return ExitCode.Ok;
    }

    /// <summary>A typing error shows now, not at the first time.</summary>
    private static async Task CheckTargetAsync(
        ServerClient server, PutScheduleCall call, CancellationToken cancellation)
    {
        if (call.Function is { } function)
        {
            var lambda = new LambdaApi(server);
            var bare = function.Split(':')[0];
            await FunctionLookup.NamedAsync(
                lambda, bare, () => lambda.GetFunctionAsync(bare, cancellation), cancellation);
        }
        else if (call.Queue is { } queue)
        {
            await new QueueApi(server).UrlAsync(queue, cancellation);
        }
        else
        {
            await new ExecutionApi(server).FindMachineAsync(call.StateMachine!, cancellation);
        }
    }

    private static async Task<string?> InputAsync(string? given, CancellationToken cancellation)
    {
        if (given is not ['@', .. var path])
        {
            return given;
        }

        try
        {
            return await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, $"The input cannot be read: {unreadable.Message}", "--input TEXT");
        }
    }

    private static DateTimeOffset? Time(string? text, string option)
    {
        if (text is null)
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                $"{option} is not a time: '{text}'.",
                $"{option} 2030-12-31T23:59:59Z");
    }
}
