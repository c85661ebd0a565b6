using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>A schedule as the server describes it.</summary>
internal sealed record ScheduleEntry
{
    public string Group { get; init; } = "";

    public string Name { get; init; } = "";

    public string Arn { get; init; } = "";

    public string Expression { get; init; } = "";

    public string Zone { get; init; } = "";

    public string State { get; init; } = "";

    public string Target { get; init; } = "";

    public DateTimeOffset? StartAt { get; init; }

    public DateTimeOffset? EndAt { get; init; }

    public int? WindowMinutes { get; init; }

    public int? Runs { get; init; }

    public string Misfire { get; init; } = "";

    public string Overlap { get; init; } = "";

    public long Fired { get; init; }

    public DateTimeOffset? LastAt { get; init; }

    public long MissedCount { get; init; }

    public int Held { get; init; }

    /// <summary>Times of occurrences that wait for the one before to end.</summary>
    public List<DateTimeOffset>? Waiting { get; init; }

    public List<DateTimeOffset> Next { get; init; } = [];

    public List<MissedEntry>? Missed { get; init; }
}

internal sealed record UpcomingEntry
{
    public string Group { get; init; } = "";

    public string Name { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

/// <summary>Occurrences in a row that did not fire.</summary>
internal sealed record MissedEntry
{
    public string Group { get; init; } = "";

    public string Name { get; init; } = "";

    public DateTimeOffset FirstAt { get; init; }

    public DateTimeOffset LastAt { get; init; }

    public long Count { get; init; }

    public string Reason { get; init; } = "";

    public string? Detail { get; init; }
}

internal sealed record SchedulesAnswer
{
    public List<ScheduleEntry> Schedules { get; init; } = [];

    public List<UpcomingEntry> Upcoming { get; init; } = [];

    public List<MissedEntry> Missed { get; init; } = [];

    public bool IsComplete { get; init; } = true;
}

internal sealed record ScheduleRun
{
    public string Id { get; init; } = "";
}

/// <summary>What is absent is as in a new schedule.</summary>
internal sealed record PutScheduleCall
{
    public required string Expression { get; init; }

    public string? Zone { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public DateTimeOffset? EndAt { get; init; }

    public int? WindowMinutes { get; init; }

    public bool Enabled { get; init; } = true;

    public string? Function { get; init; }

    public string? Queue { get; init; }

    public string? StateMachine { get; init; }

    public string? Input { get; init; }

    public string? MessageGroup { get; init; }

    public string? DeadLetterQueue { get; init; }

    public int? Retries { get; init; }

    public string? Description { get; init; }

    public bool DeleteWhenOver { get; init; }

    public int? Runs { get; init; }

    public string? Misfire { get; init; }

    public string? Overlap { get; init; }

    public bool MustBeNew { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PutScheduleCall))]
[JsonSerializable(typeof(ScheduleEntry))]
[JsonSerializable(typeof(SchedulesAnswer))]
[JsonSerializable(typeof(ScheduleRun))]
internal sealed partial class ScheduleJson : JsonSerializerContext;

/// <summary>Schedules: one method, one operation.</summary>
internal sealed class ScheduleApi(ServerClient server)
{
    public Task<SchedulesAnswer> ListAsync(CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Get, "/v1/schedules"), ScheduleJson.Default.SchedulesAnswer, cancellation);

    public Task<ScheduleEntry> GetAsync(string group, string name, CancellationToken cancellation) => NamedAsync(
        name,
        () => server.SendAsync(
            new ServerRequest(HttpMethod.Get, PathOf(group, name)), ScheduleJson.Default.ScheduleEntry, cancellation),
        cancellation);

    public Task<ScheduleEntry> PutAsync(
        string group, string name, PutScheduleCall call, CancellationToken cancellation) => server.SendAsync(
            new ServerRequest(HttpMethod.Put, PathOf(group, name))
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(call, ScheduleJson.Default.PutScheduleCall),
            },
            ScheduleJson.Default.ScheduleEntry,
            cancellation);

    /// <param name="verb">pause or resume.</param>
    public Task<ScheduleEntry> SwitchAsync(
        string group, string name, string verb, CancellationToken cancellation) => NamedAsync(
            name,
            () => server.SendAsync(
                new ServerRequest(HttpMethod.Post, $"{PathOf(group, name)}/{verb}"),
                ScheduleJson.Default.ScheduleEntry,
                cancellation),
            cancellation);

    /// <returns>The id under which it was handed over.</returns>
    public async Task<string> RunAsync(string group, string name, CancellationToken cancellation) =>
        (await NamedAsync(
            name,
            () => server.SendAsync(
                new ServerRequest(HttpMethod.Post, $"{PathOf(group, name)}/run"),
                ScheduleJson.Default.ScheduleRun,
                cancellation),
            cancellation)).Id;

    public Task DeleteAsync(string group, string name, CancellationToken cancellation) => NamedAsync(
        name,
        async () =>
        {
            var path = $"/schedules/{Uri.EscapeDataString(name)}?groupName={Uri.EscapeDataString(group)}";
            using var response = await server.SendAsync(
                new ServerRequest(HttpMethod.Delete, path) { Service = "scheduler" }, cancellation);
            return true;
        },
        cancellation);

    /// <summary>Adds "did you mean" to a call that names a schedule which is not there.</summary>
    private async Task<T> NamedAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (CommandFailedException failed) when (failed.Failure.Exit == ExitCode.NotFound)
        {
            throw new CommandFailedException(failed.Failure with
            {
                Message = failed.Failure.Message.TrimEnd('.') + "." + await QuestionAsync(name, cancellation),
                Hint = "lambent ls schedules",
            });
        }
    }

    private async Task<string> QuestionAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var answer = await ListAsync(cancellation);
            return Spelling.Question(name, answer.Schedules.Select(schedule => schedule.Name));
        }
        catch (CommandFailedException)
        {
            // The first failure is the one to report; without the list there is only no suggestion.
            return "";
        }
    }

    private static string PathOf(string group, string name) =>
        $"/v1/schedules/{Uri.EscapeDataString(group)}/{Uri.EscapeDataString(name)}";
}
