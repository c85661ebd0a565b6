using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent replay</c>: makes stored calls again, on the server or on this machine.</summary>
internal sealed class ReplayVerb()
    : Verb("replay", "Make a stored call again, here or on the server, or all that failed")
{
    private readonly Argument<string?> id = new("ID")
    {
        Description = "The call's request id",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
        HelpName = "ID",
    };

    private readonly Argument<string?> folder = new("FOLDER")
    {
        Description = "With --local: the folder with the code; default: this one",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
        HelpName = "FOLDER",
    };

    private readonly Option<string?> version = new("--to")
    {
        Description = "A version or an alias; default: as the call was qualified", HelpName = "VERSION|ALIAS",
    };

    private readonly Option<bool> asynchronous = new("--async")
    {
        Description = "Hand it over and do not wait for the function",
    };

    private readonly Option<string?> edit = new("--edit")
    {
        Description = "Another event: a file with JSON, or - for standard input", HelpName = "FILE|-",
    };

    private readonly Option<bool> local = new("--local") { Description = "Run the code of a folder on this machine" };

    private readonly Option<bool> inspect = new("--inspect")
    {
        Description = "With --local: wait for a debugger before the first line",
    };

    private readonly ReplayManyOptions many = new();

    protected override IEnumerable<Symbol> Symbols =>
        [id, folder, version, asynchronous, edit, local, inspect, .. many.Symbols];

    /// <summary>The event of a call; fails when it was not kept as it was.</summary>
    internal static byte[] InputOf(CallDetail call) => call.WhyNotReplayable is { } why
        ? throw new CommandFailedException(
            ExitCode.Conflict, "ValidationFailed", $"The event of {call.Id} is not there: {why}.",
            $"lambent replay {call.Id} --edit FILE")
        : call.Input!.ToBytes()!;

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        using var server = context.Connect();
        var api = new InvocationApi(server);
        if (many.IsAsked(context))
        {
            return context.Value(id) is not null || context.Value(local)
                ? throw Usage("--failed repeats all calls that failed, on the server: it takes no ID and no --local.")
                : await many.RunAsync(context, api, context.Value(version), cancellation);
        }

        var wanted = context.Value(id) ?? throw Usage("Which call? Its id is missing, or --failed.");
        var given = await ReadEventAsync(context, cancellation);
        if (context.Value(local))
        {
            var call = await api.GetAsync(wanted, cancellation);
            return await new LocalReplay(context, server).RunAsync(
                call,
                given ?? InputOf(call),
                context.Environment.FullPath(context.Value(folder) ?? "."),
                context.Value(inspect),
                cancellation);
        }

        if (context.Value(folder) is not null || context.Value(inspect))
        {
            throw Usage("A folder and --inspect are for --local.");
        }

        var report = await Progress.DuringAsync(context, $"Replaying {wanted}", () => api.ReplayAsync(
            wanted,
            new ReplayCall(context.Value(version), given is null ? null : Parse(given), context.Value(asynchronous)),
            cancellation));
        Print(context, report);
        return report.Outcome is null or "success" ? ExitCode.Ok : ExitCode.FunctionFailed;
    }

    private static void Print(CommandContext context, ReplayReport report)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.replay/1", writer =>
            {
                var element = JsonSerializer.SerializeToElement(report, InvocationJson.Default.ReplayReport);
                foreach (var member in element.EnumerateObject())
                {
                    member.WriteTo(writer);
                }
            });
            return;
        }

        if (report.IsAsync)
        {
            context.Terminal.Print($"accepted {report.Id}");
            return;
        }

        context.Note($"{report.Id}: {report.Outcome} on {ControlCodes.Strip(report.Function ?? "")}:{report.Version} "
            + $"in {report.DurationMilliseconds:0.#} ms");
        context.Terminal.Print(ControlCodes.Strip(CallText.Describe(report.Output)));
    }

    private async Task<byte[]?> ReadEventAsync(CommandContext context, CancellationToken cancellation)
    {
        switch (context.Value(edit))
        {
            case null:
                return null;
            case "-":
                using (var buffer = new MemoryStream())
                {
                    await using var input = context.Terminal.OpenInput();
                    await input.CopyToAsync(buffer, cancellation);
                    _ = Parse(buffer.ToArray());
                    return buffer.ToArray();
                }

            case { } file:
                var path = context.Environment.FullPath(file);
                if (!File.Exists(path))
                {
                    throw new CommandFailedException(
                        ExitCode.NotFound, FailureCodes.SourceNotFound, $"There is no file {path}.");
                }

                var bytes = await File.ReadAllBytesAsync(path, cancellation);
                _ = Parse(bytes);
                return bytes;
        }
    }

    private static JsonElement Parse(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException wrong)
        {
            throw Usage($"The event is not JSON: {wrong.Message}");
        }
    }

    private static CommandFailedException Usage(string message) =>
        new(ExitCode.Usage, FailureCodes.Usage, message, "lambent replay --help");
}
