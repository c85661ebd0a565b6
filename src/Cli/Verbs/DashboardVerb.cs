using System.CommandLine;
using Lambent.Cli.Building;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent dashboard</c>: an address that logs a browser in, once.</summary>
internal sealed class DashboardVerb() : Verb("dashboard", "Print an address that logs a browser in to the dashboard")
{
    private const int MinutesMax = 24 * 60;

    private readonly Option<int> minutes = new("--minutes")
    {
        HelpName = "N",
        Description = "How long the address waits to be opened: 1 to 1440",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<bool> open = new("--open") { Description = "Open it in a browser, with xdg-open" };

    protected override IEnumerable<Symbol> Symbols => [minutes, open];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        if (context.Value(minutes) is < 1 or > MinutesMax)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, $"The address can wait 1 to {MinutesMax} minutes.",
                "lambent dashboard --minutes 30");
        }

        using var server = context.Connect();
        var login = await new SessionApi(server).MakeTokenAsync(context.Value(minutes), cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.dashboard/1", writer =>
            {
                writer.WriteString("url", login.Url);
                writer.WriteString("expiresAt", login.ExpiresAt);
            });
        }
        else
        {
            context.Terminal.Print(ControlCodes.Strip(login.Url));
            context.Note($"logs in one browser, once, within {Quantity.Count(context.Value(minutes), "minute")}");
        }

        if (context.Value(open))
        {
            await OpenAsync(context, login.Url, cancellation);
        }

        return ExitCode.Ok;
    }

    /// <summary><c>lambent ls sessions</c>.</summary>
    public static async Task ListAsync(CommandContext context, ServerClient server, CancellationToken cancellation)
    {
        var sessions = await new SessionApi(server).ListAsync(cancellation);
        var now = context.Environment.Time.GetUtcNow();
        ListVerb.Write(
            context,
            "sessions",
            sessions,
            ["ID", "BEGUN", "LAST USED", "BROWSER"],
            session =>
            [
                session.Id, Quantity.Since(session.BegunAt, now), Quantity.Since(session.LastUsedAt, now),
                ControlCodes.Strip(session.UserAgent),
            ],
            (writer, session) =>
            {
                writer.WriteString("id", session.Id);
                writer.WriteString("begunAt", session.BegunAt);
                writer.WriteString("lastUsedAt", session.LastUsedAt);
                writer.WriteString("expiresAt", session.ExpiresAt);
                writer.WriteString("userAgent", session.UserAgent);
            },
            "lambent dashboard");
    }

    private static async Task OpenAsync(CommandContext context, string url, CancellationToken cancellation)
    {
        // Only what a browser opens: the server says the address, and xdg-open would start any program for others.
        var opened = Uri.TryCreate(url, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            && await new ToolRun(
                context.Environment, "xdg-open", [address.AbsoluteUri], context.Environment.CurrentFolder)
            {
                InstallHint = "open the address in a browser",
            }.WorksAsync(cancellation);
        if (!opened)
        {
            context.Note("no browser could be opened: open the address in one");
        }
    }
}
