using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary>
/// <c>lambent account key</c>: the keys of an account, so that one can be replaced without an interruption.
/// </summary>
internal sealed class AccountKeyVerb() : Verb("key", "Create, list and delete the keys of an account")
{
    protected override IEnumerable<Verb> Children => [new Create(), new List(), new Remove()];

    private static Argument<string> AccountArgument() => new("ACCOUNT") { Description = "The account's twelve digits" };

    private sealed class Create() : Verb("create", "Create a key and print it, which is shown only now")
    {
        private readonly Argument<string> account = AccountArgument();

        protected override IEnumerable<Symbol> Symbols => [account];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var key = await new NativeApi(server).CreateKeyAsync(context.Value(account), cancellation);
            if (context.Json)
            {
                JsonReport.Write(context.Terminal, "lambent.key/1", writer =>
                {
                    writer.WriteString("account", context.Value(account));
                    writer.WriteString("accessKeyId", key.AccessKeyId);
                    writer.WriteString("secretAccessKey", key.SecretAccessKey);
                });
                return ExitCode.Ok;
            }

            context.Terminal.Print($"access key  {key.AccessKeyId}");
            context.Terminal.Print($"secret key  {key.SecretAccessKey}");
            context.Note("The secret is shown only now.");
            return ExitCode.Ok;
        }
    }

    private sealed class List() : Verb("ls", "List the keys of an account, without their secrets")
    {
        private readonly Argument<string> account = AccountArgument();

        protected override IEnumerable<Symbol> Symbols => [account];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var keys = await new NativeApi(server).KeysAsync(context.Value(account), cancellation);
            var now = context.Environment.Time.GetUtcNow();
            ListVerb.Write(
                context, "keys", keys,
                ["ACCESS KEY", "CREATED"],
                key => [key.AccessKeyId, Quantity.Since(key.CreatedAt, now)],
                (writer, key) =>
                {
                    writer.WriteString("accessKeyId", key.AccessKeyId);
                    writer.WriteString("createdAt", key.CreatedAt);
                },
                $"lambent account key create {context.Value(account)}");
            return ExitCode.Ok;
        }
    }

    private sealed class Remove() : Verb("rm", "Delete a key; what signs with it is refused from then on")
    {
        private readonly Argument<string> account = AccountArgument();

        private readonly Argument<string> key = new("KEY") { Description = "The access key's id" };

        private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };

        protected override IEnumerable<Symbol> Symbols => [account, key, yes];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var (owner, id) = (context.Value(account), context.Value(key));
            Confirmation.Demand(
                context, context.Value(yes), id, "key", $"the key {id} of account {owner}",
                $"lambent account key rm {owner} {id} --yes");
            using var server = context.Connect();
            await new NativeApi(server).DeleteKeyAsync(owner, id, cancellation);
            if (context.Json)
            {
                JsonReport.Write(context.Terminal, "lambent.removal/1", writer =>
                {
                    writer.WriteString("key", id);
                    writer.WriteBoolean("deleted", true);
                });
            }
            else
            {
                context.Terminal.Print($"deleted {id}");
            }

            return ExitCode.Ok;
        }
    }
}
