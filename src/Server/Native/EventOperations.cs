using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Server.Delivery;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// /v1/events: asynchronous events, which AWS has no call for. GET lists or shows one (wait=SECONDS waits for its end),
/// DELETE cancels, POST /v1/events/redrive sends dead ones again, POST /v1/events/{id}/redrive one of them, GET
/// /v1/lines tells how the lines stand.
/// </summary>
internal sealed class EventOperations(EventControl events, TelemetryStore telemetry, string region)
{
    private const int WaitSecondsMax = 60;
    private const int ListDefault = 50;
    private const int ListMax = 1_000;
    private const double RateMin = 0.01;
    private const double RateMax = 10_000;

    private static readonly Dictionary<string, EventState> States = new(StringComparer.Ordinal)
    {
        ["delayed"] = EventState.Waiting,
        ["retrying"] = EventState.Waiting,
        ["waiting"] = EventState.Ready,
        ["running"] = EventState.Ready,
        ["dead"] = EventState.Dead,
    };

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/events", ListAsync);
        endpoints.Map(routes, "POST", "/v1/events/redrive", RedriveAsync);
        endpoints.Map(routes, "GET", "/v1/events/{id}", GetAsync);
        endpoints.Map(routes, "DELETE", "/v1/events/{id}", CancelAsync);
        endpoints.Map(routes, "POST", "/v1/events/{id}/redrive", RedriveOneAsync);
        endpoints.Map(routes, "GET", "/v1/lines", LinesAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var query = http.Request.Query;
        var name = (string?)query["state"];
        EventState? state = null;
        if (name is not null)
        {
            if (!States.TryGetValue(name, out var known))
            {
                return Invalid("state", $"must be one of {string.Join(", ", States.Keys)}");
            }

            state = known;
        }

        if (Number(query, "limit", ListDefault, 1, ListMax).Failed(out var limit, out var tooMany))
        {
            return tooMany;
        }

        var lane = (string?)query["function"] is { Length: > 0 } function
            ? LaneOf(principal.Account, function).Key
            : null;
        var page = events.List(principal.Account, lane, state, (string?)query["after"] ?? "", limit);
        var answers = page.Select(Describe).Where(answer => name is null || answer.State == name);
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new EventsAnswer([.. answers], page.Count == limit ? page[^1].Event.Id : null),
            NativeJson.Default.EventsAnswer);
        return null;
    }

    private async Task<Error?> GetAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Number(http.Request.Query, "wait", 0, 0, WaitSecondsMax).Failed(out var seconds, out var tooLong))
        {
            return tooLong;
        }

        var id = Id(http);
        var found = await events.WaitAsync(
            principal.Account, id, TimeSpan.FromSeconds(seconds), http.RequestAborted);
        if (found.Failed(out var view, out var missing))
        {
            return await RecordedAsync(principal.Account, id) is { } recorded
                ? await WriteAsync(http, recorded)
                : missing;
        }

        return await WriteAsync(http, Describe(view));
    }

    private async Task<Error?> CancelAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var cancelled = await events.CancelAsync(principal.Account, Id(http), http.RequestAborted);
        return cancelled.Failed(out var view, out var refused) ? refused : await WriteAsync(http, Describe(view));
    }

    private async Task<Error?> RedriveAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (NativeEndpoints.Read(body, NativeJson.Default.RedriveRequest).Failed(out var request, out var unreadable))
        {
            return unreadable;
        }

        if (string.IsNullOrEmpty(request.Function))
        {
            return Invalid("function", "is missing: the name of the function whose dead events are sent again");
        }

        if (request.Count is < 1 or > EventControl.RedriveMax)
        {
            return Invalid("count", $"must be from 1 to {EventControl.RedriveMax}");
        }

        if (request.PerSecond is { } rate && !(rate is >= RateMin and <= RateMax))
        {
            return Invalid("perSecond", $"must be from {RateMin} to {RateMax}");
        }

        var sent = await events.RedriveAsync(
            principal.Account,
            DeliveryTarget.OfFunction(new FunctionId(principal.Account, request.Function)),
            request.Count ?? EventControl.RedriveMax,
            request.PerSecond,
            http.RequestAborted);
        if (sent.Failed(out var count, out var refused))
        {
            return refused;
        }

        await NativeEndpoints.WriteAsync(http, 200, new RedriveAnswer(count), NativeJson.Default.RedriveAnswer);
        return null;
    }

    private async Task<Error?> RedriveOneAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var sent = await events.RedriveAsync(principal.Account, Id(http), http.RequestAborted);
        return sent.Failed(out var view, out var refused) ? refused : await WriteAsync(http, Describe(view));
    }

    private async Task<Error?> LinesAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var counts = events.Counts(principal.Account).ToLookup(count => count.Lane);
        var lanes = counts.Select(group => group.Key)
            .Union(events.RecentLanes.Where(lane => lane.Account == principal.Account))
            .OrderBy(lane => lane.Key, StringComparer.Ordinal);
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new LanesAnswer([.. lanes.Select(lane => Describe(lane, [.. counts[lane]]))]),
            NativeJson.Default.LanesAnswer);
        return null;
    }

    private LaneAnswer Describe(EventLane lane, IReadOnlyList<LaneCount> counts)
    {
        var view = events.Describe(lane);
        var ready = Count(EventState.Ready);
        var oldest = counts.Where(count => count.State == EventState.Ready).Select(count => count.FirstDueAt)
            .DefaultIfEmpty().Min();
        return new LaneAnswer
        {
            Line = lane.Key,
            Waiting = Math.Max(0, ready - view.RunningCount),
            Running = view.RunningCount,
            Delayed = Count(EventState.Waiting),
            Dead = Count(EventState.Dead),
            OldestSeconds = oldest == default ? null : Math.Max(0, (view.Now - oldest).TotalSeconds),
            ArrivalsPerSecond = Math.Round(view.Figures.ArrivalsPerSecond, 2),
            EndsPerSecond = Math.Round(view.Figures.EndsPerSecond, 2),
            AttemptMilliseconds = Math.Round(view.Figures.AttemptTime.TotalMilliseconds, 2),
            Concurrency = view.Concurrency,
            Why = ready > view.RunningCount ? EventReasons.Why(view) : null,
        };

        long Count(EventState state) => counts.Where(count => count.State == state).Sum(count => count.Count);
    }

    private EventAnswer Describe(EventView view) => view.Ended is { } ended
        ? EventAnswer.From(ended, region)
        : EventAnswer.From(view.Pending!, view.IsRunning, events.Describe(view.Pending!.Event.Lane), region);

    private EventAnswer Describe(StoredEvent stored) =>
        EventAnswer.From(stored, events.IsRunning(stored), events.Describe(stored.Event.Lane), region);

    /// <summary>An event that ended well and whose result nobody asked for is known by its calls.</summary>
    private async Task<EventAnswer?> RecordedAsync(AccountId account, string id)
    {
        await telemetry.FlushAsync();
        var calls = telemetry.ListInvocations(new TelemetryQuery { Account = account, RequestId = id });
        if (calls.Failed(out var page, out _) || page.Items.Count == 0)
        {
            return null;
        }

        var last = page.Items.MaxBy(call => call.StartedAt)!;
        return new EventAnswer
        {
            Id = id,
            State = last.Outcome == OutcomeKind.Success ? "succeeded" : "failed",
            Target = DeliveryTarget.OfFunction(last.Function).Arn(region),
            AcceptedAt = page.Items.Min(call => call.StartedAt),
            EndedAt = last.StartedAt + last.Duration,
            Attempts = page.Items.Count,
        };
    }

    private static async Task<Error?> WriteAsync(HttpContext http, EventAnswer answer)
    {
        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.EventAnswer);
        return null;
    }

    private static EventLane LaneOf(AccountId account, string function) =>
        EventLane.Of(DeliveryTarget.OfFunction(new FunctionId(account, function)));

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static Result<int> Number(IQueryCollection query, string name, int standard, int least, int most)
    {
        if ((string?)query[name] is not { } text)
        {
            return standard;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : Invalid(name, $"must be a whole number from {least} to {most}");
    }

    private static Error Invalid(string field, string rule) =>
        new(ErrorCode.InvalidParameter, $"{field} {rule}.", field);
}
