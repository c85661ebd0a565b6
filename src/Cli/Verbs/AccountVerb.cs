using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent account</c>: tenants, each with its own names, keys, limits and data.</summary>
internal sealed class AccountVerb() : Verb("account", "Create, list and delete accounts and their keys")
{
    protected override IEnumerable<Verb> Children =>
        [new Create(), new List(), new Limit(), new Remove(), new AccountKeyVerb()];

    internal static void WriteList(CommandContext context, List<AccountEntry> accounts)
    {
        var now = context.Environment.Time.GetUtcNow();
        ListVerb.Write(
            context, "accounts", accounts,
            ["ID", "NAME", "CREATED"],
            account => [account.Id, account.Name, Quantity.Since(account.CreatedAt, now)],
            (writer, account) =>
            {
                writer.WriteString("id", account.Id);
                writer.WriteString("name", account.Name);
                writer.WriteString("createdAt", account.CreatedAt);
            },
            "lambent account create NAME");
    }

    private sealed class Create() : Verb("create", "Create an account and print its key, which is shown only now")
    {
        private readonly Argument<string> name = new("NAME") { Description = "A name for people" };

        private readonly Option<string?> id = new("--id")
        {
            Description = "Twelve digits; default: chosen by the server",
            HelpName = "ID",
        };

        private readonly Option<bool> save = new("--save")
        {
            Description = "Keep the key in the data folder's credentials, to use with --profile NAME",
        };

        protected override IEnumerable<Symbol> Symbols => [name, id, save];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var accountName = context.Value(name);
            var saves = context.Value(save);
            if (saves)
            {
                CredentialsFile.CheckNewProfile(context.DataFolder().CredentialsFile, accountName);
            }

            using var server = context.Connect();
            var created = await new NativeApi(server).CreateAccountAsync(
                new CreateAccountCall { Name = accountName, Id = context.Value(id) }, cancellation);
            if (saves)
            {
                CredentialsFile.Append(
                    context.DataFolder().CredentialsFile, accountName, created.AccessKeyId, created.SecretAccessKey,
                    server.Address.Region);
            }

            Print(context, created, saves);
            return ExitCode.Ok;
        }

        private static void Print(CommandContext context, CreatedAccount created, bool saved)
        {
            if (context.Json)
            {
                JsonReport.Write(context.Terminal, "lambent.account/1", writer =>
                {
                    writer.WriteString("id", created.Account.Id);
                    writer.WriteString("name", created.Account.Name);
                    writer.WriteString("accessKeyId", created.AccessKeyId);
                    writer.WriteString("secretAccessKey", created.SecretAccessKey);
                    writer.WriteBoolean("saved", saved);
                });
                return;
            }

            context.Terminal.Print($"account     {created.Account.Id}  {created.Account.Name}");
            context.Terminal.Print($"access key  {created.AccessKeyId}");
            context.Terminal.Print($"secret key  {created.SecretAccessKey}");
            context.Note(saved
                ? $"next: lambent ls --profile {created.Account.Name}"
                : "The secret is shown only now; keep it, or create accounts with --save.");
        }
    }

    private sealed class List() : Verb("ls", "List accounts")
    {
        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            WriteList(context, await new NativeApi(server).AccountsAsync(cancellation));
            return ExitCode.Ok;
        }
    }

    private sealed class Limit() : Verb("limit", "Set how many calls of an account may run at a time")
    {
        private readonly Argument<string> id = new("ID") { Description = "The account's twelve digits" };

        private readonly Option<int> concurrency = new("--concurrency")
        {
            Description = "Calls at a time, of all its functions together",
            HelpName = "N",
            Required = true,
        };

        protected override IEnumerable<Symbol> Symbols => [id, concurrency];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var limited = await new NativeApi(server).LimitConcurrencyAsync(
                context.Value(id), context.Value(concurrency), cancellation);
            if (context.Json)
            {
                JsonReport.Write(context.Terminal, "lambent.account-limit/1", writer =>
                {
                    writer.WriteString("id", limited.Id);
                    writer.WriteString("name", limited.Name);
                    writer.WriteNumber("concurrency", limited.Concurrency);
                });
            }
            else
            {
                var calls = Quantity.Count(limited.Concurrency, "call");
                context.Terminal.Print($"account {limited.Id} has {calls} at a time");
            }

            return ExitCode.Ok;
        }
    }

    private sealed class Remove() : Verb("rm", "Delete an account and its keys; its functions must be gone before")
    {
        private readonly Argument<string> id = new("ID") { Description = "The account's twelve digits" };

        private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };

        protected override IEnumerable<Symbol> Symbols => [id, yes];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var account = context.Value(id);
            Confirmation.Demand(
                context, context.Value(yes), account, "account", $"account {account} with all its keys",
                $"lambent account rm {account} --yes");
            using var server = context.Connect();
            await new NativeApi(server).DeleteAccountAsync(account, cancellation);
            if (context.Json)
            {
                JsonReport.Write(context.Terminal, "lambent.removal/1", writer =>
                {
                    writer.WriteString("account", account);
                    writer.WriteBoolean("deleted", true);
                });
            }
            else
            {
                context.Terminal.Print($"deleted account {account}");
            }

            return ExitCode.Ok;
        }
    }
}
