using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent provision</c>: keeps environments of a version or alias started, always or at times.</summary>
internal sealed class ProvisionVerb() : Verb("provision", "Keep environments of a version or alias started")
{
    private readonly Argument<string> name = new("NAME")
    {
        Description = "The function's name",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<string?> qualifier = new("--qualifier")
    {
        Description = "A version number or an alias; without it all are listed",
        HelpName = "Q",
    };

    private readonly Option<int?> count = new("--count")
    {
        Description = "Calls at a time for which environments are ready",
        HelpName = "N",
    };

    private readonly Option<string?> from = new("--from")
    {
        Description = "The count holds only from this time of day",
        HelpName = "HH:MM",
    };

    private readonly Option<string?> to = new("--to") { Description = "... to this one", HelpName = "HH:MM" };

    private readonly Option<string?> days = new("--days")
    {
        Description = "... on these days: daily, mon-fri, sat,sun",
        HelpName = "DAYS",
    };

    private readonly Option<string?> zone = new("--zone")
    {
        Description = "... on the clock of this time zone; default UTC",
        HelpName = "ZONE",
    };

    private readonly Option<bool> remove = new("--remove")
    {
        Description = "Let the environments go, and forget all times",
    };

    protected override IEnumerable<Symbol> Symbols => [name, qualifier, count, from, to, days, zone, remove];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        Check(context);
        var function = context.Value(name);
        using var server = context.Connect();
        var native = new NativeApi(server);
        if (context.Value(remove))
        {
            await native.UnprovisionAsync(function, context.Value(qualifier)!, cancellation);
        }
        else if (context.Value(count) is { } wanted)
        {
            await native.ProvisionAsync(
                function,
                context.Value(qualifier)!,
                await CallAsync(context, native, function, wanted, cancellation),
                cancellation);
        }

        var entries = await FunctionLookup.NamedAsync(
            new LambdaApi(server), function, () => native.ProvisionedAsync(function, cancellation), cancellation);
        if (context.Value(qualifier) is { } one)
        {
            entries = [.. entries.Where(entry => entry.Qualifier == one)];
        }

        Report(context, function, entries);
        return ExitCode.Ok;
    }

    private void Check(CommandContext context)
    {
        var hasCount = context.Value(count) is not null;
        var hasTime = context.Value(from) is not null || context.Value(to) is not null
            || context.Value(days) is not null || context.Value(zone) is not null;
        var wrong = (hasCount || context.Value(remove)) && context.Value(qualifier) is null
                ? "--qualifier is needed: a version number or an alias ($LATEST cannot be provisioned)."
            : hasCount && context.Value(remove) ? "--count and --remove exclude each other."
            : hasTime && !hasCount ? "--from, --to, --days and --zone need --count."
            : hasTime && (context.Value(from) is null || context.Value(to) is null)
                ? "A time needs both --from and --to."
            : null;
        if (wrong is not null)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, wrong, "lambent provision --help");
        }
    }

    /// <summary>A time is added to those there are, or replaces the same one.</summary>
    private async Task<ProvisionCall> CallAsync(
        CommandContext context, NativeApi native, string function, int wanted, CancellationToken cancellation)
    {
        if (context.Value(from) is not { } opens)
        {
            return new ProvisionCall { Count = wanted };
        }

        var window = new WindowEntry
        {
            From = opens,
            To = context.Value(to)!,
            Days = context.Value(days) ?? "daily",
            Zone = context.Value(zone) ?? "UTC",
            Count = wanted,
        };
        var others = (await native.ProvisionedAsync(function, cancellation))
            .Where(entry => entry.Qualifier == context.Value(qualifier))
            .SelectMany(entry => entry.Windows)
            .Where(other => !other.IsSameTime(window));
        return new ProvisionCall { Windows = [.. others, window] };
    }

    private static void Report(CommandContext context, string function, List<ProvisionedEntry> entries)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.provisioned/1", writer =>
            {
                writer.WriteString("function", function);
                writer.WritePropertyName("provisioned");
                JsonSerializer.Serialize(writer, entries, ProvisionedJson.Default.ListProvisionedEntry);
            });
            return;
        }

        if (entries.Count == 0)
        {
            context.Note($"nothing is provisioned for {function}");
            return;
        }

        var table = new ColumnTable("QUALIFIER", "COUNT", "NOW", "READY", "STATUS", "TIMES");
        foreach (var entry in entries)
        {
            table.Add(
                entry.Qualifier,
                Number(entry.Count),
                Number(entry.Requested),
                Number(entry.Available),
                entry.StatusReason is null ? entry.Status : $"{entry.Status} ({entry.StatusReason})",
                string.Join("; ", entry.Windows.Select(window =>
                    $"{window.Count} {window.Days} {window.From}-{window.To} {window.Zone}")));
        }

        table.Write(context.Terminal.Output);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
