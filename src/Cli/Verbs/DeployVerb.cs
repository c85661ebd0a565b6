using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Deploying;
using Lambent.Cli.Output;
using Lambent.Cli.Sources;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent deploy</c>: a file, a folder or a zip becomes a function.</summary>
internal sealed class DeployVerb()
    : Verb("deploy", "Make or update a function from a file, a folder or a zip, or state machines from *.asl.json")
{
    private readonly Argument<string> source = new("SOURCE")
    {
        HelpName = "FILE|FOLDER|ZIP",
        Description = "JavaScript, Python, C#, a program, a folder of one, a zip; or *.asl.json, or a folder of them",
    };

    private readonly Option<string?> name = new("--name")
    {
        HelpName = "NAME",
        Description = "The function's name; default: the file's or the folder's",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<string?> runtime = new("--runtime")
    {
        HelpName = "RUNTIME",
        Description = "Such as nodejs20.x; default: by what the source is",
    };

    private readonly Option<string?> handler = new("--handler")
    {
        HelpName = "HANDLER",
        Description = "Such as index.handler; default: what the source exports",
    };

    private readonly Option<int?> memory = new("--memory") { HelpName = "MB", Description = "Memory, 128 to 10240" };

    private readonly Option<int?> timeout = new("--timeout") { HelpName = "S", Description = "Longest call, 1 to 900" };

    private readonly Option<string[]> variables = new("--env")
    {
        HelpName = "NAME=VALUE",
        Description = "Set a variable; may be repeated, others stay",
    };

    private readonly Option<string[]> unsetVariables = new("--unset-env")
    {
        HelpName = "NAME",
        Description = "Remove a variable; may be repeated",
    };

    private readonly Option<int?> concurrency = new("--concurrency")
    {
        HelpName = "N",
        Description = "Calls at a time in one environment, 1 to 1000; default: 1",
    };

    private readonly Option<int?> reserved = new("--reserved")
    {
        HelpName = "N",
        Description = "Calls in flight kept for this function, and its limit; 0 turns it off",
    };

    private readonly Option<string?> isolation = new("--isolation")
    {
        HelpName = "DRIVER",
        Description = "namespace, runc, runsc or process; default: the strongest that works",
    };

    private readonly Option<string?> processor = new("--cpu")
    {
        HelpName = "quota|share",
        Description = "Hold it to its memory's processor share always, or only while others want processors",
    };

    private readonly Option<string[]> layers = new("--layer")
    {
        HelpName = "ARN",
        Description = "A layer version; may be repeated, replaces the layers there are",
    };

    private readonly Option<string?> syncDestination = new("--sync-destination")
    {
        HelpName = "ARN",
        Description = "A function or queue that gets the results of synchronous calls",
    };

    private readonly Option<string?> onSuccess = new("--on-success")
    {
        HelpName = "ARN",
        Description = "A function or queue that gets results of asynchronous calls; empty for none",
    };

    private readonly Option<string?> onFailure = new("--on-failure")
    {
        HelpName = "ARN",
        Description = "A function or queue that gets asynchronous calls that failed for good; empty for none",
    };

    private readonly Option<int?> retries = new("--retries")
    {
        HelpName = "N",
        Description = "Further attempts of an asynchronous call that failed, 0 to 2",
    };

    private readonly Option<int?> eventAge = new("--event-age")
    {
        HelpName = "S",
        Description = "How old an asynchronous call may become, 60 to 21600",
    };

    private readonly Option<bool> url = new("--url") { Description = "Give it a public HTTP address" };

    private readonly Option<bool?> webSocket = new("--websocket")
    {
        HelpName = "true|false",
        Description = "Whether the address takes WebSocket connections",
    };

    private readonly Option<bool?> requestStream = new("--request-stream")
    {
        HelpName = "true|false",
        Description = "Whether the handler reads a request's body as it comes, of any length",
    };

    private readonly Option<bool> express = new("--express")
    {
        Description = "With state machines: make them EXPRESS",
    };

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Only say what would change" };

    protected override IEnumerable<Symbol> Symbols =>
    [
        source, name, runtime, handler, memory, timeout, variables, unsetVariables, concurrency, reserved, isolation,
        processor, layers, syncDestination, onSuccess, onFailure, retries, eventAge, url, webSocket, requestStream,
        express, dryRun,
    ];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var machines = MachineDeployment.FilesOf(context.Environment.FullPath(context.Value(source)));
        if (machines.Count > 0)
        {
            return await DeployMachinesAsync(context, machines, cancellation);
        }

        if (context.Value(express))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, "--express is for state machines.", "lambent deploy NAME.asl.json");
        }

        var request = new DeployRequest(
            context.Value(source),
            new WrittenChoices(context.Value(name), context.Value(runtime), context.Value(handler)),
            Wishes(context));
        if (context.Value(dryRun))
        {
            Print(context, await DeployRun.PlanAsync(context, request, cancellation));
            return ExitCode.Ok;
        }

        using var server = context.Connect();
        Print(context, await DeployRun.DeployAsync(context, server, request, cancellation));
        return ExitCode.Ok;
    }

    private async Task<ExitCode> DeployMachinesAsync(
        CommandContext context, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        if (Symbols.OfType<Option>().FirstOrDefault(option =>
            option != name && option != express && option != dryRun && context.Given(option)) is { } wrong)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, $"{wrong.Name} is for functions, and this is a state machine.",
                "lambent deploy NAME.asl.json [--name NAME] [--express] [--dry-run]");
        }

        if (files.Count > 1 && context.Given(name))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, $"{files.Count} state machines cannot have one name.",
                "lambent deploy NAME.asl.json --name NAME");
        }

        using var server = context.Connect();
        var results = await new MachineDeployment(context, server).DeployAsync(
            files,
            context.Value(name),
            context.Value(express) ? MachineApi.Express : null,
            context.Value(dryRun),
            cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.machines/1", writer =>
            {
                writer.WriteStartArray("machines");
                foreach (var result in results)
                {
                    result.Write(writer);
                }

                writer.WriteEndArray();
            });
            return ExitCode.Ok;
        }

        foreach (var result in results)
        {
            foreach (var change in result.Changes)
            {
                context.Note($"  {change}");
            }

            context.Terminal.Print($"{result.Action} {result.Name}");
        }

        if (!context.Value(dryRun))
        {
            context.Note($"next: lambent execution start {results[0].Name}");
        }

        return ExitCode.Ok;
    }

    private DeploymentWishes Wishes(CommandContext context) => new()
    {
        MemoryMegabytes = context.Value(memory),
        TimeoutSeconds = context.Value(timeout),
        Variables = ParseVariables(context.Value(variables) ?? []),
        VariablesToRemove = context.Value(unsetVariables) ?? [],
        EnvironmentConcurrency = context.Value(concurrency),
        ReservedConcurrency = context.Value(reserved),
        Isolation = context.Value(isolation),
        Processor = context.Value(processor),
        Layers = context.Value(layers) ?? [],
        SyncDestination = context.Value(syncDestination),
        OnSuccess = context.Value(onSuccess),
        OnFailure = context.Value(onFailure),
        Retries = context.Value(retries),
        EventAgeSeconds = context.Value(eventAge),
        Url = context.Value(url),
        WebSocket = context.Value(webSocket),
        RequestStream = context.Value(requestStream),
    };

    private static Dictionary<string, string> ParseVariables(string[] assignments)
    {
        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var assignment in assignments)
        {
            if (assignment.Split('=', 2) is not [{ Length: > 0 } variable, var value])
            {
                throw new CommandFailedException(
                    ExitCode.Usage, FailureCodes.Usage, $"'{assignment}' does not set a variable.", "--env NAME=VALUE");
            }

            parsed[variable] = value;
        }

        return parsed;
    }

    private static void Print(CommandContext context, DeployResult result)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.deployment/1", result.Write);
            return;
        }

        var name = result.Source.Name;
        foreach (var change in result.Plan.Changes)
        {
            context.Note($"  {change}");
        }

        context.Terminal.Print($"{result.Action} {name}");
        if (result.Url is { } address)
        {
            context.Terminal.Print($"url {address}");
        }

        if (result.Action != DeployResult.Planned)
        {
            context.Note($"next: lambent invoke {name} --data '{{}}'");
        }
    }
}
