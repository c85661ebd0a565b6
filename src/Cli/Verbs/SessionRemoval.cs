using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent rm session/ID</c>: logs a browser out, or all of them with <c>session/all</c>.</summary>
internal static class SessionRemoval
{
    /// <summary>No function's name has a slash.</summary>
    public const string Prefix = "session/";

    private const string All = "all";

    public static async Task RunAsync(
        CommandContext context, string id, bool yes, bool dryRun, CancellationToken cancellation)
    {
        using var server = context.Connect();
        var sessions = new SessionApi(server);
        var known = await sessions.ListAsync(cancellation);
        var meant = id == All ? known : known.FindAll(session => session.Id == id);
        if (id != All && meant.Count == 0)
        {
            throw new CommandFailedException(
                ExitCode.NotFound, "ResourceNotFound", $"There is no session {id}.", "lambent ls sessions");
        }

        context.Note($"logs out {Quantity.Count(meant.Count, "browser")}, at once");
        if (!dryRun)
        {
            var command = $"lambent rm {Prefix}{id} --yes";
            Confirmation.Demand(
                context, yes, id, "session", Quantity.Count(meant.Count, "session") + " of the dashboard", command);
            await (id == All ? sessions.EndAllAsync(cancellation) : sessions.EndAsync(id, cancellation));
        }

        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.removal/1", writer =>
            {
                writer.WriteStartArray("sessions");
                meant.ForEach(session => writer.WriteStringValue(session.Id));
                writer.WriteEndArray();
                writer.WriteBoolean("deleted", !dryRun);
            });
        }
        else if (!dryRun)
        {
            context.Terminal.Print($"deleted {Prefix}{id}");
        }
    }
}
