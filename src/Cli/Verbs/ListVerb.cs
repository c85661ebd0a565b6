using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent ls</c>: what there is, by kind.</summary>
internal sealed class ListVerb() : Verb("ls", "List functions, or another kind of thing")
{
    /// <summary>
    /// Kinds that the server of this version does not have; named, so that the answer is not "unknown".
    /// </summary>
    private static readonly string[] NotInThisVersion =
        ["topics", "streams", "rules"];

    private static readonly Dictionary<string, Func<ListVerb, CommandContext, ServerClient, CancellationToken, Task>>
        Kinds = new(StringComparer.Ordinal)
        {
            ["functions"] = static (verb, context, server, cancellation) => context.Value(verb.wide)
                ? FunctionFigures.ListAsync(context, server, cancellation)
                : FunctionsAsync(context, server, cancellation),
            ["environments"] = static (_, context, server, cancellation) =>
                EnvironmentsAsync(context, server, cancellation),
            ["accounts"] = static (_, context, server, cancellation) => AccountsAsync(context, server, cancellation),
            ["sessions"] = static (_, context, server, cancellation) =>
                DashboardVerb.ListAsync(context, server, cancellation),
            ["layers"] = static (_, context, server, cancellation) => LayersAsync(context, server, cancellation),
            ["queues"] = static (_, context, server, cancellation) =>
                QueueReportVerb.ListAsync(context, server, cancellation),
            ["pushes"] = static (_, context, server, cancellation) =>
                QueuePushVerb.ListAsync(context, server, cancellation),
            ["schedules"] = static (verb, context, server, cancellation) =>
                ScheduleList.WriteAsync(context, server, context.Value(verb.schedule), cancellation),
            ["events"] = static (_, context, server, cancellation) =>
                EventsVerb.ListAsync(context, server, cancellation),
            ["invocations"] = static (verb, context, server, cancellation) =>
                InvocationVerb.ListAsync(context, server, context.Value(verb.function), cancellation),
            ["errors"] = static (_, context, server, cancellation) =>
                ErrorVerb.ListAsync(context, server, cancellation),
            ["executions"] = static (verb, context, server, cancellation) => ExecutionList.ExecutionsAsync(
                context,
                server,
                context.Value(verb.machine),
                context.Value(verb.status),
                context.Value(verb.where) ?? [],
                context.Value(verb.limit),
                cancellation),
            ["machines"] = static (_, context, server, cancellation) =>
                ExecutionList.MachinesAsync(context, server, cancellation),
            ["mappings"] = static (_, context, server, cancellation) =>
                QueueTriggers.ListAsync(context, server, cancellation),
            ["buckets"] = static (_, context, server, cancellation) =>
                ObjectList.BucketsAsync(context, server, cancellation),
            ["objects"] = static (verb, context, server, cancellation) =>
                ObjectList.ObjectsAsync(context, server, verb.Bucket(context), cancellation),
            ["traces"] = static (verb, context, server, cancellation) => TraceVerb.ListAsync(
                context,
                server,
                new TraceFilter(
                    context.Value(verb.function),
                    context.Value(verb.since),
                    context.Value(verb.until),
                    context.Value(verb.longer),
                    context.Value(verb.errors),
                    context.Given(verb.limit) ? context.Value(verb.limit) : TraceVerb.LimitDefault),
                cancellation),
            ["versions"] = static (verb, context, server, cancellation) =>
                VersionsAsync(context, server, verb.Function(context), cancellation),
            ["aliases"] = static (verb, context, server, cancellation) =>
                AliasesAsync(context, server, verb.Function(context), cancellation),
        };

    private readonly Argument<string> kind = new("KIND")
    {
        HelpName = "KIND",
        Description = $"One of {string.Join(", ", Kinds.Keys)}",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => "functions",
        CompletionSources = { _ => Kinds.Keys.Select(name => new System.CommandLine.Completions.CompletionItem(name)) },
    };

    private readonly Argument<string?> function = new("NAME")
    {
        Description = "The function whose versions, aliases or traces, or the bucket whose objects are meant",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<string?> schedule = new("--schedule")
    {
        Description = "With schedules: the times of this one, NAME or GROUP/NAME",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Schedules },
    };

    private readonly Option<string?> machine = new("--machine")
    {
        Description = "With executions: those of this state machine",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Machines },
    };

    private readonly Option<string?> status = new("--status")
    {
        Description = "With executions: running, succeeded, failed, timed-out or aborted ones",
        HelpName = "STATUS",
        CompletionSources =
        {
            _ => new[] { "running", "succeeded", "failed", "timed-out", "aborted" }
                .Select(name => new System.CommandLine.Completions.CompletionItem(name)),
        },
    };

    private readonly Option<string[]> where = new("--where")
    {
        Description = "With executions: those with such an attribute; =, <, <=, >, >=; may be repeated, all must hold",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<int> limit = new("--limit")
    {
        Description = "With executions and traces: at most so many, the latest first",
        HelpName = "N",
        DefaultValueFactory = _ => ExecutionList.LimitDefault,
    };

    private readonly Option<string?> since = new("--since")
    {
        Description = "With traces: how far back, a length such as 15m, 1h, 2d, or a time",
        HelpName = "LENGTH|TIME",
    };

    private readonly Option<string?> until = new("--until")
    {
        Description = "With traces: not after, as --since",
        HelpName = "LENGTH|TIME",
    };

    private readonly Option<double?> longer = new("--longer-than")
    {
        Description = "With traces: those that took at least so many milliseconds",
        HelpName = "MS",
    };

    private readonly Option<bool> errors = new("--errors")
    {
        Description = "With traces: those in which something failed",
    };

    private readonly Option<bool> wide = new("--wide")
    {
        Description = "With functions: calls, errors, percentiles, cold starts and cost of the last day",
    };

    protected override IEnumerable<Symbol> Symbols =>
        [kind, function, schedule, machine, status, where, limit, since, until, longer, errors, wide];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var wanted = context.Value(kind);
        if (!Kinds.TryGetValue(wanted, out var list))
        {
            var known = NotInThisVersion.Contains(wanted);
            throw new CommandFailedException(
                ExitCode.Usage,
                known ? FailureCodes.NotSupported : FailureCodes.Usage,
                known
                    ? $"This server has no {wanted}: not available in this version."
                    : $"There is no kind '{wanted}'; there are {string.Join(", ", Kinds.Keys)}."
                        + Spelling.Question(wanted, Kinds.Keys),
                "lambent ls functions");
        }

        if (context.Value(function) is not null
            && wanted is not ("versions" or "aliases" or "objects" or "invocations" or "traces"))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, $"The list of {wanted} does not take a name.",
                $"lambent ls {wanted}");
        }

        if (context.Value(schedule) is not null && wanted != "schedules")
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, "--schedule is for the list of schedules.", "lambent ls schedules");
        }

        if (wanted != "traces"
            && (context.Given(since) || context.Given(until) || context.Given(longer) || context.Given(errors)))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage,
                "--since, --until, --longer-than and --errors are for the list of traces.",
                "lambent ls traces");
        }

        var isOfExecutions = context.Given(machine) || context.Given(status) || context.Given(where)
            || (context.Given(limit) && wanted != "traces");
        if (isOfExecutions && wanted != "executions")
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage,
                "--machine, --status, --where and --limit are for the list of executions; --limit for traces, too.",
                "lambent ls executions");
        }

        if (context.Value(limit) < 1)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, "--limit must be at least 1.", "lambent ls executions --limit 50");
        }

        using var server = context.Connect();
        await list(this, context, server, cancellation);
        return ExitCode.Ok;
    }

    private string Function(CommandContext context) =>
        context.Value(function) ?? throw new CommandFailedException(
            ExitCode.Usage, FailureCodes.Usage,
            $"Whose {context.Value(kind)}? The function's name is missing.", $"lambent ls {context.Value(kind)} NAME");

    private string Bucket(CommandContext context) =>
        context.Value(function) ?? throw new CommandFailedException(
            ExitCode.Usage, FailureCodes.Usage, "Of which bucket? Its name is missing.", "lambent ls buckets");

    private static async Task FunctionsAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation)
    {
        var functions = await new LambdaApi(server).AllFunctionsAsync(cancellation);
        var now = context.Environment.Time.GetUtcNow();
        Write(
            context, "functions", functions,
            ["NAME", "RUNTIME", "HANDLER", "MEMORY", "TIMEOUT", "CODE", "CHANGED"],
            function =>
            [
                function.FunctionName, function.Runtime ?? "", function.Handler ?? "", $"{function.MemorySize} MB",
                $"{function.Timeout} s", Quantity.Bytes(function.CodeSize), Quantity.Since(function.LastModified, now),
            ],
            (writer, function) =>
            {
                writer.WriteString("name", function.FunctionName);
                writer.WriteString("arn", function.FunctionArn);
                writer.WriteString("runtime", function.Runtime);
                writer.WriteString("handler", function.Handler);
                writer.WriteNumber("memoryMegabytes", function.MemorySize);
                writer.WriteNumber("timeoutSeconds", function.Timeout);
                writer.WriteNumber("codeBytes", function.CodeSize);
                writer.WriteString("codeSha256", function.CodeSha256);
                writer.WriteString("lastModified", function.LastModified);
            },
            "lambent deploy FILE|FOLDER");
    }

    private static async Task EnvironmentsAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation)
    {
        var environments = await new NativeApi(server).EnvironmentsAsync(cancellation);
        var now = context.Environment.Time.GetUtcNow();
        Write(
            context, "environments", environments,
            ["ID", "FUNCTION", "VERSION", "STATE", "CALLS", "MEMORY", "STARTED"],
            environment =>
            [
                environment.Id, environment.Function, environment.Version, environment.State,
                environment.Calls.ToString(CultureInfo.InvariantCulture), $"{environment.MemoryMegabytes} MB",
                Quantity.Since(environment.StartedAt, now),
            ],
            (writer, environment) =>
            {
                writer.WriteString("id", environment.Id);
                writer.WriteString("function", environment.Function);
                writer.WriteString("version", environment.Version);
                writer.WriteString("state", environment.State);
                writer.WriteNumber("calls", environment.Calls);
                writer.WriteString("startedAt", environment.StartedAt);
                writer.WriteNumber("memoryMegabytes", environment.MemoryMegabytes);
            },
            "lambent invoke NAME");
    }

    private static async Task AccountsAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation) =>
        AccountVerb.WriteList(context, await new NativeApi(server).AccountsAsync(cancellation));

    private static async Task LayersAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation)
    {
        var layers = await new LambdaApi(server).LayersAsync(cancellation);
        Write(
            context, "layers", layers,
            ["NAME", "VERSION", "RUNTIMES", "ARN"],
            layer =>
            [
                layer.LayerName,
                (layer.LatestMatchingVersion?.Version ?? 0).ToString(CultureInfo.InvariantCulture),
                string.Join(',', layer.LatestMatchingVersion?.CompatibleRuntimes ?? []),
                layer.LatestMatchingVersion?.LayerVersionArn ?? layer.LayerArn,
            ],
            (writer, layer) =>
            {
                writer.WriteString("name", layer.LayerName);
                writer.WriteString("arn", layer.LayerArn);
                writer.WriteNumber("latestVersion", layer.LatestMatchingVersion?.Version ?? 0);
                writer.WriteString("latestVersionArn", layer.LatestMatchingVersion?.LayerVersionArn);
            },
            "aws lambda publish-layer-version");
    }

    private static async Task VersionsAsync(
        CommandContext context, ServerClient server, string name, CancellationToken cancellation)
    {
        var lambda = new LambdaApi(server);
        var versions = await FunctionLookup.NamedAsync(
            lambda, name, () => lambda.VersionsAsync(name, cancellation), cancellation);
        var now = context.Environment.Time.GetUtcNow();
        Write(
            context, "versions", versions,
            ["VERSION", "RUNTIME", "CODE", "CHANGED", "DESCRIPTION"],
            version =>
            [
                version.Version ?? "", version.Runtime ?? "", Quantity.Bytes(version.CodeSize),
                Quantity.Since(version.LastModified, now), version.Description ?? "",
            ],
            (writer, version) =>
            {
                writer.WriteString("version", version.Version);
                writer.WriteString("arn", version.FunctionArn);
                writer.WriteString("runtime", version.Runtime);
                writer.WriteNumber("codeBytes", version.CodeSize);
                writer.WriteString("codeSha256", version.CodeSha256);
                writer.WriteString("lastModified", version.LastModified);
                writer.WriteString("description", version.Description);
            },
            $"aws lambda publish-version --function-name {name}");
    }

    private static async Task AliasesAsync(
        CommandContext context, ServerClient server, string name, CancellationToken cancellation)
    {
        var lambda = new LambdaApi(server);
        var aliases = await FunctionLookup.NamedAsync(
            lambda, name, () => lambda.AliasesAsync(name, cancellation), cancellation);
        Write(
            context, "aliases", aliases,
            ["ALIAS", "VERSION", "ALSO", "DESCRIPTION"],
            alias => [alias.Name, alias.FunctionVersion, Weights(alias), alias.Description ?? ""],
            (writer, alias) =>
            {
                writer.WriteString("name", alias.Name);
                writer.WriteString("version", alias.FunctionVersion);
                writer.WriteString("description", alias.Description);
                writer.WriteStartObject("additionalVersionWeights");
                foreach (var (version, weight) in alias.RoutingConfig?.AdditionalVersionWeights ?? [])
                {
                    writer.WriteNumber(version, weight);
                }

                writer.WriteEndObject();
            },
            $"aws lambda create-alias --function-name {name} --name live --function-version 1");
    }

    private static string Weights(AliasConfiguration alias) =>
        string.Join(", ", (alias.RoutingConfig?.AdditionalVersionWeights ?? []).Select(
            weight => $"{weight.Key}: {weight.Value:P0}"));

    /// <summary>A list as a table, or as the document lambent.KIND/1 with the items under the kind's name.</summary>
    internal static void Write<T>(
        CommandContext context, string kind, List<T> items, string[] headings, Func<T, string[]> cells,
        Action<Utf8JsonWriter, T> writeMembers, string nextCommand)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, $"lambent.{kind}/1", writer =>
            {
                writer.WriteStartArray(kind);
                foreach (var item in items)
                {
                    writer.WriteStartObject();
                    writeMembers(writer, item);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return;
        }

        if (items.Count == 0)
        {
            context.Note($"no {kind} yet; next: {nextCommand}");
            return;
        }

        var table = new ColumnTable(headings);
        items.ForEach(item => table.Add(cells(item)));
        table.Write(context.Terminal.Output);
    }
}
