using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent why</c>: what the scale controller decided, and from which numbers.</summary>
internal sealed class WhyVerb() : Verb("why", "Say what the scale controller decided last, and why")
{
    private readonly Argument<string> name = new("NAME")
    {
        Description = "A function, or a queue that feeds one",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<bool> decisions = new("--decisions")
    {
        Description = "List the decisions that are kept: the changes, and a sample every ten seconds",
    };

    private readonly Option<bool> replay = new("--replay")
    {
        Description = "Decide again from the kept numbers, and say whether it comes out the same",
    };

    private readonly Option<string?> recorded = new("--recorded")
    {
        Description = "... from those in a file, which --decisions --json wrote, instead",
        HelpName = "FILE",
    };

    protected override IEnumerable<Symbol> Symbols => [name, decisions, replay, recorded];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var (lists, replays) = (context.Value(decisions), context.Value(replay));
        if ((lists && replays) || (context.Value(recorded) is not null && !replays))
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                lists && replays ? "--decisions and --replay exclude each other." : "--recorded needs --replay.",
                "lambent why --help");
        }

        using var server = context.Connect();
        var scaling = new ScalingApi(server);
        var asked = context.Value(name);
        if (context.Value(recorded) is { } file)
        {
            var content = await ReadAsync(context.Environment.FullPath(file), cancellation);
            return Replay(context, await scaling.ReplayAsync(content, cancellation));
        }

        var answer = await FunctionLookup.NamedAsync(
            new LambdaApi(server),
            asked,
            () => lists ? scaling.DecisionsAsync(asked, cancellation)
                : replays ? scaling.ReplayAsync(asked, cancellation)
                : scaling.DescribeAsync(asked, cancellation),
            cancellation);
        if (replays)
        {
            return Replay(context, answer);
        }

        var controllers = As(answer, ScalingJson.Default.ScalingEntries).Controllers;
        if (context.Json)
        {
            Pass(context, lists ? "lambent.scaling-decisions/1" : "lambent.scaling/1", answer);
            return ExitCode.Ok;
        }

        if (controllers.Count == 0)
        {
            context.Terminal.Print($"{asked}: nothing was decided, because it was not called since the server started");
        }

        controllers.ForEach(entry => Print(context, entry, lists));
        return ExitCode.Ok;
    }

    private static void Print(CommandContext context, ScalingEntry entry, bool lists)
    {
        if (!lists)
        {
            context.Terminal.Print($"{entry.Title}, {Local(context, entry.Last?.At ?? "")}");
            entry.Explanation.ForEach(sentence => context.Terminal.Print($"  {sentence}"));
            return;
        }

        context.Terminal.Print(entry.Title);
        var table = new ColumnTable("AT", "CALLS", "ENVIRONMENTS", "RATE/S", "REASON", "LIMIT", "CHANGE");
        foreach (var moment in entry.Decisions)
        {
            var decision = moment.Decision;
            table.Add(
                Local(context, moment.At),
                Number(decision.Concurrency),
                Number(decision.Environments),
                decision.RatePerSecond.ToString("0.##", CultureInfo.InvariantCulture),
                decision.Reason,
                decision.Limit == "None" ? "" : $"{decision.Limit} (of {decision.Wanted})",
                moment.IsChange ? "yes" : "");
        }

        table.Write(context.Terminal.Output);
    }

    private static ExitCode Replay(CommandContext context, JsonElement answer)
    {
        var result = As(answer, ScalingJson.Default.ScalingReplay);
        if (context.Json)
        {
            Pass(context, "lambent.scaling-replay/1", answer);
        }
        else
        {
            var count = Quantity.Count(result.Replayed, "decision");
            context.Terminal.Print(result.Differing.Count == 0
                ? $"{count} made again, all the same"
                : $"{count} made again, {result.Differing.Count} of them differ:");
            foreach (var one in result.Differing)
            {
                context.Terminal.Print(
                    $"  {one.Source ?? one.Function} {Local(context, one.At)}: "
                    + $"{Describe(one.Recorded)} then, {Describe(one.Now)} now");
            }
        }

        return result.Differing.Count == 0 ? ExitCode.Ok : ExitCode.Conflict;
    }

    private static string Describe(ScalingNumbers numbers) =>
        $"{Number(numbers.Concurrency)} calls in {Quantity.Count(numbers.Environments, "environment")} "
        + $"({numbers.Reason})";

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                $"{path} cannot be read: {unreadable.Message}",
                "lambent why NAME --decisions --json > FILE");
        }
    }

    private static void Pass(CommandContext context, string schema, JsonElement answer) =>
        JsonReport.Write(context.Terminal, schema, writer =>
        {
            foreach (var member in answer.EnumerateObject())
            {
                member.WriteTo(writer);
            }
        });

    private static T As<T>(JsonElement answer, JsonTypeInfo<T> shape)
        where T : class
    {
        try
        {
            return answer.Deserialize(shape) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandFailedException(
                ExitCode.Internal,
                FailureCodes.ServerAnswerUnreadable,
                "The answer is not what this API promises.",
                "check --endpoint and AWS_ENDPOINT_URL");
        }
    }

    private static string Local(CommandContext context, string at) =>
        DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? TimeZoneInfo.ConvertTime(time, context.Environment.Time.LocalTimeZone)
                .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : at;

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
