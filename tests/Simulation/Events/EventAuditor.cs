using System.Runtime.InteropServices;
using System.Text.Json;
using Lambent.Kernel.Events;
using Lambent.Kernel.Leases;
using Lambent.Kernel.Queues;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Events;

/// <summary>
/// Knows every event from the committed writes, from what ran, and from what clients asked and were told, and breaks
/// the world when these do not fit.
/// </summary>
internal sealed class EventAuditor(World world)
{
    private readonly Dictionary<string, Known> events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Id, string Payload)> keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> redrivesAsked = new(StringComparer.Ordinal);
    private Lease? lease;

    /// <summary>Times that another life got the right to deliver.</summary>
    public int LeaseChanges { get; private set; }

    /// <summary>Events that are neither dead nor at their end.</summary>
    public int LiveCount => events.Values.Count(known => known.Stored is { State: not EventState.Dead });

    public int Count => events.Count;

    public string? Holder => lease?.Holder;

    public static IReadOnlyDictionary<string, ObserveTable> Observed(PlantedBug bug)
    {
        var remembered = new Dictionary<string, StoredEvent>(StringComparer.Ordinal);
        return new Dictionary<string, ObserveTable>
        {
            ["get_Events"] = (table, calls) => BuggyParts.Events(
                bug, MessageAuditor.Watch((IEventTable)table, calls, "Add", "Change", "Delete"), remembered),
            ["get_EventResults"] = (table, calls) => MessageAuditor.Watch((IEventResultTable)table, calls, "Put"),
            ["get_EventKeys"] = (table, calls) => MessageAuditor.Watch((IEventKeyTable)table, calls, "Put"),
            ["get_Leases"] = (table, calls) => MessageAuditor.Watch((ILeaseTable)table, calls, "Put"),
            ["get_Messages"] = (table, calls) =>
                BuggyParts.Letters(bug, MessageAuditor.Watch((IMessageTable)table, calls, "Add")),
        };
    }

    // What clients asked and were told.

    public void AcceptAsked(AsyncEvent accepted, DeliverySettings settings) =>
        events.TryAdd(accepted.Id, new Known(accepted, settings));

    public void Accepted(string id)
    {
        var known = events[id];
        known.IsAcknowledged = true;
        Require(known.WasStored, $"{Short(id)} was accepted, and is not on the disk");
    }

    /// <summary>Two sends under one key must have made one event, and one with other content none.</summary>
    public void KeyAccepted(string key, string id, string payload)
    {
        var first = keys.TryAdd(key, (id, payload)) ? (id, payload) : keys[key];
        Require(first.Item1 == id, $"the key {key} made {Short(first.Item1)} and {Short(id)}");
        Require(first.Item2 == payload, $"the key {key} was taken for something else");
    }

    public void CancelAsked(string id) => events[id].IsCancelAsked = true;

    public void CancelAcknowledged(string id) => Require(
        events[id].Stored is null or { Event.IsCancelled: true } or { State: EventState.Dead },
        $"{Short(id)} was cancelled, and waits still");

    public void RedriveAsked(DeliveryTarget target) => redrivesAsked.Add(target.Name);

    // What ran.

    public void AttemptBegins(string life, AsyncEvent attempted)
    {
        var known = Of(attempted.Id);
        world.Note($"{life} runs {Short(attempted.Id)} attempt {attempted.Attempts + 1}");
        Require(known.RunningIn.Add(life), $"{Short(attempted.Id)} runs twice at the same time in {life}");
        Require(known.Asked.Payload.Span.SequenceEqual(attempted.Payload.Span), "another payload was delivered");
        known.Runs++;
        if (life == lease?.Holder)
        {
            // Another node may have taken a cancelled one away.
            Require(
                known.IsCancelAsked || known.Stored is { State: not EventState.Dead },
                $"{Short(attempted.Id)} is attempted after its end by the life that delivers");
        }
    }

    public void AttemptEnds(string life, AsyncEvent attempted, bool succeeded)
    {
        world.Note($"{life} {(succeeded ? "ran" : "failed")} {Short(attempted.Id)}");
        var known = Of(attempted.Id);
        known.RunningIn.Remove(life);
        known.Successes += succeeded ? 1 : 0;
        known.Failures += succeeded ? 0 : 1;
    }

    // What was committed.

    public void Committed(Machine<EventParts> machine, IReadOnlyList<TableCall> calls)
    {
        var touched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in calls)
        {
            switch (call.Table, call.Method)
            {
                case (nameof(ILeaseTable), "Put"):
                    PutLease((Lease)call.Arguments[0]!);
                    break;
                case (nameof(IEventTable), "Add"):
                    Add((AsyncEvent)call.Arguments[0]!, (EventState)call.Arguments[1]!);
                    break;
                case (nameof(IEventTable), "Change"):
                    Change(machine.LifeName, (AsyncEvent)call.Arguments[0]!, (EventState)call.Arguments[1]!);
                    break;
                case (nameof(IEventTable), "Delete"):
                    touched.Add((string)call.Arguments[0]!);
                    break;
                case (nameof(IMessageTable), "Add"):
                    AddMessage((MessageContent)call.Arguments[2]!);
                    break;
                case (nameof(IEventResultTable), "Put"):
                    AddResult((EventResult)call.Arguments[0]!);
                    break;
            }
        }

        foreach (var id in touched)
        {
            Delete(machine.LifeName, id);
        }
    }

    /// <summary>After everything came to its end.</summary>
    /// <param name="lives">Lives that servers had: each may have lost what it ran.</param>
    public void CheckEnd(int lives)
    {
        foreach (var (id, known) in events.Where(known => known.Value.WasStored))
        {
            Require(
                known.Stored is null or { State: EventState.Dead }, $"{Short(id)} was accepted and has no end");
            Require(known.Ends <= 1 + known.Redrives, $"{Short(id)} ended {known.Ends} times");
            CheckRuns(id, known, lives);
        }

        foreach (var (id, known) in events.Where(known => known.Value.IsAcknowledged))
        {
            Require(known.Ends + known.Deaths > 0, $"{Short(id)} was accepted and is lost");
        }

        var left = world.Disk.Read(transaction => transaction.Events.Count());
        Require(left == events.Values.Count(known => known.Stored is not null), $"the disk has {left} events");
    }

    private void CheckRuns(string id, Known known, int lives)
    {
        var allowed = ((known.Settings.RetriesMax + 1) * (1 + known.Redrives)) + (lives - 1) + LeaseChanges;
        Require(known.Runs <= allowed, $"{Short(id)} ran {known.Runs} times, at most {allowed}");
    }

    private void PutLease(Lease taken)
    {
        Require(lease is null || taken.Epoch >= lease.Epoch, $"the epoch went back to {taken.Epoch}");
        if (lease?.Holder != taken.Holder)
        {
            Require(lease is null || taken.Epoch > lease.Epoch, "two lives have the same epoch");
            LeaseChanges += lease is null ? 0 : 1;
            world.Note($"{taken.Holder} delivers, epoch {taken.Epoch}");
        }

        lease = taken;
    }

    private void Add(AsyncEvent added, EventState state)
    {
        var known = Of(added.Id);
        Require(!known.WasStored, $"{Short(added.Id)} was added twice");
        known.WasStored = true;
        known.Stored = new StoredEvent(added, state);
        world.Note($"+ {Short(added.Id)} for {added.Target.Name} {state}");
    }

    private void Change(string life, AsyncEvent changed, EventState state)
    {
        var known = Of(changed.Id);
        if (known.Stored is not { } before)
        {
            world.Break($"{Short(changed.Id)} was changed after its end");
            return;
        }

        world.Note($"~ {Short(changed.Id)} {state} after {changed.Attempts}");
        known.Stored = new StoredEvent(changed, state);
        if (before.State == EventState.Dead && state == EventState.Waiting)
        {
            Require(redrivesAsked.Contains(changed.Target.Name), $"{Short(changed.Id)} rose from the dead by itself");
            known.Redrives++;
            return;
        }

        if (changed.IsCancelled && !before.Event.IsCancelled)
        {
            Require(known.IsCancelAsked, $"{Short(changed.Id)} was cancelled by nobody");
            return;
        }

        CheckHolder(life, changed.Id);
        Require(
            changed.Attempts <= before.Event.Attempts + 1 && changed.Attempts >= before.Event.Attempts,
            $"the attempts of {Short(changed.Id)} went from {before.Event.Attempts} to {changed.Attempts}");
        Require(
            changed.Attempts <= known.Settings.RetriesMax + 1,
            $"{Short(changed.Id)} was attempted {changed.Attempts} times");
        Require(changed.Attempts <= known.Runs, $"{Short(changed.Id)} counts attempts that were not made");
        if (state == EventState.Dead)
        {
            known.Deaths++;
        }
    }

    private void Delete(string life, string id)
    {
        var known = Of(id);
        if (known.Stored is not { } before)
        {
            // Nothing was there, and the statement says so: whoever asked finds that it was late.
            return;
        }

        known.Stored = null;
        known.Ends++;
        var isHandedOn = known.Records + known.Letters > known.EndsHandedOn;
        known.EndsHandedOn = known.Records + known.Letters;
        world.Note($"- {Short(id)}");
        Require(
            known.Successes > 0 || known.IsCancelAsked || isHandedOn,
            $"{Short(id)} went away, did not succeed, and was handed on to nobody");
        Require(before.State != EventState.Dead || known.IsCancelAsked, $"{Short(id)} ended after it was dead");
        if (!known.IsCancelAsked)
        {
            CheckHolder(life, id);
        }
    }

    /// <summary>A node that was replaced without knowing it changes nothing any more.</summary>
    private void CheckHolder(string life, string id) => Require(
        lease?.Holder == life, $"{Short(id)} was settled by {life}, and {lease?.Holder} delivers");

    /// <summary>Records of destinations tell the event; dead letters carry its id as an attribute.</summary>
    private void AddMessage(MessageContent content)
    {
        if (content.Attributes.TryGetValue("RequestID", out var of))
        {
            var known = Of(of.Text!);
            known.Letters++;
            Require(known.Letters <= 1 + known.Redrives, $"{Short(of.Text!)} has {known.Letters} dead letters");
            return;
        }

        using var record = JsonDocument.Parse(content.Body);
        var context = record.RootElement.GetProperty("requestContext");
        var id = context.GetProperty("requestId").GetString()!;
        var told = Of(id);
        told.Records++;
        Require(told.Records <= 1 + told.Redrives, $"{Short(id)} has {told.Records} records at its destination");
        var isSuccess = context.GetProperty("condition").GetString() == "Success";
        Require(!isSuccess || told.Successes > 0, $"{Short(id)} is told as a success, which it was not");
        world.Note($"record of {Short(id)} {(isSuccess ? "success" : "failure")}");
    }

    private void AddResult(EventResult result)
    {
        var known = Of(result.Id);
        known.Results++;
        var ends = 1 + known.Redrives + (known.IsCancelAsked ? 1 : 0);
        Require(known.Results <= ends, $"{Short(result.Id)} has {known.Results} results, of {ends} ends");
        Require(
            result.End != EventEnd.Succeeded || known.Successes > 0,
            $"the result of {Short(result.Id)} is a success, which it was not");
    }

    private Known Of(string id)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(events, id, out var exists);
        if (!exists)
        {
            known = new Known(null!, DeliverySettings.Default);
            world.Break($"nobody sent {id}");
        }

        return known!;
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Break(otherwise);
        }
    }

    private static string Short(string id) => id[^6..];

    private sealed class Known(AsyncEvent asked, DeliverySettings settings)
    {
        public AsyncEvent Asked => asked;

        public DeliverySettings Settings => settings;

        public bool IsAcknowledged { get; set; }

        public bool WasStored { get; set; }

        /// <summary>As it is on the disk; null before and after.</summary>
        public StoredEvent? Stored { get; set; }

        public bool IsCancelAsked { get; set; }

        public HashSet<string> RunningIn { get; } = new(StringComparer.Ordinal);

        public int Runs { get; set; }

        public int Successes { get; set; }

        public int Failures { get; set; }

        public int Redrives { get; set; }

        public int Ends { get; set; }

        public int Deaths { get; set; }

        public int Records { get; set; }

        public int Letters { get; set; }

        public int Results { get; set; }

        public int EndsHandedOn { get; set; }
    }
}
