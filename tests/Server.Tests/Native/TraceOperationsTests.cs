using System.Diagnostics;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Server.Native;
using Lambent.Server.Telemetry;
using Lambent.Storage.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

/// <summary>Lists of traces page on the server, and show an account its own.</summary>
public sealed class TraceOperationsTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-traces-");
    private readonly TelemetryStore store;

    public TraceOperationsTests() => store = TelemetryStore.Open(
        new TelemetryOptions
        {
            Path = Path.Combine(folder.FullName, "telemetry.db"),
            RecordsPerSecond = int.MaxValue,
            QueuedItemsMax = 4_000_000,
            QueuedBytesMax = long.MaxValue / 4,
        },
        TimeProvider.System);

    public void Dispose()
    {
        store.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task List_pages_without_repeating_or_leaving_out()
    {
        await using var server = await StartAsync();
        await RecordAsync(120, callsPerTrace: 3);
        var (seen, cursor) = (new List<string>(), default(string));
        do
        {
            var page = await server.SendAsync(
                "GET", "/v1/traces?limit=50" + (cursor is null ? "" : $"&cursor={cursor}"));
            page.Json["traces"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(50);
            seen.AddRange(page.Json["traces"]!.AsArray().Select(trace => (string)trace!["traceId"]!));
            cursor = (string?)page.Json["next"];
        }
        while (cursor is not null);
        seen.Count.ShouldBe(120);
        seen.Distinct().Count().ShouldBe(120);
    }

    [Fact]
    public async Task List_is_narrowed_by_function_error_and_duration()
    {
        await using var server = await StartAsync();
        await RecordAsync(40, callsPerTrace: 3);
        (await ListAsync(server, "function=f1")).Count.ShouldBe(40);
        (await ListAsync(server, "function=none")).ShouldBeEmpty();
        var failed = await ListAsync(server, "errors=true");
        failed.Count.ShouldBe(4);
        failed.ShouldAllBe(trace => (string)trace!["status"]! == "error");
        (await ListAsync(server, "min-duration=5000")).ShouldBeEmpty();
        (await ListAsync(server, "since=2026-11-22T12:00:39Z")).Count.ShouldBe(1);
        var page = await server.SendAsync("GET", "/v1/traces", caller: NativeServer.Tenant, json: null);
        page.Json["traces"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task List_of_what_is_rare_ends_soon_and_says_how_far_it_looked()
    {
        await using var server = await StartAsync();
        await RecordAsync(2_500, callsPerTrace: 1);
        var first = (await server.SendAsync("GET", "/v1/traces?min-duration=100000")).Json;
        first["traces"]!.AsArray().ShouldBeEmpty();
        first["lookedBackTo"]!.GetValue<DateTimeOffset>().ShouldBe(Noon.AddSeconds(500));
        var last = (await server.SendAsync("GET", $"/v1/traces?min-duration=100000&cursor={first["next"]}")).Json;
        last["next"].ShouldBeNull();
        last["lookedBackTo"]!.GetValue<DateTimeOffset>().ShouldBe(Noon);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("min-duration=soon", "min-duration")]
    [InlineData("since=never", "since")]
    [InlineData("cursor=xyz", "pageToken")]
    public async Task Wrong_parameter_is_named(string query, string field)
    {
        await using var server = await StartAsync();
        var answer = await server.SendAsync("GET", $"/v1/traces?{query}");
        ((int)answer.Status).ShouldBe(400);
        ((string)answer.Json["error"]!["field"]!).ShouldBe(field);
    }

    [Fact]
    public async Task Trace_is_found_by_either_form_of_its_id_and_by_a_request()
    {
        await using var server = await StartAsync();
        await RecordAsync(1, callsPerTrace: 2);
        var listed = (await ListAsync(server, "")).Single()!;
        var id = (string)listed["traceId"]!;
        foreach (var named in new[] { id, $"1-{id[..8]}-{id[8..]}", (string)listed["requestId"]! })
        {
            var found = await server.SendAsync("GET", $"/v1/traces/{named}");
            ((string)found.Json["traceId"]!).ShouldBe(id, named);
            found.Json["spans"]!.AsArray().Count(span => (string)span!["origin"]! == "call").ShouldBe(2);
            var foreign = await server.SendAsync("GET", $"/v1/traces/{named}", caller: NativeServer.Tenant, json: null);
            ((int)foreign.Status).ShouldBe(404);
        }

        var foreignArn = "arn:aws:states:us-east-1:111122223334:execution:a:b";
        foreach (var wrong in new[] { "none", new string('0', 32), "1-2-3", foreignArn })
        {
            ((int)(await server.SendAsync("GET", $"/v1/traces/{wrong}")).Status).ShouldBe(404, wrong);
        }
    }

    [Fact(Explicit = true)]
    public async Task Million_calls_are_listed_and_found_within_a_second()
    {
        await using var server = await StartAsync();
        await RecordAsync(250_000, callsPerTrace: 4);
        foreach (var query in new[] { "", "function=f2", "errors=true", "min-duration=1", "min-duration=100000" })
        {
            var started = Stopwatch.GetTimestamp();
            var listed = await ListAsync(server, query);
            var took = Stopwatch.GetElapsedTime(started);
            Console.WriteLine($"list {query}: {listed.Count} in {took.TotalMilliseconds} ms");
            took.ShouldBeLessThan(TimeSpan.FromSeconds(1), query);
        }

        var id = (string)(await ListAsync(server, "limit=1")).Single()!["traceId"]!;
        var from = Stopwatch.GetTimestamp();
        await server.SendAsync("GET", $"/v1/traces/{id}");
        Console.WriteLine($"find: {Stopwatch.GetElapsedTime(from).TotalMilliseconds} ms");
    }

    private Task<NativeServer> StartAsync() => NativeServer.StartAsync((endpoints, application) =>
    {
        // No executions are among these traces, so nobody is asked for them.
        var book = new TraceBook(store, null!, null!, "us-east-1", TimeProvider.System);
        new TraceOperations(book, new ReleaseComparison(store.Traces), store, TimeProvider.System)
            .Map(endpoints, application);
    });

    private static async Task<JsonArray> ListAsync(NativeServer server, string query) =>
        (await server.SendAsync("GET", $"/v1/traces?{query}")).Json["traces"]!.AsArray();

    /// <summary>Traces a second apart; the first call of each begins it, the others follow by 100 ms.</summary>
    private async Task RecordAsync(int traces, int callsPerTrace)
    {
        for (var trace = 0; trace < traces; trace++)
        {
            var at = Noon.AddSeconds(trace);
            TraceId? id = null;
            for (var call = 0; call < callsPerTrace; call++)
            {
                var requestId = Guid.CreateVersion7(at).ToString();
                if (id is null && TraceId.TryOfRequest(requestId, out var own))
                {
                    id = own;
                }

                store.Record(new InvocationRecord
                {
                    RequestId = requestId,
                    Function = new FunctionId(AccountId.Root, $"f{call}"),
                    Version = "$LATEST",
                    EnvironmentId = "e",
                    StartedAt = at.AddMilliseconds(100 * call),
                    Duration = TimeSpan.FromMilliseconds(50),
                    Outcome = trace % 10 == 0 && call == 1 ? OutcomeKind.HandlerError : OutcomeKind.Success,
                    MemoryMegabytes = 128,
                    MaxMemoryUsedMegabytes = 20,
                    Source = "invoke",
                    Trace = new CallTrace(
                        new TraceContext(id!.Value, (ulong)call, true), ((ulong)trace * 10) + (ulong)call + 1),
                });
            }
        }

        await store.FlushAsync();
    }
}
