using System.Text;
using System.Text.Json;
using Lambent.Kernel.Events;
using Lambent.Kernel.Webhooks;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Webhooks;

/// <summary>
/// Knows what came in and what was told from the committed writes, the answers and the requests outside. A request that
/// was accepted is one event, however often it came; the end of an event and the callback of it are one write; a
/// callback is sent under one id until somebody has it.
/// </summary>
internal sealed class WebhookAuditor(World world)
{
    private readonly Dictionary<string, string> eventOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly HashSet<string> live = new(StringComparer.Ordinal);
    private readonly HashSet<string> dead = new(StringComparer.Ordinal);

    /// <summary>What is owed, by what it tells.</summary>
    private readonly Dictionary<(string EventId, string Type), string> callbacks = [];
    private readonly Dictionary<string, (string EventId, string Type)> toldBy = new(StringComparer.Ordinal);
    private readonly HashSet<string> heard = new(StringComparer.Ordinal);

    public int LiveCount => live.Count;

    public static IReadOnlyDictionary<string, ObserveTable> Observed(PlantedBug bug) =>
        new Dictionary<string, ObserveTable>
        {
            ["get_Events"] = (table, calls) => BuggyParts.Owed(
                bug, MessageAuditor.Watch((IEventTable)table, calls, "Add", "Change", "Delete")),
            ["get_Webhooks"] = (table, _) => BuggyParts.Webhooks(bug, (IWebhookTable)table),
        };

    public void Asked(string delivery) => asked.Add(delivery);

    public void Acknowledged(string delivery, string eventId) => Require(
        eventOf.GetValueOrDefault(delivery) == eventId,
        $"{delivery} was accepted as {Short(eventId)}, and is {Short(eventOf.GetValueOrDefault(delivery))}");

    /// <summary>The program outside is called.</summary>
    public int Called(LifeSupport support, OutsideRequest request)
    {
        var told = Read(request.Body);
        world.Note($"{support.Actor.Name} tells {told.Type} of {Short(told.EventId)} as {Short(request.Id)}");
        Require(
            callbacks.TryGetValue(told, out var id) && id == request.Id,
            $"{told.Type} of {Short(told.EventId)} is told as {Short(request.Id)}, and is {Short(id)}");
        heard.Add(request.Id);
        return 204;
    }

    public void Committed(IReadOnlyList<TableCall> calls)
    {
        var ended = new List<string>();
        var owed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in calls.Where(call => call.Table == nameof(IEventTable)))
        {
            switch (call.Method)
            {
                case "Add":
                    Add((AsyncEvent)call.Arguments[0]!, owed);
                    break;
                case "Change" when (EventState)call.Arguments[1]! == EventState.Dead:
                    ended.Add(((AsyncEvent)call.Arguments[0]!).Id);
                    dead.Add(ended[^1]);
                    break;
                case "Delete":
                    ended.Add((string)call.Arguments[0]!);
                    break;
            }
        }

        foreach (var id in ended.Where(live.Remove))
        {
            world.Note($"- {Short(id)}");
            Require(
                toldBy.ContainsKey(id) || owed.Contains(id),
                $"{Short(id)} ended, and whoever wanted to know of it is not told");
        }
    }

    /// <summary>After everything came to its end.</summary>
    public void CheckEnd()
    {
        Require(live.Count == 0, $"{live.Count} events have no end");
        foreach (var (told, id) in callbacks)
        {
            Require(
                heard.Contains(id) || dead.Contains(id), $"{told.Type} of {Short(told.EventId)} was told to nobody");
        }
    }

    private void Add(AsyncEvent added, HashSet<string> owed)
    {
        live.Add(added.Id);
        var body = Encoding.UTF8.GetString(added.Payload.Span);
        if (added.Target.Kind == DeliveryTargetKind.Callback)
        {
            var told = Read(body);
            world.Note($"+ {Short(added.Id)} tells {told.Type} of {Short(told.EventId)}");
            Require(callbacks.TryAdd(told, added.Id), $"{told.Type} of {Short(told.EventId)} is told twice");
            toldBy[added.Id] = told;
            owed.Add(told.EventId);
            return;
        }

        using var document = JsonDocument.Parse(body);
        var delivery = document.RootElement.GetProperty("delivery").GetString()!;
        world.Note($"+ {Short(added.Id)} of {delivery}");
        Require(asked.Contains(delivery), $"nobody sent {delivery}");
        Require(eventOf.TryAdd(delivery, added.Id), $"{delivery} made two events");
    }

    private static (string EventId, string Type) Read(string body)
    {
        using var document = JsonDocument.Parse(body);
        return (
            document.RootElement.GetProperty("data").GetProperty("eventId").GetString()!,
            document.RootElement.GetProperty("type").GetString()!);
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Break(otherwise);
        }
    }

    private static string Short(string? id) => id is { Length: > 6 } ? id[^6..] : id ?? "none";
}
