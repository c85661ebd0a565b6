using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent queue</c>: queues and their messages, by name.</summary>
internal sealed class QueueVerb() : Verb(
    "queue", "Create, fill, read, empty and delete queues, and let them call functions")
{
    protected override IEnumerable<Verb> Children =>
    [
        new Create(),
        new Send(),
        new Receive(),
        new QueuePeekVerb(),
        new QueueReportVerb(),
        new QueuePushVerb(),
        .. QueueTriggers.Verbs,
        new Discard(
            "purge", "Delete all messages of a queue", queue => $"all messages of {queue}", "purged",
            (queues, url, cancellation) => queues.PurgeAsync(url, cancellation)),
        new Discard(
            "rm", "Delete a queue with its messages", queue => $"{queue} with its messages", "deleted",
            (queues, url, cancellation) => queues.DeleteAsync(url, cancellation)),
    ];

    private static Argument<string> NameArgument() =>
        new("NAME") { Description = "The queue's name", HelpName = "NAME" };

    private static ExitCode Done(CommandContext context, string what, string queue, string url)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.queue/1", writer =>
            {
                writer.WriteString("action", what);
                writer.WriteString("name", queue);
                writer.WriteString("url", url);
            });
        }
        else
        {
            context.Terminal.Print($"{what} {queue}");
        }

        return ExitCode.Ok;
    }

    private sealed class Create() : Verb("create", "Create a queue; a name that ends in .fifo makes a FIFO queue")
    {
        private readonly Argument<string> name = NameArgument();

        private readonly Option<bool> priority = new("--priority")
        {
            Description = "Messages may have priorities; cannot be changed later, and not for FIFO queues",
        };

        protected override IEnumerable<Symbol> Symbols => [name, priority];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var url = await new QueueApi(server).CreateAsync(
                context.Value(name), context.Value(priority), cancellation);
            return Done(context, "created", context.Value(name), url);
        }
    }

    private sealed class Send() : Verb("send", "Send a message")
    {
        private readonly Argument<string> name = NameArgument();
        private readonly Option<string> body = new("--body")
        {
            Description = "The message's text", HelpName = "TEXT", Required = true,
        };

        private readonly Option<string?> group = new("--group")
        {
            Description = "The message group, which FIFO queues need", HelpName = "ID",
        };

        private readonly Option<string?> deduplicationId = new("--deduplication-id")
        {
            Description = "What makes a second send a duplicate, in FIFO queues", HelpName = "ID",
        };

        private readonly Option<int?> priority = new("--priority")
        {
            Description = "0 to 9, in a queue with priorities; the higher, the sooner", HelpName = "N",
        };

        protected override IEnumerable<Symbol> Symbols => [name, body, group, deduplicationId, priority];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var queues = new QueueApi(server);
            var url = await queues.UrlAsync(context.Value(name), cancellation);
            var id = await queues.SendAsync(
                url,
                new QueueSend(context.Value(body)!, context.Value(group), context.Value(deduplicationId))
                {
                    Priority = context.Value(priority),
                },
                cancellation);
            if (context.Json)
            {
                JsonReport.Write(context.Terminal, "lambent.sent/1", writer =>
                {
                    writer.WriteString("queue", context.Value(name));
                    writer.WriteString("messageId", id);
                });
            }
            else
            {
                context.Terminal.Print($"sent {id}");
            }

            return ExitCode.Ok;
        }
    }

    private sealed class Receive() : Verb("receive", "Receive messages; they come again unless --delete is given")
    {
        private readonly Argument<string> name = NameArgument();
        private readonly Option<int> most = new("--max")
        {
            Description = "At most so many, 1 to 10", HelpName = "N", DefaultValueFactory = _ => 1,
        };

        private readonly Option<int> wait = new("--wait")
        {
            Description = "Seconds to wait for the first, 0 to 20", HelpName = "SECONDS",
        };

        private readonly Option<bool> delete = new("--delete") { Description = "Delete what was received" };

        protected override IEnumerable<Symbol> Symbols => [name, most, wait, delete];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var queues = new QueueApi(server);
            var url = await queues.UrlAsync(context.Value(name), cancellation);
            var messages = await queues.ReceiveAsync(
                url, context.Value(most), context.Value(wait), cancellation);
            ListVerb.Write(
                context, "messages", messages,
                ["ID", "BODY"],
                message => [message.Id, message.Body],
                (writer, message) =>
                {
                    writer.WriteString("id", message.Id);
                    writer.WriteString("body", message.Body);
                    writer.WriteString("receiptHandle", message.ReceiptHandle);
                },
                $"lambent queue send {context.Value(name)} --body TEXT");

            // After they were written: what nobody saw is not deleted.
            foreach (var message in context.Value(delete) ? messages : [])
            {
                await queues.DeleteMessageAsync(url, message.ReceiptHandle, cancellation);
            }

            return ExitCode.Ok;
        }
    }

    /// <summary>Takes messages away for good, after asking.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">For the help.</param>
    /// <param name="what">What will be gone, of the queue with this name.</param>
    /// <param name="done">How it is said that it is.</param>
    /// <param name="act">Does it, to the queue with this address.</param>
    private sealed class Discard(
        string name,
        string description,
        Func<string, string> what,
        string done,
        Func<QueueApi, string, CancellationToken, Task> act) : Verb(name, description)
    {
        private readonly Argument<string> queueName = NameArgument();
        private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };

        protected override IEnumerable<Symbol> Symbols => [queueName, yes];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var queue = context.Value(queueName);
            using var server = context.Connect();
            var queues = new QueueApi(server);
            var url = await queues.UrlAsync(queue, cancellation);
            Confirmation.Demand(
                context, context.Value(yes), queue, "queue", what(queue), $"lambent queue {Name} {queue} --yes");
            await act(queues, url, cancellation);
            return Done(context, done, queue, url);
        }
    }
}
