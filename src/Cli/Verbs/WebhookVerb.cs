using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent webhook</c>: addresses that take requests, and addresses that are called.</summary>
internal sealed class WebhookVerb() : Verb(
    "webhook", "Turn requests into events, and call addresses when things happen")
{
    protected override IEnumerable<Verb> Children =>
    [
        new WebhookCreateVerb(),
        new List(),
        new Rotate(),
        new Test(),
        new Enable(),
        new Remove(),
    ];

    internal static Argument<string> NameArgument() =>
        new("NAME") { Description = "The webhook's name", HelpName = "NAME" };

    /// <summary>Prints a webhook whose secret may be shown now and never again.</summary>
    internal static ExitCode Print(CommandContext context, string action, WebhookEntry webhook)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.webhook/1", writer =>
            {
                writer.WriteString("action", action);
                Write(writer, webhook);
                writer.WriteString("secret", webhook.Secret);
            });
            return ExitCode.Ok;
        }

        context.Terminal.Print($"{action} {webhook.Name}");
        if (webhook.Address is { } address)
        {
            context.Terminal.Print($"address  {address}");
        }

        if (webhook.Url is { } url)
        {
            context.Terminal.Print($"calls    {url}");
        }

        if (webhook.Secret is { } secret)
        {
            context.Terminal.Print($"secret   {secret}");
            context.Note("The secret is shown only now.");
        }

        if (webhook.FormerSecretEndsAt is { } end)
        {
            context.Note($"The secret before counts until {end}.");
        }

        return ExitCode.Ok;
    }

    private static void Write(Utf8JsonWriter writer, WebhookEntry webhook)
    {
        writer.WriteString("name", webhook.Name);
        writer.WriteString("direction", webhook.Direction);
        writer.WriteString("address", webhook.Address);
        writer.WriteString("target", webhook.Target);
        writer.WriteString("scheme", webhook.Scheme);
        writer.WriteString("payload", webhook.Payload);
        writer.WriteString("url", webhook.Url);
        writer.WriteStartArray("types");
        foreach (var type in webhook.Types ?? [])
        {
            writer.WriteStringValue(type);
        }

        writer.WriteEndArray();
        writer.WriteString("subject", webhook.Subject);
        writer.WriteString("disabledReason", webhook.DisabledReason);
        writer.WriteString("formerSecretEndsAt", webhook.FormerSecretEndsAt);
        writer.WriteString("createdAt", webhook.CreatedAt);
    }

    private sealed class List() : Verb("ls", "List webhooks, without their secrets")
    {
        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            ListVerb.Write(
                context, "webhooks", await new WebhookApi(server).AllAsync(cancellation),
                ["NAME", "", "WHAT", "FROM / TO"],
                webhook =>
                [
                    webhook.Name,
                    webhook.Direction,
                    webhook.DisabledReason is not null ? "disabled"
                        : webhook.Scheme ?? string.Join(',', webhook.Types ?? []),
                    webhook.Address ?? webhook.Url ?? "",
                ],
                Write,
                "lambent webhook create NAME --to FUNCTION --scheme github");
            return ExitCode.Ok;
        }
    }

    private sealed class Rotate() : Verb("rotate", "Change the secret; the one before counts for a while longer")
    {
        private readonly Argument<string> name = NameArgument();

        private readonly Option<string?> secret = new("--secret")
        {
            Description = "The new secret; default: one is made", HelpName = "SECRET",
        };

        private readonly Option<int?> overlap = new("--overlap")
        {
            Description = "How long the secret before still counts; 0 ends it; default: 86400", HelpName = "SECONDS",
        };

        protected override IEnumerable<Symbol> Symbols => [name, secret, overlap];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var rotated = await new WebhookApi(server).RotateAsync(
                context.Value(name),
                new RotateWebhookCall(context.Value(secret), context.Value(overlap)),
                cancellation);
            return Print(context, "rotated", rotated);
        }
    }

    private sealed class Test() : Verb("test", "Make an event as a request would, or call the address once")
    {
        private readonly Argument<string> name = NameArgument();

        protected override IEnumerable<Symbol> Symbols => [name];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var test = await new WebhookApi(server).TestAsync(context.Value(name), cancellation);
            if (!test.Delivered)
            {
                throw new CommandFailedException(
                    ExitCode.Internal, FailureCodes.CallbackFailed, test.Problem ?? "The callback failed.",
                    "lambent webhook ls");
            }

            if (context.Json)
            {
                JsonReport.Write(context.Terminal, "lambent.webhook-test/1", writer =>
                {
                    writer.WriteString("name", context.Value(name));
                    writer.WriteString("eventId", test.EventId);
                    writer.WriteString("status", test.Status?.ToString());
                });
            }
            else
            {
                context.Terminal.Print(
                    test.Status is { } status ? $"delivered, the answer was {status}" : $"accepted {test.EventId}");
            }

            return ExitCode.Ok;
        }
    }

    private sealed class Enable() : Verb("enable", "Call again after an answer 410 had ended it")
    {
        private readonly Argument<string> name = NameArgument();

        protected override IEnumerable<Symbol> Symbols => [name];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            return Print(
                context, "enabled", await new WebhookApi(server).EnableAsync(context.Value(name), cancellation));
        }
    }

    private sealed class Remove() : Verb("rm", "Delete a webhook; its address takes nothing from then on")
    {
        private readonly Argument<string> name = NameArgument();
        private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };

        protected override IEnumerable<Symbol> Symbols => [name, yes];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var wanted = context.Value(name);
            using var server = context.Connect();
            var webhooks = new WebhookApi(server);
            var webhook = await webhooks.GetAsync(wanted, cancellation);
            Confirmation.Demand(
                context, context.Value(yes), wanted, "webhook", wanted, $"lambent webhook rm {wanted} --yes");
            await webhooks.DeleteAsync(wanted, cancellation);
            return Print(context, "deleted", webhook with { Address = null, Url = null });
        }
    }
}
