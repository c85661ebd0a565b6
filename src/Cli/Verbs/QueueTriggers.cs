using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Cli.Commands;
using Lambent.Cli.Completion;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary>The part of <c>lambent queue</c> that lets messages call functions.</summary>
internal static class QueueTriggers
{
    public static IEnumerable<Verb> Verbs =>
    [
        new Trigger(),
        new Switch("pause", "Let the messages of a queue wait", "paused", enabled: false),
        new Switch("resume", "Let the messages of a queue call the function again", "resumed", enabled: true),
        new Untrigger(),
    ];

    public static async Task ListAsync(CommandContext context, ServerClient server, CancellationToken cancellation) =>
        ListVerb.Write(
            context, "mappings", await new MappingApi(server).AllAsync(null, cancellation),
            ["QUEUE", "FUNCTION", "STATE", "BATCH", "WINDOW", "CONCURRENCY", "LAST RESULT"],
            mapping =>
            [
                mapping.Queue, mapping.Function, mapping.State, $"{mapping.BatchSize}", $"{mapping.WindowSeconds} s",
                mapping.Concurrency is { } most ? $"{most}" : "-", mapping.LastResult ?? "-",
            ],
            WriteMembers,
            "lambent queue trigger QUEUE FUNCTION");

    private static void WriteMembers(Utf8JsonWriter writer, MappingEntry mapping)
    {
        writer.WriteString("id", mapping.Id);
        writer.WriteString("queue", mapping.Queue);
        writer.WriteString("function", mapping.Function);
        writer.WriteString("state", mapping.State);
        writer.WriteNumber("batchSize", mapping.BatchSize);
        writer.WriteNumber("windowSeconds", mapping.WindowSeconds);
        if (mapping.Concurrency is { } most)
        {
            writer.WriteNumber("concurrency", most);
        }

        writer.WriteStartArray("filters");
        foreach (var filter in mapping.Filters)
        {
            writer.WriteStringValue(filter);
        }

        writer.WriteEndArray();
        writer.WriteString("lastResult", mapping.LastResult);
    }

    private static ExitCode Done(CommandContext context, string what, MappingEntry mapping)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.mapping/1", writer =>
            {
                writer.WriteString("action", what);
                WriteMembers(writer, mapping);
            });
        }
        else
        {
            context.Terminal.Print($"{what} {mapping.Queue} -> {mapping.Function}");
        }

        return ExitCode.Ok;
    }

    /// <summary>A verb about the trigger of one queue and one function.</summary>
    private abstract class OfOne(string name, string description) : Verb(name, description)
    {
        protected Argument<string> Queue { get; } = new("QUEUE")
        {
            Description = "The queue's name", HelpName = "QUEUE",
        };

        protected Argument<string> Function { get; } = new("FUNCTION")
        {
            Description = "The function's name, with :ALIAS or :VERSION for one of those",
            HelpName = "FUNCTION",
            CompletionSources = { ResourceNames.Functions },
        };

        protected override IEnumerable<Symbol> Symbols => [Queue, Function];

        /// <summary>The queue's ARN, or what its name might have been meant to be.</summary>
        protected async Task<string> ArnAsync(
            CommandContext context, QueueApi queues, CancellationToken cancellation)
        {
            var queue = context.Value(Queue);
            try
            {
                return await queues.ArnAsync(queue, cancellation);
            }
            catch (CommandFailedException failed) when (failed.Failure.Exit == ExitCode.NotFound)
            {
                var all = await queues.AllAsync(cancellation);
                throw new CommandFailedException(failed.Failure with
                {
                    Message = failed.Failure.Message + Spelling.Question(queue, all.Select(other => other.Name)),
                });
            }
        }

        protected static async Task<MappingEntry?> FindAsync(
            MappingApi mappings, string queueArn, string function, CancellationToken cancellation) =>
            (await mappings.AllAsync(queueArn, cancellation)).Find(mapping => mapping.Function == function);

        /// <summary>The trigger, or the failure that there is none, with those there are.</summary>
        protected async Task<MappingEntry> DemandAsync(
            CommandContext context, ServerClient server, CancellationToken cancellation)
        {
            // Not by the queue's ARN: a trigger is to be found when its queue is gone.
            var (queue, function) = (context.Value(Queue), context.Value(Function));
            var all = await new MappingApi(server).AllAsync(null, cancellation);
            return all.Find(mapping => mapping.Queue == queue && mapping.Function == function)
                ?? throw new CommandFailedException(
                    ExitCode.NotFound, "ResourceNotFound",
                    $"{queue} does not trigger {function}."
                    + Spelling.Question(
                        $"{queue} {function}", all.Select(mapping => $"{mapping.Queue} {mapping.Function}")),
                    "lambent ls mappings");
        }
    }

    private sealed class Trigger() : OfOne("trigger", "Call a function with the messages of a queue, or change how")
    {
        private readonly Option<int?> batch = new("--batch")
        {
            Description = "Messages of one call, 1 to 10000; above 10 with --window", HelpName = "N",
        };

        private readonly Option<int?> window = new("--window")
        {
            Description = "Seconds to wait for a full batch, 0 to 300", HelpName = "SECONDS",
        };

        private readonly Option<string[]> filter = new("--filter")
        {
            Description = "An event pattern that messages must match; may be given again",
            HelpName = "JSON",
            AllowMultipleArgumentsPerToken = false,
        };

        private readonly Option<int?> concurrency = new("--concurrency")
        {
            Description = "Calls at a time, 2 to 1000", HelpName = "N",
        };

        private readonly Option<bool> partial = new("--partial")
        {
            Description = "The function's answer names the messages that failed",
        };

        protected override IEnumerable<Symbol> Symbols =>
            [Queue, Function, batch, window, filter, concurrency, partial];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var mappings = new MappingApi(server);
            var arn = await ArnAsync(context, new QueueApi(server), cancellation);
            var function = context.Value(Function)!;
            var settings = Settings(context);
            if (await FindAsync(mappings, arn, function, cancellation) is { } existing)
            {
                return Done(context, "changed", await mappings.UpdateAsync(existing.Id, settings, cancellation));
            }

            var lambda = new LambdaApi(server);
            await FunctionLookup.NamedAsync(
                lambda,
                function.Split(':')[0],
                () => lambda.GetConfigurationAsync(function.Split(':')[0], cancellation),
                cancellation);
            return Done(context, "triggers", await mappings.CreateAsync(arn, function, settings, cancellation));
        }

        private JsonObject Settings(CommandContext context)
        {
            var settings = new JsonObject();
            if (context.Value(batch) is { } size)
            {
                settings["BatchSize"] = size;
            }

            if (context.Value(window) is { } seconds)
            {
                settings["MaximumBatchingWindowInSeconds"] = seconds;
            }

            if (context.Value(concurrency) is { } most)
            {
                settings["ScalingConfig"] = new JsonObject { ["MaximumConcurrency"] = most };
            }

            if (context.Value(filter) is { Length: > 0 } patterns)
            {
                settings["FilterCriteria"] = new JsonObject
                {
                    ["Filters"] = new JsonArray(
                        [.. patterns.Select(pattern => new JsonObject { ["Pattern"] = pattern })]),
                };
            }

            if (context.Value(partial))
            {
                settings["FunctionResponseTypes"] = new JsonArray("ReportBatchItemFailures");
            }

            return settings;
        }
    }

    private sealed class Switch(string name, string description, string done, bool enabled) : OfOne(name, description)
    {
        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var mapping = await DemandAsync(context, server, cancellation);
            var settings = new JsonObject { ["Enabled"] = enabled };
            return Done(context, done, await new MappingApi(server).UpdateAsync(mapping.Id, settings, cancellation));
        }
    }

    private sealed class Untrigger() : OfOne("untrigger", "Call the function with messages of the queue no more")
    {
        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var mapping = await DemandAsync(context, server, cancellation);
            return Done(
                context, "untriggered", await new MappingApi(server).DeleteAsync(mapping.Id, cancellation));
        }
    }
}
