using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary>
/// <c>lambent replay --failed</c>: the server accepts the calls as events, which go on without this program; it asks
/// how far they are.
/// </summary>
internal sealed class ReplayManyOptions
{
    private const int BarWidth = 30;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Option<bool> failed = new("--failed") { Description = "All calls that failed, not one" };

    private readonly Option<string?> function = new("--function")
    {
        Description = "With --failed: of this function",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<string?> error = new("--error")
    {
        Description = "With --failed: with this group of errors", HelpName = "ID",
    };

    private readonly Option<string?> since = new("--since")
    {
        Description = "With --failed: since a length such as 1h, or a time; default: 1h", HelpName = "LENGTH|TIME",
    };

    private readonly Option<double?> rate = new("--rate")
    {
        Description = "With --failed: at most so many in a second", HelpName = "PER_SECOND",
    };

    private readonly Option<int?> count = new("--count")
    {
        Description = "With --failed: at most so many, up to 10000", HelpName = "N",
    };

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "With --failed: only say how many" };

    private readonly Option<bool> yes = new("--yes") { Description = "With --failed: do not ask" };

    private readonly Option<bool> noWait = new("--no-wait")
    {
        Description = "With --failed: do not wait for the end",
    };

    private readonly Option<string?> cancel = new("--cancel")
    {
        Description = "Cancel what waits of an earlier --failed", HelpName = "JOB",
    };

    private readonly Option<string?> watch = new("--watch")
    {
        Description = "Wait for the end of an earlier --failed", HelpName = "JOB",
    };

    public IEnumerable<Symbol> Symbols =>
        [failed, function, error, since, rate, count, dryRun, yes, noWait, watch, cancel];

    public bool IsAsked(CommandContext context) =>
        context.Value(failed) || context.Value(cancel) is not null || context.Value(watch) is not null;

    public async Task<ExitCode> RunAsync(
        CommandContext context, InvocationApi api, string? version, CancellationToken cancellation)
    {
        if (context.Value(cancel) is { } stopped)
        {
            return Print(context, await api.CancelAsync(stopped, cancellation));
        }

        if (context.Value(watch) is { } watched)
        {
            return await WatchAsync(context, api, watched, null, cancellation);
        }

        var call = new ReplayBatchCall(
            context.Value(function), context.Value(error), context.Value(since) ?? "1h", null, version,
            context.Value(rate), context.Value(count), IsDryRun: true);
        var plan = await api.ReplayAsync(call, cancellation);
        if (context.Value(dryRun) || plan.Accepted == 0)
        {
            Print(context, plan);
            return ExitCode.Ok;
        }

        Tell(context, plan);
        Confirmation.Demand(
            context,
            context.Value(yes),
            context.Value(function) ?? "replay",
            context.Value(function) is null ? "word" : "function",
            Quantity.Count(plan.Accepted, "call"),
            "lambent replay --failed --yes",
            "repeat");
        plan = await api.ReplayAsync(call with { IsDryRun = false }, cancellation);
        if (context.Value(noWait) || context.Json)
        {
            Print(context, plan);
            return ExitCode.Ok;
        }

        context.Note($"job {plan.Job}; it goes on without this command: lambent replay --watch {plan.Job}");
        return await WatchAsync(context, api, plan.Job!, plan.Accepted, cancellation);
    }

    private static async Task<ExitCode> WatchAsync(
        CommandContext context, InvocationApi api, string job, int? total, CancellationToken cancellation)
    {
        while (true)
        {
            var progress = await api.ProgressAsync(job, cancellation);
            var all = Math.Max(total ?? 0, progress.Waiting + progress.Succeeded + progress.Failed);
            var done = all - progress.Waiting;
            if (context.Terminal.ErrorIsTerminal && !context.Quiet && !context.Json)
            {
                await context.Terminal.Error.WriteAsync($"\r{Bar(done, all)} {done}/{all} ");
            }

            if (progress.Waiting == 0)
            {
                if (context.Terminal.ErrorIsTerminal && !context.Quiet && !context.Json)
                {
                    await context.Terminal.Error.WriteLineAsync();
                }

                return Print(context, progress);
            }

            await Task.Delay(Period, context.Environment.Time, cancellation);
        }
    }

    private static string Bar(long done, long all)
    {
        var filled = all == 0 ? BarWidth : (int)(done * BarWidth / all);
        return $"{new string('█', filled)}{new string('░', BarWidth - filled)}";
    }

    private static ExitCode Print(CommandContext context, ReplayProgress progress)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.replays/1", writer =>
            {
                writer.WriteString("job", progress.Job);
                writer.WriteNumber("waiting", progress.Waiting);
                writer.WriteNumber("succeeded", progress.Succeeded);
                writer.WriteNumber("failed", progress.Failed);
                writer.WriteNumber("cancelled", progress.Cancelled ?? 0);
            });
        }
        else
        {
            context.Terminal.Print($"{progress.Succeeded} succeeded, {progress.Failed} failed"
                + (progress.Cancelled is { } gone ? $", {gone} cancelled" : "")
                + (progress.Waiting > 0 ? $", {progress.Waiting} to go" : ""));
        }

        return progress.Failed == 0 ? ExitCode.Ok : ExitCode.FunctionFailed;
    }

    private static void Print(CommandContext context, ReplayPlan plan)
    {
        if (!context.Json)
        {
            Tell(context, plan);
            context.Terminal.Print(plan.Job is null
                ? $"{Quantity.Count(plan.Accepted, "call")} would be repeated"
                : $"{Quantity.Count(plan.Accepted, "call")} accepted as job {plan.Job}");
            return;
        }

        JsonReport.Write(context.Terminal, "lambent.replay-plan/1", writer =>
        {
            writer.WriteString("job", plan.Job);
            writer.WriteNumber("matched", plan.Matched);
            writer.WriteNumber("accepted", plan.Accepted);
            writer.WriteStartObject("skipped");
            foreach (var (why, skipped) in plan.Skipped)
            {
                writer.WriteNumber(why, skipped);
            }

            writer.WriteEndObject();
        });
    }

    private static void Tell(CommandContext context, ReplayPlan plan)
    {
        context.Note($"{Quantity.Count(plan.Matched, "failed call")} found, {plan.Accepted} to repeat");
        foreach (var (why, skipped) in plan.Skipped)
        {
            context.Note($"  {skipped} left out: {ControlCodes.Strip(why)}");
        }
    }
}
