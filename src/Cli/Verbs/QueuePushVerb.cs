using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent queue push</c>: queues whose messages are posted to addresses.</summary>
internal sealed class QueuePushVerb() : Verb("push", "Post the messages of a queue to addresses")
{
    protected override IEnumerable<Verb> Children =>
    [
        new Set(),
        new Show(),
        new List(),
        new Messages(),
        new Acknowledge(),
        new Switch("pause", "Let the messages wait", "paused"),
        new Switch("resume", "Post the messages again", "resumed"),
        new Remove(),
    ];

    internal static async Task ListAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation)
    {
        var all = await new QueueReportApi(server).PushesAsync(cancellation);
        ListVerb.Write(
            context, "pushes", [.. all.Select(answer => (Answer: answer, Push: Read(answer)))],
            ["QUEUE", "MODE", "STATE", "SUBSCRIBERS", "DELIVERED", "GIVEN UP", "RUNNING", "ERROR QUEUE"],
            row =>
            [
                row.Push.Queue, row.Push.Mode, row.Push.State, $"{row.Push.Subscribers.Count}",
                $"{row.Push.Delivered}", $"{row.Push.GivenUp}", $"{row.Push.Running}", row.Push.ErrorQueue,
            ],
            (writer, row) => QueueReportVerb.Pass(writer, row.Answer),
            "lambent queue push set QUEUE --to URL --error-queue QUEUE");
    }

    private static Argument<string> QueueArgument() =>
        new("QUEUE") { Description = "The queue's name", HelpName = "QUEUE" };

    private static ExitCode Print(CommandContext context, string action, JsonElement answer)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.push/1", writer =>
            {
                writer.WriteString("action", action);
                QueueReportVerb.Pass(writer, answer);
            });
            return ExitCode.Ok;
        }

        var push = Read(answer);
        context.Terminal.Print($"{action} {push.Queue}");
        var table = new ColumnTable("SUBSCRIBER", "URL");
        push.Subscribers.ForEach(subscriber => table.Add(subscriber.Name, subscriber.Url));
        table.Write(context.Terminal.Output);
        context.Terminal.Print(
            $"{push.Mode}, {push.State}, {push.Retries} retries after {push.RetryDelaySeconds} s and more, "
            + $"{push.Concurrency} at a time, errors go to {push.ErrorQueue}");
        context.Terminal.Print(
            $"{push.Delivered} delivered, {push.GivenUp} given up, {push.Attempts} attempts of which "
            + $"{push.FailedAttempts} failed, {push.Running} under way");
        if (push.LastProblem is { } problem)
        {
            context.Terminal.Print($"last problem: {problem}");
        }

        if (push.Secret is { } secret)
        {
            context.Terminal.Print($"secret   {secret}");
            context.Note("The secret is shown only now.");
        }

        return ExitCode.Ok;
    }

    private static PushEntry Read(JsonElement answer) => QueueReportApi.As(answer, QueueReportJson.Default.PushEntry);

    private sealed class Set() : Verb("set", "Post the messages of a queue to addresses, or change how")
    {
        private readonly Argument<string> queue = QueueArgument();

        private readonly Option<string[]> to = new("--to")
        {
            Description = "An address, or NAME=URL; may be given again; all of them are meant",
            HelpName = "URL",
            AllowMultipleArgumentsPerToken = false,
        };

        private readonly Option<string?> errorQueue = new("--error-queue")
        {
            Description = "The queue that gets what is not taken; needed at first", HelpName = "QUEUE",
        };

        private readonly Option<string?> mode = new("--mode")
        {
            Description = "multicast (default): all get a message; unicast: one of them",
            HelpName = "MODE",
            CompletionSources = { "multicast", "unicast" },
        };

        private readonly Option<int?> retries = new("--retries")
        {
            Description = "Further attempts, 0 to 100; default: 3", HelpName = "N",
        };

        private readonly Option<int?> retryDelay = new("--retry-delay")
        {
            Description = "The first pause, 3 to 3600, which doubles; default: 60", HelpName = "SECONDS",
        };

        private readonly Option<int?> concurrency = new("--concurrency")
        {
            Description = "Messages under way at a time, 1 to 64; default: 16", HelpName = "N",
        };

        private readonly Option<string[]> header = new("--header")
        {
            Description = "NAME: VALUE, sent to each address; may be given again",
            HelpName = "HEADER",
            AllowMultipleArgumentsPerToken = false,
        };

        private readonly Option<string?> secret = new("--secret")
        {
            Description = "The secret that signs; default: one is made, and shown once", HelpName = "SECRET",
        };

        protected override IEnumerable<Symbol> Symbols =>
            [queue, to, errorQueue, mode, retries, retryDelay, concurrency, header, secret];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var headers = Headers(context);
            if (headers is not null && context.Value(to) is not { Length: > 0 })
            {
                throw new CommandFailedException(
                    ExitCode.Usage, FailureCodes.Usage, "--header needs --to.", "lambent queue push set --help");
            }

            var call = new PutPushCall
            {
                Mode = context.Value(mode),
                Subscribers = context.Value(to) is { Length: > 0 } urls
                    ? [.. urls.Select((url, index) => Subscriber(url, index, headers))]
                    : null,
                Retries = context.Value(retries),
                RetryDelaySeconds = context.Value(retryDelay),
                Concurrency = context.Value(concurrency),
                ErrorQueue = context.Value(errorQueue),
                Secret = context.Value(secret),
            };
            using var server = context.Connect();
            return Print(
                context,
                "pushes",
                await new QueueReportApi(server).PutPushAsync(context.Value(queue), call, cancellation));
        }

        /// <summary>A URL has no equals sign before its colon, and a name has no colon.</summary>
        private static SubscriberCall Subscriber(string text, int index, Dictionary<string, string>? headers)
        {
            var equals = text.IndexOf('=');
            return equals > 0 && !text[..equals].Contains(':')
                ? new SubscriberCall(text[..equals], text[(equals + 1)..], headers)
                : new SubscriberCall($"subscriber-{index + 1}", text, headers);
        }

        private Dictionary<string, string>? Headers(CommandContext context)
        {
            if (context.Value(header) is not { Length: > 0 } lines)
            {
                return null;
            }

            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var line in lines)
            {
                var colon = line.IndexOf(':');
                if (colon <= 0)
                {
                    throw new CommandFailedException(
                        ExitCode.Usage, FailureCodes.Usage, $"'{line}' is not NAME: VALUE.", "--header 'X-Team: blue'");
                }

                headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }

            return headers;
        }
    }

    private sealed class Show() : Verb("show", "Show how a queue pushes, and what came of it")
    {
        private readonly Argument<string> queue = QueueArgument();

        protected override IEnumerable<Symbol> Symbols => [queue];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            return Print(
                context, "pushes", await new QueueReportApi(server).PushAsync(context.Value(queue), cancellation));
        }
    }

    private sealed class List() : Verb("ls", "List the queues that push")
    {
        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            await ListAsync(context, server, cancellation);
            return ExitCode.Ok;
        }
    }

    private sealed class Messages() : Verb("messages", "List messages that are tried again or wait to be acknowledged")
    {
        private readonly Argument<string> queue = QueueArgument();

        protected override IEnumerable<Symbol> Symbols => [queue];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var answers = await new QueueReportApi(server).PushedAsync(context.Value(queue), cancellation);
            if (context.Json)
            {
                ListVerb.Write(
                    context, "pushed-messages", answers, [], _ => [], QueueReportVerb.Pass,
                    $"lambent queue push show {context.Value(queue)}");
                return ExitCode.Ok;
            }

            var table = new ColumnTable("MESSAGE", "SUBSCRIBER", "STATE", "TRIES", "STATUS", "NEXT", "PROBLEM");
            foreach (var message in answers.Select(one =>
                QueueReportApi.As(one, QueueReportJson.Default.PushedEntry)))
            {
                message.Subscribers.ForEach(one => table.Add(
                    message.Id, one.Name, one.State, $"{one.Tries}", one.Status is { } status ? $"{status}" : "-",
                    message.NextAt ?? "-", one.Problem ?? message.Problem ?? "-"));
            }

            table.Write(context.Terminal.Output);
            return ExitCode.Ok;
        }
    }

    private sealed class Acknowledge() : Verb("ack", "Acknowledge a message in the place of a subscriber")
    {
        private readonly Argument<string> queue = QueueArgument();
        private readonly Argument<string> message = new("MESSAGE")
        {
            Description = "The message's id", HelpName = "MESSAGE",
        };

        private readonly Argument<string> subscriber = new("SUBSCRIBER")
        {
            Description = "The subscriber's name", HelpName = "SUBSCRIBER",
        };

        protected override IEnumerable<Symbol> Symbols => [queue, message, subscriber];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            await new QueueReportApi(server).AcknowledgeAsync(
                context.Value(queue), context.Value(message), context.Value(subscriber), cancellation);
            return Done(context, "acknowledged", context.Value(queue));
        }
    }

    private sealed class Switch(string name, string description, string done) : Verb(name, description)
    {
        private readonly Argument<string> queue = QueueArgument();

        protected override IEnumerable<Symbol> Symbols => [queue];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var answer = await new QueueReportApi(server).SwitchPushAsync(context.Value(queue), Name, cancellation);
            return context.Json ? Print(context, done, answer) : Done(context, done, context.Value(queue));
        }
    }

    private sealed class Remove() : Verb("rm", "Make it an ordinary queue again; its messages stay")
    {
        private readonly Argument<string> queue = QueueArgument();
        private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };

        protected override IEnumerable<Symbol> Symbols => [queue, yes];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var wanted = context.Value(queue);
            using var server = context.Connect();
            var api = new QueueReportApi(server);
            await api.PushAsync(wanted, cancellation);
            Confirmation.Demand(
                context, context.Value(yes), wanted, "push", $"the push of {wanted}",
                $"lambent queue push rm {wanted} --yes");
            await api.DeletePushAsync(wanted, cancellation);
            return Done(context, "removed", wanted);
        }
    }

    private static ExitCode Done(CommandContext context, string action, string queue)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.push/1", writer =>
            {
                writer.WriteString("action", action);
                writer.WriteString("queue", queue);
            });
        }
        else
        {
            context.Terminal.Print($"{action} {queue}");
        }

        return ExitCode.Ok;
    }
}
