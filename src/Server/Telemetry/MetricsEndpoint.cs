using System.Globalization;
using System.Text;
using Lambent.Kernel.Events;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Insight;
using Lambent.Storage.Sqlite;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Telemetry;

/// <summary>
/// GET /metrics in the Prometheus text format, version 0.0.4. Sums over all accounts; names in labels only for the
/// operator, who has the token of the data folder.
/// </summary>
internal sealed class MetricsEndpoint(
    CallMeter meter,
    EnvironmentPool pool,
    Dispatcher dispatcher,
    ProvisionedEnvironments provisioned,
    FunctionDirectory directory,
    EventControl events,
    SqliteStore store,
    Func<QueueTotals> queues,
    LogMetrics logs)
{
    /// <summary>Adds figures with names, for those who may see them.</summary>
    public Action<HttpContext, StringBuilder>? DescribeNamed { get; set; }

    public Task ServeAsync(HttpContext http)
    {
        var text = new StringBuilder();
        Describe(text, "lambent_invocations_total", "counter", "Calls by how they ended.");
        foreach (var kind in Enum.GetValues<OutcomeKind>())
        {
            Sample(text, "lambent_invocations_total", $"outcome=\"{kind}\"", meter.Calls(kind));
        }

        Describe(text, "lambent_cold_starts_total", "counter", "Calls that waited for a new environment.");
        Sample(text, "lambent_cold_starts_total", null, meter.ColdStarts);
        Describe(text, "lambent_handler_seconds_total", "counter", "Time spent in handlers.");
        Sample(text, "lambent_handler_seconds_total", null, meter.HandlerSeconds);
        Describe(text, "lambent_phase_seconds_total", "counter", "Time that calls spent before their handlers.");
        foreach (var (phase, seconds) in meter.PhaseSeconds())
        {
            Sample(text, "lambent_phase_seconds_total", $"phase=\"{phase}\"", seconds);
        }

        Describe(text, "lambent_invocations_in_flight", "gauge", "Calls running now.");
        Sample(text, "lambent_invocations_in_flight", null, dispatcher.InFlight);
        Describe(text, "lambent_environments", "gauge", "Execution environments by state.");
        var states = pool.Describe().CountBy(environment => environment.State).ToDictionary();
        foreach (var state in Enum.GetValues<EnvironmentState>())
        {
            Sample(text, "lambent_environments", $"state=\"{state}\"", states.GetValueOrDefault(state));
        }

        Describe(text, "lambent_environments_waiting", "gauge", "Environments started ahead, without a function yet.");
        var waiting = pool.WaitingCounts;
        Sample(text, "lambent_environments_waiting", null, waiting.Count);
        Describe(text, "lambent_environments_wanted", "gauge", "Environments that are to wait, by what is expected.");
        Sample(text, "lambent_environments_wanted", null, waiting.Wanted);
        DescribeProvisioned(text);
        DescribeEvents(text);
        DescribeQueues(text);
        Describe(text, "lambent_functions", "gauge", "Deployed functions.");
        Sample(text, "lambent_functions", null, directory.All().Count());
        logs.Describe(text);
        DescribeProcess(text);
        DescribeNamed?.Invoke(http, text);

        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    /// <summary>
    /// What the server itself takes: divided by what it did meanwhile, the figures that do not depend on how busy the
    /// machine is.
    /// </summary>
    private void DescribeProcess(StringBuilder text)
    {
        Describe(text, "process_cpu_seconds_total", "counter", "Processor time of the server, without its functions.");
        Sample(text, "process_cpu_seconds_total", null, Environment.CpuUsage.TotalTime.TotalSeconds);
        Describe(text, "process_resident_memory_bytes", "gauge", "Memory of the server, without its functions.");
        Sample(text, "process_resident_memory_bytes", null, Environment.WorkingSet);
        Describe(text, "lambent_allocated_bytes_total", "counter", "Memory that the server allocated and gave back.");
        Sample(text, "lambent_allocated_bytes_total", null, GC.GetTotalAllocatedBytes());
        Describe(text, "lambent_store_commits_total", "counter", "Commits that were made durable.");
        Sample(text, "lambent_store_commits_total", null, store.CommitCount);
        Describe(text, "lambent_store_writes_total", "counter", "Writes that those commits made durable together.");
        Sample(text, "lambent_store_writes_total", null, store.WriteCount);
    }

    private void DescribeEvents(StringBuilder text)
    {
        Describe(text, "lambent_events", "gauge", "Events by state.");
        var totals = events.Totals();
        var running = events.RunningCount;
        Sample(text, "lambent_events", "state=\"running\"", running);
        Sample(
            text, "lambent_events", "state=\"ready\"",
            Math.Max(0, totals.GetValueOrDefault(EventState.Ready) - running));
        Sample(text, "lambent_events", "state=\"waiting\"", totals.GetValueOrDefault(EventState.Waiting));
        Sample(text, "lambent_events", "state=\"dead\"", totals.GetValueOrDefault(EventState.Dead));
        Describe(text, "lambent_events_accepted_total", "counter", "Events accepted.");
        Sample(text, "lambent_events_accepted_total", null, events.Meter.AcceptedCount);
        Describe(text, "lambent_event_attempts_total", "counter", "Attempts to deliver an event.");
        Sample(text, "lambent_event_attempts_total", null, events.Meter.AttemptCount);
        Describe(text, "lambent_events_ended_total", "counter", "Events by how they ended.");
        foreach (var end in Enum.GetValues<EventEnd>())
        {
            Sample(text, "lambent_events_ended_total", $"end=\"{end}\"", events.Meter.CountOf(end));
        }
    }

    private void DescribeQueues(StringBuilder text)
    {
        var totals = queues();
        Describe(text, "lambent_queues", "gauge", "Queues.");
        Sample(text, "lambent_queues", null, totals.Queues);
        const string Messages = "lambent_queue_messages";
        Describe(text, Messages, "gauge", "Messages in queues by state, counted every ten seconds.");
        Sample(text, Messages, "state=\"visible\"", totals.Counts.Visible);
        Sample(text, Messages, "state=\"in_flight\"", totals.Counts.InFlight);
        Sample(text, Messages, "state=\"delayed\"", totals.Counts.Delayed);
        const string Oldest = "lambent_queue_oldest_message_seconds";
        Describe(text, Oldest, "gauge", "Age of the oldest message of all queues.");
        Sample(text, Oldest, null, totals.OldestAge.TotalSeconds);
        const string Sent = "lambent_queue_messages_sent_total";
        Describe(text, Sent, "counter", "Messages that came into queues.");
        Sample(text, Sent, null, totals.Figures.Sent);
        const string Received = "lambent_queue_messages_received_total";
        Describe(text, Received, "counter", "Messages that were handed out.");
        Sample(text, Received, null, totals.Figures.Received);
        const string Deleted = "lambent_queue_messages_deleted_total";
        Describe(text, Deleted, "counter", "Messages that were deleted because they were worked off.");
        Sample(text, Deleted, null, totals.Figures.Deleted);
        const string Empty = "lambent_queue_empty_receives_total";
        Describe(text, Empty, "counter", "Receives that found nothing.");
        Sample(text, Empty, null, totals.Figures.EmptyReceives);
    }

    private void DescribeProvisioned(StringBuilder text)
    {
        const string Calls = "lambent_provisioned_invocations_total";
        Describe(text, Calls, "counter", "Calls in provisioned environments.");
        Sample(text, Calls, null, meter.Uses(EnvironmentUse.Provisioned));
        const string SpillOvers = "lambent_provisioned_spillover_invocations_total";
        Describe(text, SpillOvers, "counter", "Calls that found all provisioned environments busy or not ready.");
        Sample(text, SpillOvers, null, meter.Uses(EnvironmentUse.SpillOver));
        var (allocated, available) = provisioned.Totals();
        const string Allocated = "lambent_provisioned_environments_allocated";
        Describe(text, Allocated, "gauge", "Provisioned environments, ready or being started.");
        Sample(text, Allocated, null, allocated);
        const string Available = "lambent_provisioned_environments_available";
        Describe(text, Available, "gauge", "Provisioned environments that are ready, busy or not.");
        Sample(text, Available, null, available);
    }

    public static void Describe(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    public static void Sample(StringBuilder text, string name, string? label, double value)
    {
        text.Append(name);
        if (label is not null)
        {
            text.Append('{').Append(label).Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
