using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary>
/// <c>lambent rm</c>: deletes a function, after saying what goes with it; or ends a session of the dashboard.
/// </summary>
internal sealed class RemoveVerb() : Verb(
    "rm", "Delete a function with its versions, aliases and URL, or log a browser out")
{
    private readonly Argument<string> name = new("NAME")
    {
        Description = "The function's name; or session/ID, session/all",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Only say what would be deleted" };

    protected override IEnumerable<Symbol> Symbols => [name, yes, dryRun];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var function = context.Value(name);
        if (function.StartsWith(SessionRemoval.Prefix, StringComparison.Ordinal))
        {
            await SessionRemoval.RunAsync(
                context, function[SessionRemoval.Prefix.Length..], context.Value(yes), context.Value(dryRun),
                cancellation);
            return ExitCode.Ok;
        }

        using var server = context.Connect();
        var lambda = new LambdaApi(server);
        await FunctionLookup.NamedAsync(
            lambda, function, () => lambda.GetFunctionAsync(function, cancellation), cancellation);
        var versions = (await lambda.VersionsAsync(function, cancellation))
            .Count(version => version.Version != "$LATEST");
        var aliases = (await lambda.AliasesAsync(function, cancellation)).Count;
        var url = (await lambda.FindUrlAsync(function, cancellation))?.FunctionUrl;
        var goes = $"{Quantity.Count(versions, "published version")}, "
            + (aliases == 1 ? "1 alias" : $"{aliases} aliases") + (url is null ? ", no URL" : $", the URL {url}");
        context.Note($"deletes function {function}: {goes}; calls in flight end, events that wait for it fail");
        var dry = context.Value(dryRun);
        if (!dry)
        {
            Confirmation.Demand(
                context, context.Value(yes), function, "function", $"{function} with {goes}",
                $"lambent rm {function} --yes");
            await lambda.DeleteFunctionAsync(function, cancellation);
        }

        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.removal/1", writer =>
            {
                writer.WriteString("function", function);
                writer.WriteNumber("versions", versions);
                writer.WriteNumber("aliases", aliases);
                writer.WriteString("url", url);
                writer.WriteBoolean("deleted", !dry);
            });
        }
        else if (!dry)
        {
            context.Terminal.Print($"deleted {function}");
        }

        return ExitCode.Ok;
    }
}
