using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Packages;
using Lambent.Server.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

/// <summary>Stored calls and errors by the native API; what needs a function is in the tests end to end.</summary>
public sealed class InvocationOperationsTests(ITestOutputHelper output)
{
    private const string Answer = """{"errorType":"Broken","errorMessage":"no 17","trace":["    at go (/x.js:1:2)"]}""";

    [Fact]
    public async Task Calls_areListedAndShown()
    {
        await using var server = await StartAsync();
        Record(server, "r1", "{\"id\":1}", "{\"ok\":true}", OutcomeKind.Success);
        Record(server, "r2", "text", Answer, OutcomeKind.HandlerError);

        var listed = (await server.SendAsync("GET", "/v1/invocations?outcome=failed")).Json;
        listed["invocations"]!.AsArray().Count.ShouldBe(1);
        var failed = listed["invocations"]![0]!;
        ((string)failed["id"]!, (string)failed["outcome"]!, (bool)failed["isStored"]!).ShouldBe(("r2", "error", true));

        var shown = (await server.SendAsync("GET", "/v1/invocations/r2")).Json;
        ((string)shown["input"]!["text"]!).ShouldBe("text");
        ((string)shown["errorGroup"]!).ShouldBe((string)failed["errorGroup"]!);
        ((string)shown["cameFrom"]!).ShouldBe("orders");
        ((int)(await server.SendAsync("GET", "/v1/invocations/r1")).Json["input"]!["json"]!["id"]!).ShouldBe(1);
        (await server.SendAsync("GET", "/v1/invocations?request=r1")).Json["invocations"]!.AsArray().Count.ShouldBe(1);
        ((long)failed["billedMilliseconds"]!).ShouldBeGreaterThan(0);
        (await server.SendAsync("GET", "/v1/invocations?cold=true")).Json["invocations"]!.AsArray().ShouldBeEmpty();
        (await server.SendAsync("GET", "/v1/invocations?cold=false&outcome=failed&function=f")).Json["invocations"]!
            .AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("outcome=odd", "outcome")]
    [InlineData("origin=odd", "origin")]
    [InlineData("cold=odd", "cold")]
    [InlineData("since=odd", "since")]
    [InlineData("min-duration=-1", "min-duration")]
    public async Task WrongParameters_areNamed(string query, string field)
    {
        await using var server = await StartAsync();
        (await server.SendAsync("GET", $"/v1/invocations?{query}"))
            .ShouldFail(400, ErrorCode.ValidationFailed, field);
    }

    [Fact]
    public async Task Errors_areListedShownResolvedAndOpened()
    {
        await using var server = await StartAsync();
        Record(server, "r1", "{}", Answer, OutcomeKind.HandlerError);
        var listed = (await server.SendAsync("GET", "/v1/errors?hours=6")).Json;
        listed["hours"]!.AsArray().Count.ShouldBe(6);
        var id = (string)listed["errors"]![0]!["id"]!;
        listed["errors"]![0]!["counts"]!.AsArray().Count.ShouldBe(6);

        var shown = (await server.SendAsync("GET", $"/v1/errors/{id}")).Json;
        ((string)shown["samples"]![0]!["requestId"]!).ShouldBe("r1");
        ((string)shown["frames"]![0]!["function"]!).ShouldBe("go");

        var resolved = (await server.SendAsync("POST", $"/v1/errors/{id}/resolve", """{"version":"f:3"}""")).Json;
        ((string)resolved["error"]!["status"]!).ShouldBe("resolved");
        ((string)resolved["error"]!["resolvedIn"]!).ShouldBe("f:3");
        (await server.SendAsync("GET", "/v1/errors?status=open")).Json["errors"]!.AsArray().Count.ShouldBe(0);
        ((string)(await server.SendAsync("POST", $"/v1/errors/{id}/reopen")).Json["error"]!["status"]!)
            .ShouldBe("open");
        ((string)(await server.SendAsync("POST", $"/v1/errors/{id}/ignore")).Json["error"]!["status"]!)
            .ShouldBe("ignored");
        (await server.SendAsync("POST", $"/v1/errors/{id}/resolve", """{"version":"odd"}"""))
            .ShouldFail(400, ErrorCode.ValidationFailed, "version");
        (await server.SendAsync("GET", "/v1/errors?status=odd")).ShouldFail(400, ErrorCode.ValidationFailed, "status");
    }

    [Fact]
    public async Task Account_seesNothingOfAnother()
    {
        await using var server = await StartAsync();
        Record(server, "r1", "{}", Answer, OutcomeKind.HandlerError);
        var id = (string)(await server.SendAsync("GET", "/v1/errors")).Json["errors"]![0]!["id"]!;
        const string Other = NativeServer.Tenant;
        (await server.SendAsync("GET", "/v1/errors", caller: Other)).Json["errors"]!.AsArray().ShouldBeEmpty();
        (await server.SendAsync("GET", "/v1/invocations", caller: Other)).Json["invocations"]!.AsArray()
            .ShouldBeEmpty();
        foreach (var (method, path) in (IEnumerable<(string, string)>)
        [
            ("GET", "/v1/invocations/r1"), ("GET", $"/v1/errors/{id}"), ("POST", $"/v1/errors/{id}/resolve"),
            ("POST", $"/v1/errors/{id}/ignore"), ("POST", $"/v1/errors/{id}/reopen"),
        ])
        {
            (await server.SendAsync(method, path, caller: Other)).ShouldFail(404, ErrorCode.ResourceNotFound, "id");
        }

        (await server.SendAsync("GET", "/v1/invocations?request=r1", caller: Other)).Json["invocations"]!.AsArray()
            .ShouldBeEmpty();
        (await server.SendAsync("GET", $"/v1/invocations?error={id}", caller: Other)).Json["invocations"]!.AsArray()
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData(CallKeepingMode.All, 1_000, 1_000)]
    [InlineData(CallKeepingMode.Failed, 1_000, 0)]
    [InlineData(CallKeepingMode.None, 1_000, 0)]
    [InlineData(CallKeepingMode.Sampled, 1_000, 110)]
    public void Keeper_copiesWhatItsModeSays(CallKeepingMode mode, int calls, int most)
    {
        var keeper = new CallKeeper(new CallKeeping { Mode = mode });
        var kept = 0;
        for (var call = 0; call < calls; call++)
        {
            using var outcome = InvocationOutcome.Owned(OutcomeKind.Success, []);
            outcome.Duration = TimeSpan.FromMilliseconds(1);
            using var copy = keeper.Take(Specification, Call("r", "{}"), outcome, DateTimeOffset.UnixEpoch);
            kept += copy is null ? 0 : 1;
        }

        kept.ShouldBeInRange(mode == CallKeepingMode.Sampled ? 100 : most, most);
        using var failed = InvocationOutcome.Owned(OutcomeKind.HandlerError, Encoding.UTF8.GetBytes(Answer));
        using var error = keeper.Take(Specification, Call("r", "{}"), failed, DateTimeOffset.UnixEpoch);
        error.ShouldNotBeNull().IsKept.ShouldBe(mode != CallKeepingMode.None);
        error.HasOutput.ShouldBeTrue();
    }

    [Fact]
    public void Keeper_allocatesNothingForACallThatItDoesNotCopy()
    {
        const int Calls = 1_000_000;
        var keeper = new CallKeeper(new CallKeeping());
        var call = Call("r", "{}");
        using var outcome = InvocationOutcome.Owned(OutcomeKind.Success, []);
        outcome.Duration = TimeSpan.FromMilliseconds(1);
        for (var warm = 0; warm < 20_000; warm++)
        {
            keeper.Take(Specification, call, outcome, DateTimeOffset.UnixEpoch)?.Dispose();
        }

        var kept = 0;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var made = 0; made < Calls; made++)
        {
            kept += keeper.Take(Specification, call, outcome, DateTimeOffset.UnixEpoch) is null ? 0 : 1;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        kept.ShouldBe(0);
        allocated.ShouldBe(0);
        output.WriteLine($"{watch.Elapsed.TotalNanoseconds / Calls:0} ns a call");
    }

    private static EnvironmentSpecification Specification { get; } = new()
    {
        Function = new FunctionId(AccountId.Parse("000000000000"), "f"),
        Version = "1",
        Arn = "arn:aws:lambda:us-east-1:000000000000:function:f",
        Runtime = Runtimes.All["nodejs22.x"],
        Handler = "index.handler",
        Code = new PackageReference("", 1),
        MemoryMegabytes = 128,
        EphemeralStorageMegabytes = 512,
        Timeout = TimeSpan.FromSeconds(3),
        LogGroup = "/aws/lambda/f",
        RevisionId = "1",
    };

    private static Invocation Call(string request, string input) => new()
    {
        RequestId = request, InvokedArn = Specification.Arn, Payload = Encoding.UTF8.GetBytes(input),
    };

    private static Task<NativeServer> StartAsync() => NativeServer.StartAsync();

    private static void Record(NativeServer server, string id, string input, string output, OutcomeKind kind)
    {
        using var outcome = InvocationOutcome.Owned(kind, Encoding.UTF8.GetBytes(output));
        server.Telemetry.Record(new InvocationRecord
        {
            RequestId = id,
            Function = Specification.Function,
            Version = "1",
            EnvironmentId = "e",
            StartedAt = TimeProvider.System.GetUtcNow(),
            Duration = TimeSpan.FromMilliseconds(3),
            Outcome = kind,
            MemoryMegabytes = 128,
            MaxMemoryUsedMegabytes = 20,
            Source = "queue",
            CameFrom = "orders",
            Copy = CallCopy.Take(Specification, Call(id, input), outcome, 65_536, isKept: true),
        });
    }
}
