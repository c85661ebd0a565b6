using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent queue peek</c>: what lies in a queue, without taking it.</summary>
internal sealed class QueuePeekVerb() : Verb("peek", "Show messages without taking them; no receive is counted")
{
    private const int ShownCharacters = 60;

    private readonly Argument<string> name = new("NAME") { Description = "The queue's name", HelpName = "NAME" };

    private readonly Option<int> limit = new("--limit")
    {
        Description = "At most so many, 1 to 100", HelpName = "N", DefaultValueFactory = _ => 20,
    };

    private readonly Option<string?> group = new("--group") { Description = "Of one message group", HelpName = "ID" };

    protected override IEnumerable<Symbol> Symbols => [name, limit, group];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        using var server = context.Connect();
        var messages = await new QueueReportApi(server).PeekAsync(
            context.Value(name), context.Value(limit), context.Value(group), cancellation);
        ListVerb.Write(
            context, "peeked-messages", messages,
            ["SENT", "STATE", "RECEIVES", "GROUP", "BODY"],
            message =>
            [
                Text(message, "sentAt"), Text(message, "state"), Text(message, "receiveCount"), Text(message, "group"),
                Cut(Text(message, "body")),
            ],
            (writer, message) => QueueReportVerb.Pass(writer, message),
            $"lambent queue send {context.Value(name)} --body TEXT");
        return ExitCode.Ok;
    }

    private static string Text(JsonElement message, string member) =>
        message.TryGetProperty(member, out var value) ? value.ToString() : "-";

    private static string Cut(string body) =>
        body.Length <= ShownCharacters ? body : $"{body[..ShownCharacters]}…";
}
