using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Cli.Connection;

namespace Lambent.Cli.Serving;

/// <summary>
/// What a sample's triggers.json asks for besides its function: a queue with messages that calls it, and a schedule.
/// </summary>
internal sealed class SampleTriggers(ServerClient server, string function)
{
    private const string FileName = "triggers.json";
    private const int BatchDefault = 10;

    public async Task MakeAsync(string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return;
        }

        JsonNode? wishes;
        try
        {
            wishes = JsonNode.Parse(await File.ReadAllTextAsync(file, cancellation));
        }
        catch (JsonException unreadable)
        {
            throw new IOException($"{file} cannot be read: {unreadable.Message}", unreadable);
        }

        if (wishes?["queue"] is JsonObject queue)
        {
            await MakeQueueAsync(queue, cancellation);
        }

        if (wishes?["schedule"] is JsonObject schedule)
        {
            await MakeScheduleAsync(schedule, cancellation);
        }
    }

    /// <summary>A start that was broken off is taken up: what is there already stays as it is.</summary>
    private async Task MakeQueueAsync(JsonObject wish, CancellationToken cancellation)
    {
        var queues = new QueueApi(server);
        var mappings = new MappingApi(server);
        var name = Text(wish, "name");
        var url = await queues.CreateAsync(name, hasPriorities: false, cancellation);
        var arn = await queues.ArnAsync(name, cancellation);
        if ((await mappings.AllAsync(arn, cancellation)).Count > 0)
        {
            return;
        }

        var settings = new JsonObject
        {
            ["BatchSize"] = (int?)wish["batch"] ?? BatchDefault,
            ["FunctionResponseTypes"] = new JsonArray("ReportBatchItemFailures"),
        };
        await mappings.CreateAsync(arn, function, settings, cancellation);
        foreach (var message in wish["messages"] as JsonArray ?? [])
        {
            await queues.SendAsync(url, new QueueSend(message!.ToJsonString(), null, null), cancellation);
        }
    }

    private Task<ScheduleEntry> MakeScheduleAsync(
        JsonObject wish, CancellationToken cancellation) => new ScheduleApi(server).PutAsync(
        "default",
        Text(wish, "name"),
        new PutScheduleCall
        {
            Expression = Text(wish, "when"),
            Function = function,
            Input = wish["input"]?.ToJsonString(),
            Description = (string?)wish["description"],
        },
        cancellation);

    private static string Text(JsonObject wish, string name) =>
        (string?)wish[name] ?? throw new IOException($"The sample's {FileName} has no '{name}'.");
}
