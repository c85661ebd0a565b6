using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>An execution by its names.</summary>
internal sealed record ExecutionName(string Machine, string Name)
{
    private const string Hint = "lambent ls executions";

    public override string ToString() => $"{Machine}/{Name}";

    /// <summary>Reads MACHINE/NAME or an execution's ARN.</summary>
    public static ExecutionName Read(string text)
    {
        var parts = text.Split(':', 8);
        return parts is
            ["arn", _, "states", _, _, "execution" or "express", { Length: > 0 } machine, { Length: > 0 } of]
                ? new ExecutionName(machine, of)
            : text.Split('/', 2) is [{ Length: > 0 } before, { Length: > 0 } name] ? new ExecutionName(before, name)
            : throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                $"'{text}' names no execution: it is MACHINE/NAME or an ARN.",
                Hint);
    }
}

/// <summary>Executions of state machines: one method, one operation.</summary>
internal sealed class ExecutionApi(ServerClient server)
{
    private const string Path = "/v1/executions";
    private const int PageMax = 1_000;
    private const int WaitMax = 60;

    /// <summary>How long the server works at a part of many, and then some.</summary>
    private static readonly TimeSpan BulkPatience = TimeSpan.FromSeconds(100);

    public async Task<List<MachineEntry>> MachinesAsync(CancellationToken cancellation)
    {
        var machines = new List<MachineEntry>();
        string? after = null;
        do
        {
            var query = after is null ? "" : $"?after={Escape(after)}";
            var page = await server.SendAsync(
                new ServerRequest(HttpMethod.Get, $"/v1/machines{query}"),
                ExecutionJson.Default.MachinePage,
                cancellation);
            machines.AddRange(page.Machines);
            after = page.Next;
        }
        while (after is not null);
        return machines;
    }

    public async Task<List<ExecutionEntry>> ListAsync(
        string? machine, string? status, IReadOnlyList<string> where, int limit, CancellationToken cancellation)
    {
        var found = new List<ExecutionEntry>();
        string? after = null;
        do
        {
            var query = string.Join('&', new[]
            {
                machine is null ? null : $"machine={Escape(machine)}",
                status is null ? null : $"status={Escape(status)}",
                after is null ? null : $"after={Escape(after)}",
                $"limit={Math.Clamp(limit - found.Count, 1, PageMax)}",
            }.Concat(where.Select(condition => $"where={Escape(condition)}")).Where(part => part is not null));
            var page = await server.SendAsync(
                new ServerRequest(HttpMethod.Get, $"{Path}?{query}"),
                ExecutionJson.Default.ExecutionPage,
                cancellation);
            found.AddRange(page.Executions);
            after = page.Next;
        }
        while (after is not null && found.Count < limit);
        return found;
    }

    public Task<ExecutionEntry> GetAsync(ExecutionName name, int waitSeconds, CancellationToken cancellation) =>
        CallAsync(
            name,
            new ServerRequest(HttpMethod.Get, $"{PathOf(name)}?wait={waitSeconds}"),
            ExecutionJson.Default.ExecutionEntry,
            cancellation);

    /// <summary>The execution when it has ended, or as it is when the time is over. When it is waited for, one that
    /// goes on as a new one leads to that.</summary>
    /// <param name="name">Which.</param>
    /// <param name="most">How long; null is for as long as it takes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<ExecutionEntry> WaitAsync(
        ExecutionName name, TimeSpan? most, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var left = most - time.GetElapsedTime(began);
            var seconds = left is { } rest ? (int)Math.Clamp(Math.Ceiling(rest.TotalSeconds), 0, WaitMax) : WaitMax;
            var found = await GetAsync(name, seconds, cancellation);
            if (found.ContinuedAs is { } next && most != TimeSpan.Zero)
            {
                name = ExecutionName.Read(next);
                continue;
            }

            if (found.HasEnded || left <= TimeSpan.FromSeconds(seconds))
            {
                return found;
            }
        }
    }

    /// <summary>Iterations of its distributed Maps, the latest first.</summary>
    public async Task<List<IterationEntry>> IterationsAsync(
        ExecutionName name, string? status, int limit, CancellationToken cancellation)
    {
        var found = new List<IterationEntry>();
        long? after = int.MaxValue;
        while (after is not null && found.Count < limit)
        {
            var query = $"after={after}&limit={Math.Min(PageMax, limit - found.Count)}"
                + (status is null ? "" : $"&status={Escape(status)}");
            var page = await CallAsync(
                name,
                new ServerRequest(HttpMethod.Get, $"{PathOf(name)}/iterations?{query}"),
                ExecutionJson.Default.IterationPage,
                cancellation);
            found.AddRange(page.Iterations);
            after = page.Next;
        }

        return found;
    }

    public async Task<List<JournalEntry>> JournalAsync(
        ExecutionName name, int limit, CancellationToken cancellation)
    {
        var events = new List<JournalEntry>();
        long? from = 1;
        while (from is not null && events.Count < limit)
        {
            var size = Math.Min(PageMax, limit - events.Count);
            var page = await CallAsync(
                name,
                new ServerRequest(HttpMethod.Get, $"{PathOf(name)}/journal?from={from}&limit={size}"),
                ExecutionJson.Default.JournalPage,
                cancellation);
            events.AddRange(page.Events);
            from = page.Next;
        }

        return events;
    }

    /// <summary>The timeline with all rows, or the first <paramref name="limit"/>.</summary>
    public async Task<TimelineEntry> TimelineAsync(ExecutionName name, int limit, CancellationToken cancellation)
    {
        TimelineEntry? timeline = null;
        int? from = 0;
        while (from is not null && (timeline is null || timeline.Rows.Count < limit))
        {
            var size = Math.Min(PageMax, limit - (timeline?.Rows.Count ?? 0));
            var page = await CallAsync(
                name,
                new ServerRequest(HttpMethod.Get, $"{PathOf(name)}/timeline?from={from}&limit={size}"),
                ExecutionJson.Default.TimelineEntry,
                cancellation);
            timeline = timeline is null ? page : page with { Rows = [.. timeline.Rows, .. page.Rows] };
            from = page.Next;
        }

        return timeline!;
    }

    /// <param name="verb">pause, resume or redrive.</param>
    public Task<ExecutionEntry> ChangeAsync(ExecutionName name, string verb, CancellationToken cancellation) =>
        CallAsync(
            name,
            new ServerRequest(HttpMethod.Post, $"{PathOf(name)}/{verb}"),
            ExecutionJson.Default.ExecutionEntry,
            cancellation);

    public Task<ExecutionEntry> StopAsync(ExecutionName name, StopCall call, CancellationToken cancellation) =>
        CallAsync(
            name,
            Post($"{PathOf(name)}/stop", call, ExecutionJson.Default.StopCall),
            ExecutionJson.Default.ExecutionEntry,
            cancellation);

    public Task<ExecutionEntry> SkipAsync(ExecutionName name, SkipCall call, CancellationToken cancellation) =>
        CallAsync(
            name,
            Post($"{PathOf(name)}/skip", call, ExecutionJson.Default.SkipCall),
            ExecutionJson.Default.ExecutionEntry,
            cancellation);

    /// <param name="name">The execution.</param>
    /// <param name="sent">The event's name.</param>
    /// <param name="data">JSON that comes with it.</param>
    /// <param name="key">By which it is known again when it is sent twice, or null.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<SentEventEntry> SignalAsync(
        ExecutionName name, string sent, JsonElement data, string? key, CancellationToken cancellation) =>
        CallAsync(
            name,
            new ServerRequest(HttpMethod.Post, $"{PathOf(name)}/events/{Escape(sent)}")
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(data, ExecutionJson.Default.JsonElement),
                Headers = key is null ? [] : [KeyValuePair.Create("X-Lambent-Idempotency-Key", key)],
            },
            ExecutionJson.Default.SentEventEntry,
            cancellation);

    /// <param name="verb">stop or redrive.</param>
    /// <param name="wish">To which.</param>
    /// <param name="cancellation">Ends it; what was done stays done.</param>
    public async Task<BulkReport> ChangeManyAsync(string verb, BulkCall wish, CancellationToken cancellation)
    {
        var (changed, refused) = (0, 0);
        while (true)
        {
            var call = wish with { Count = wish.Count - changed };
            var done = await server.SendAsync(
                Post($"{Path}/{verb}", call, ExecutionJson.Default.BulkCall) with { Patience = BulkPatience },
                ExecutionJson.Default.BulkReport,
                cancellation);
            (changed, refused) = (changed + done.Changed, refused + done.Refused);
            if (done.Next is null || changed >= wish.Count)
            {
                return new BulkReport(changed, refused, done.Next);
            }

            wish = wish with { After = done.Next };
        }
    }

    /// <summary>The machine of a name, which may have a version or an alias behind it.</summary>
    public async Task<MachineEntry> FindMachineAsync(string named, CancellationToken cancellation)
    {
        var known = await MachinesAsync(cancellation);
        return known.Find(entry => entry.Name == named.Split(':')[0])
            ?? throw new CommandFailedException(
                ExitCode.NotFound,
                "StateMachineNotFound",
                $"There is no state machine '{named}'." + Spelling.Question(named, known.Select(entry => entry.Name)),
                "lambent ls machines");
    }

    /// <param name="machine">A name, or an ARN with a version or an alias.</param>
    /// <param name="name">Of the execution, or null.</param>
    /// <param name="input">JSON.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<ExecutionName> StartAsync(
        string machine, string? name, string input, CancellationToken cancellation)
    {
        var arn = machine.StartsWith("arn:", StringComparison.Ordinal)
            ? machine
            : $"{(await FindMachineAsync(machine, cancellation)).Arn}{machine[machine.Split(':')[0].Length..]}";
        var request = Post("/", new StartCall(arn, name, input), ExecutionJson.Default.StartCall) with
        {
            ContentType = "application/x-amz-json-1.0",
            Headers = [KeyValuePair.Create("X-Amz-Target", "AWSStepFunctions.StartExecution")],
            Service = "states",
        };
        var started = await server.SendAsync(request, ExecutionJson.Default.StartedEntry, cancellation);
        return ExecutionName.Read(started.ExecutionArn);
    }

    /// <summary>Adds "did you mean" to a call that names an execution which is not there.</summary>
    private async Task<T> CallAsync<T>(
        ExecutionName name, ServerRequest request, JsonTypeInfo<T> shape, CancellationToken cancellation)
    {
        try
        {
            return await server.SendAsync(request, shape, cancellation);
        }
        catch (CommandFailedException failed) when (failed.Failure.Exit == ExitCode.NotFound)
        {
            throw new CommandFailedException(failed.Failure with
            {
                Message = failed.Failure.Message.TrimEnd('.') + "." + await QuestionAsync(name, cancellation),
                Hint = "lambent ls executions",
            });
        }
    }

    private async Task<string> QuestionAsync(ExecutionName name, CancellationToken cancellation)
    {
        try
        {
            var latest = await ListAsync(null, null, [], PageMax, cancellation);
            return Spelling.Question($"{name}", latest.Select(entry => $"{entry.Machine}/{entry.Name}"));
        }
        catch (CommandFailedException)
        {
            // The first failure is the one to report; without the list there is only no suggestion.
            return "";
        }
    }

    private static ServerRequest Post<T>(string path, T call, JsonTypeInfo<T> shape) =>
        new(HttpMethod.Post, path) { Body = JsonSerializer.SerializeToUtf8Bytes(call, shape) };

    private static string PathOf(ExecutionName name) => $"{Path}/{Escape(name.Machine)}/{Escape(name.Name)}";

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
