using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent schedule</c>: schedules by name.</summary>
internal sealed class ScheduleVerb() : Verb("schedule", "Create, pause, resume, run and delete schedules")
{
    protected override IEnumerable<Verb> Children =>
    [
        new ScheduleCreateVerb(),
        new Remove(),
        new Switch("pause", "Fire no more until it is resumed; what passes meanwhile is not missed", "paused"),
        new Switch("resume", "Fire again at the times to come", "resumed"),
        new Run(),
    ];

    internal static Argument<string> NameArgument(bool isNew = false)
    {
        var name = new Argument<string>("NAME") { Description = "The schedule's name", HelpName = "NAME" };
        if (!isNew)
        {
            name.CompletionSources.Add(Completion.ResourceNames.Schedules);
        }

        return name;
    }

    internal static Option<string> GroupOption() => new("--group")
    {
        Description = "The schedule's group", HelpName = "GROUP", DefaultValueFactory = _ => "default",
    };

    internal static ExitCode Done(CommandContext context, string what, string name, string group, string? id = null)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.schedule/1", writer =>
            {
                writer.WriteString("action", what);
                writer.WriteString("name", name);
                writer.WriteString("group", group);
                if (id is not null)
                {
                    writer.WriteString("id", id);
                }
            });
        }
        else
        {
            context.Terminal.Print(id is null ? $"{what} {name}" : $"{what} {name}: {id}");
        }

        return ExitCode.Ok;
    }

    private sealed class Remove() : Verb("rm", "Delete a schedule; what it handed over already goes on")
    {
        private readonly Argument<string> name = NameArgument();
        private readonly Option<string> group = GroupOption();
        private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };

        protected override IEnumerable<Symbol> Symbols => [name, group, yes];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var (schedule, ofGroup) = (context.Value(name), context.Value(group)!);
            using var server = context.Connect();
            var schedules = new ScheduleApi(server);
            await schedules.GetAsync(ofGroup, schedule, cancellation);
            Confirmation.Demand(
                context, context.Value(yes), schedule, "schedule", $"{schedule} with its list of missed occurrences",
                $"lambent schedule rm {schedule} --yes");
            await schedules.DeleteAsync(ofGroup, schedule, cancellation);
            return Done(context, "deleted", schedule, ofGroup);
        }
    }

    private sealed class Switch(string name, string description, string done) : Verb(name, description)
    {
        private readonly Argument<string> schedule = NameArgument();
        private readonly Option<string> group = GroupOption();

        protected override IEnumerable<Symbol> Symbols => [schedule, group];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            await new ScheduleApi(server).SwitchAsync(
                context.Value(group)!, context.Value(schedule), Name, cancellation);
            return Done(context, done, context.Value(schedule), context.Value(group)!);
        }
    }

    private sealed class Run() : Verb("run", "Fire now, besides its times")
    {
        private readonly Argument<string> name = NameArgument();
        private readonly Option<string> group = GroupOption();

        protected override IEnumerable<Symbol> Symbols => [name, group];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var id = await new ScheduleApi(server).RunAsync(
                context.Value(group)!, context.Value(name), cancellation);
            return Done(context, "fired", context.Value(name), context.Value(group)!, id);
        }
    }
}
